"""JSON documents as text and as files; a file is replaced whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TypeVar, overload

from community_ops.errors import InvalidDocument, Problem
from community_ops.kernel import codec
from community_ops.kernel.codec import DOCUMENT_LIMIT, STRING_LIMIT
from community_ops.kernel.model import Model
from community_ops.operating_model import OperatingModel

M = TypeVar("M", bound=Model)


@overload
def loads(text: str, *, string_limit: int = ..., document_limit: int = ...) -> OperatingModel: ...
@overload
def loads(text: str, model: type[M], *, string_limit: int = ..., document_limit: int = ...) -> M: ...
def loads(
    text: str,
    model: type[Model] = OperatingModel,
    *,
    string_limit: int = STRING_LIMIT,
    document_limit: int = DOCUMENT_LIMIT,
) -> Model:
    """Read a model from JSON text.

    Args:
        text: the document; a byte-order mark is ignored.
        model: the class of model to read, which names the schema.
        string_limit: the longest text a field may hold, in characters.
        document_limit: the longest document, in characters.

    Raises:
        InvalidDocument: with everything that is wrong with it, each with a code and a JSON pointer.

    Example:
        >>> loads('{"format": "community-ops", "version": 1, "units": [{"id": "hq", "name": "HQ"}]}')
        <OperatingModel: 1 unit>
    """
    return codec.loads(text, model, string_limit=string_limit, document_limit=document_limit)


@overload
def load(path: str | os.PathLike[str], *, string_limit: int = ..., document_limit: int = ...) -> OperatingModel: ...
@overload
def load(path: str | os.PathLike[str], model: type[M], *, string_limit: int = ..., document_limit: int = ...) -> M: ...
def load(
    path: str | os.PathLike[str],
    model: type[Model] = OperatingModel,
    *,
    string_limit: int = STRING_LIMIT,
    document_limit: int = DOCUMENT_LIMIT,
) -> Model:
    """Read a model from a JSON file in UTF-8; arguments and errors as in `loads`.

    Raises:
        OSError: the file cannot be read.
        InvalidDocument: it is no valid document, or not UTF-8.
    """
    with open(path, "rb") as file:
        # A character takes at most four bytes; more than that is over the limit whatever it says.
        data = file.read(4 * document_limit + 1)
    if len(data) > 4 * document_limit:
        raise InvalidDocument(
            [Problem("too-large", "", f"the file is over the limit of {document_limit:,} characters")]
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}"
        raise InvalidDocument([Problem("bad-encoding", "", message)]) from None
    del data
    return codec.loads(text, model, string_limit=string_limit, document_limit=document_limit)


def dumps(model: Model) -> str:
    """Return a model as JSON text: deterministic, one record a line, so that versions compare well.

    Fields that hold their default are left out; `loads` gives an equal model back.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> loads(dumps(OperatingModel.of(Unit(id="hq", name="HQ")))).units["hq"].name
        'HQ'
    """
    return codec.dumps(model)


def dump(model: Model, path: str | os.PathLike[str]) -> None:
    """Write a model to a JSON file, atomically: whatever happens, the file holds the old document or the new one.

    The document is written to a temporary file beside the target and takes its place in one step, so the directory
    must be writable; symbolic links are followed and permissions kept.

    Raises:
        OSError: the file cannot be written; the old one is whole.
    """
    target = Path(os.path.realpath(path))
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(codec.lines(model))
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
