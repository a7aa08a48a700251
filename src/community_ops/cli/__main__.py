"""Lets `python -m community_ops.cli` be the command, where the script is not on the path."""

from __future__ import annotations

import sys

from community_ops.cli import main

if __name__ == "__main__":
    sys.exit(main())
