"""Files as a whole: read with their digest, replaced whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from attrs import frozen

from community_ops.errors import InvalidDocument, Problem
from community_ops.io.places import Lines, digest_of
from community_ops.kernel.provenance import Location


@frozen
class FileText:
    """What stood in a file.

    Attributes:
        name: the file's name as it was given.
        text: its text, with its byte-order mark if it has one.
        digest: a digest of its bytes; None where it cannot be read a second time, as a pipe cannot.
    """

    name: str
    text: str
    digest: bytes | None


def read_text(path: str | os.PathLike[str], document_limit: int) -> FileText:
    """Read a file in UTF-8.

    Raises:
        OSError: the file cannot be read.
        InvalidDocument: it is over the limit of characters, or not UTF-8.
    """
    name = os.fsdecode(path)
    with open(path, "rb") as file:
        # A character takes at most four bytes; more than that is over the limit whatever it says.
        data = file.read(4 * document_limit + 1)
        lasting = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    if len(data) > 4 * document_limit:
        message = f"the file is over the limit of {document_limit:,} characters"
        raise InvalidDocument([Problem("too-large", "", message, Location(name))])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}"
        before = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        place = Lines(before).location(name, len(before))
        raise InvalidDocument([Problem("bad-encoding", "", message, place)]) from None
    return FileText(name, text, digest_of(data) if lasting else None)


def write_whole(path: str | os.PathLike[str], pieces: Iterable[str]) -> None:
    """Write a text file atomically: whatever happens, it holds the old text or the new one.

    The text is written to a temporary file beside the target and takes its place in one step, so the directory must
    be writable; symbolic links are followed and permissions kept.

    Raises:
        OSError: the file cannot be written; the old one is whole.
    """
    target = Path(os.path.realpath(path))
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _mode(target))
        os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    _sync_directory(target.parent)


def _mode(target: Path) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync_directory(directory: Path) -> None:
    # Makes the new name survive a power cut; systems without directory descriptors do without.
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
