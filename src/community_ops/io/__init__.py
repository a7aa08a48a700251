"""Documents in and out: JSON here; other formats come as extras."""

from community_ops.io.documents import dump, dumps, load, loads

__all__ = ["dump", "dumps", "load", "loads"]
