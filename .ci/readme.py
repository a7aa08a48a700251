"""Prints a command the README gives: the ```sh block under `<!-- NAME -->`.

Usage: python3 .ci/readme.py NAME [README]

CI runs what a reader would copy, so the two cannot drift apart.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path


def command(name: str, text: str) -> str:
    """Return the shell block that stands directly under the named marker.

    Args:
        name: the marker, such as `test-command`.
        text: the README.

    Raises:
        LookupError: there is no such block, or more than one.
    """
    block = rf"^<!-- {re.escape(name)} -->\n+```sh\n(.*?)^```$"
    blocks: list[str] = re.findall(block, text, re.MULTILINE | re.DOTALL)
    if len(blocks) != 1:
        raise LookupError(f"README: {len(blocks)} ```sh blocks directly under <!-- {name} -->, expected one")
    return blocks[0].strip()


if __name__ == "__main__":
    readme = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parent.parent / "README.md"
    try:
        print(command(sys.argv[1], readme.read_text(encoding="utf-8")))
    except (LookupError, OSError) as error:
        sys.exit(str(error))
