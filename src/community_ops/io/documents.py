"""Documents as text, as files and as directories of files; a file is replaced whole or not at all."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, TypeVar, overload

from attrs import evolve

from community_ops.errors import InvalidDocument
from community_ops.io.files import read_text, write_whole
from community_ops.io.places import DocumentSource, FileSource, Lines, Places, TextSource, located
from community_ops.kernel import codec
from community_ops.kernel.codec import DOCUMENT_LIMIT, STRING_LIMIT
from community_ops.kernel.model import Model
from community_ops.operating_model import OperatingModel

if TYPE_CHECKING:
    from community_ops.kernel.provenance import Source

M = TypeVar("M", bound=Model)
Format = Literal["json", "yaml"]
Unknown = Literal["refuse", "keep"]


@overload
def loads(
    text: str,
    *,
    name: str | None = ...,
    format: Format = ...,
    string_limit: int = ...,
    document_limit: int = ...,
    unknown: Unknown = ...,
) -> OperatingModel: ...
@overload
def loads(
    text: str,
    model: type[M],
    *,
    name: str | None = ...,
    format: Format = ...,
    string_limit: int = ...,
    document_limit: int = ...,
    unknown: Unknown = ...,
) -> M: ...
def loads(
    text: str,
    model: type[Model] = OperatingModel,
    *,
    name: str | None = None,
    format: Format = "json",
    string_limit: int = STRING_LIMIT,
    document_limit: int = DOCUMENT_LIMIT,
    unknown: Unknown = "refuse",
) -> Model:
    """Read a model from text.

    Args:
        text: the document; a byte-order mark is ignored.
        model: the class of model to read, which names the schema.
        name: what to call the document where findings and errors name lines of it, such as `"<stdin>"`; the model
            keeps the text then. Without a name nothing is located.
        format: the language the text is written in; YAML needs the extra `yaml`.
        string_limit: the longest text a field may hold, in characters.
        document_limit: the longest document, in characters.
        unknown: what becomes of tables, and of fields of records, that the schema does not know: `"refuse"` makes
            them problems, `"keep"` keeps them in `model.provenance` for `dump` and `dumps` to write back.

    Raises:
        InvalidDocument: with everything that is wrong with it, each with a code and a JSON pointer.

    Example:
        >>> loads('{"format": "community-ops", "version": 1, "units": [{"id": "hq", "name": "HQ"}]}')
        <OperatingModel: 1 unit>
    """
    format = _known(format)
    source = None if name is None else TextSource(name, model, INDEXES[format], text)
    return _read(text, model, format, source, string_limit, document_limit, unknown)


@overload
def load(
    path: str | os.PathLike[str], *, string_limit: int = ..., document_limit: int = ..., unknown: Unknown = ...
) -> OperatingModel: ...
@overload
def load(
    path: str | os.PathLike[str],
    model: type[M],
    *,
    string_limit: int = ...,
    document_limit: int = ...,
    unknown: Unknown = ...,
) -> M: ...
def load(
    path: str | os.PathLike[str],
    model: type[Model] = OperatingModel,
    *,
    string_limit: int = STRING_LIMIT,
    document_limit: int = DOCUMENT_LIMIT,
    unknown: Unknown = "refuse",
) -> Model:
    """Read a model from a file in UTF-8, or from all documents below a directory; other arguments as in `loads`.

    A file whose name ends in `.yaml` or `.yml` is YAML, any other JSON. Findings and errors name lines of the file;
    it is read again when somebody asks for one.

    Raises:
        OSError: a file or directory cannot be read.
        InvalidDocument: it is no valid document, or not UTF-8.
    """
    if os.path.isdir(path):
        from community_ops.io.directories import load_directory  # noqa: PLC0415 - few models live in many files

        return load_directory(path, model, string_limit, document_limit, unknown)
    file = read_text(path, document_limit)
    format = format_of(path)
    source: DocumentSource
    if file.digest is None:
        source = TextSource(file.name, model, INDEXES[format], file.text)
    else:
        source = FileSource(file.name, model, INDEXES[format], file.digest)
    return _read(file.text, model, format, source, string_limit, document_limit, unknown)


def dumps(model: Model, *, format: Format = "json") -> str:
    """Return a model as text: deterministic, so that versions compare well; JSON has one record a line.

    Fields that hold their default are left out; `loads` gives an equal model back.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> loads(dumps(OperatingModel.of(Unit(id="hq", name="HQ")))).units["hq"].name
        'HQ'
    """
    if _known(format) == "yaml":
        from community_ops.io.yaml_writer import yaml_text  # noqa: PLC0415 - an extra

        return yaml_text(model)
    return codec.dumps(model)


def dump(
    model: Model,
    path: str | os.PathLike[str],
    *,
    by: Literal["kind", "unit"] | None = None,
    format: Format | None = None,
) -> None:
    """Write a model to a file, or to a directory of files, each atomically: it holds the old document or the new one.

    A file is YAML or JSON by its name, as in `load`. A YAML file that the model was read from keeps its comments, its
    order and its layout wherever nothing changed. A file is written beside the target and takes its place in one step,
    so the directory must be writable; symbolic links are followed and permissions kept.

    Args:
        model: the model to write.
        path: a file; or a directory, which is there already, or whose name ends in a slash, or which `by` asks for.
            Every record goes to the file of the directory it was read from.
        by: where records go that were read from no file of the directory: to one file a kind (also where it is left
            out), or to one file a unit.
        format: the language of new files in a directory; None for YAML where all files of the directory are, else
            JSON. A single file's name says what it is.

    Raises:
        OSError: a file cannot be written; the old one is whole.
    """
    if by is not None or os.path.isdir(path) or os.fsdecode(path).endswith(_SLASHES):
        from community_ops.io.layout import dump_directory  # noqa: PLC0415 - few models live in many files

        dump_directory(model, path, by or "kind", None if format is None else _known(format))
    elif format not in (None, format_of(path)):
        raise ValueError(f"{os.fsdecode(path)} is a name for {format_of(path)}, not for {format}")
    elif format_of(path) == "yaml":
        from community_ops.io.yaml_patch import yaml_file_text  # noqa: PLC0415 - an extra

        write_whole(path, [yaml_file_text(model, path)])
    else:
        write_whole(path, codec.lines(model))


# -- formats ----------------------------------------------------------------------------------------------------------

_SLASHES = ("/",) if os.sep == "/" else ("/", os.sep)


def _known(format: str) -> Format:
    if format in {"json", "yaml"}:
        return format  # type: ignore[return-value]
    raise ValueError(f"the formats are json and yaml, not {format!r}")


def format_of(path: str | os.PathLike[str]) -> Format:
    """Return the format a file is in, which its name says.

    Example:
        >>> format_of("model.yml"), format_of("model.json"), format_of("model")
        ('yaml', 'json', 'json')
    """
    return "yaml" if PurePath(os.fsdecode(path)).suffix.lower() in (".yaml", ".yml") else "json"


def _json_places(text: str) -> Places:
    from community_ops.io.json_places import JsonPlaces  # noqa: PLC0415 - when a place is asked for

    return JsonPlaces(text)


def _yaml_places(text: str) -> Places:
    from community_ops.io.yaml_nodes import YamlPlaces  # noqa: PLC0415 - an extra

    return YamlPlaces(text)


INDEXES = {"json": _json_places, "yaml": _yaml_places}


def _read(
    text: str,
    model: type[M],
    format: Format,
    source: DocumentSource | None,
    string_limit: int,
    document_limit: int,
    unknown: Unknown,
) -> M:
    try:
        if format == "yaml":
            from community_ops.io.yaml_reader import parse_yaml  # noqa: PLC0415 - an extra

            data = parse_yaml(text, model, document_limit)
            made = codec.from_data(data, model, string_limit=string_limit, unknown=unknown)
        else:
            made = codec.loads(text, model, string_limit=string_limit, document_limit=document_limit, unknown=unknown)
    except InvalidDocument as error:
        if source is None:
            raise
        raise with_places(error, source, text) from None
    return made if source is None else with_source(made, source)


def with_places(error: InvalidDocument, source: DocumentSource, text: str) -> InvalidDocument:
    """Return an error in which every problem says where in the text it stands."""
    offset = getattr(error.__context__, "pos", None)  # the parser's own error knows it
    if isinstance(offset, int):
        place = Lines(text.removeprefix("\ufeff")).location(source.file, offset)
        return InvalidDocument([problem.at(place) for problem in error.problems])
    return located(error.problems, source)


def with_source(model: M, source: Source) -> M:
    """Return a model that knows where it was read from."""
    return type(model)._of_tables(model._tables, model._memo, evolve(model.provenance, source=source))
