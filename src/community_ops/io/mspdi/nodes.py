"""The elements of an XML file as a tree that knows its lines; what XML can do to a reader is refused.

A document type, and with it every entity that could grow without bounds or name another file, ends the reading: no
program writes one into MSPDI. Elements are kept on a stack, so that depth costs no recursion, and depth is limited.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NoReturn
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import Locator

from community_ops.errors import InvalidDocument, MissingExtra, Problem
from community_ops.io.mspdi.words import NAMESPACE, NAMESPACES
from community_ops.kernel.provenance import Location

DEPTH = 64
_CHUNK = 1 << 16


class Node:
    """An element: its name without its namespace, the text directly in it, and the elements in it.

    Attributes:
        name: its name; with the namespace where that is another one than the document's.
        line: the line it starts on.
        text: its text.
        children: the elements in it.
    """

    __slots__ = ("children", "line", "name", "text")

    def __init__(self, name: str, line: int) -> None:
        """Begin an element."""
        self.name: str = name
        self.line: int = line
        self.text: str = ""
        self.children: list[Node] = []

    def first(self, name: str) -> Node | None:
        """Return the first element of a name; None where there is none."""
        for child in self.children:
            if child.name == name:
                return child
        return None

    def within(self, *names: str) -> Iterator[Node]:
        """Yield the elements that a path of names leads to."""
        found = [self]
        for name in names:
            found = [child for node in found for child in node.children if child.name == name]
        yield from found


def unusable(file: str, code: str, message: str, line: int | None = None, column: int | None = None) -> InvalidDocument:
    """Return the error of a file that cannot be read at all."""
    return InvalidDocument([Problem(code, "", message, Location(file, line, column))])


def project_of(path: str | os.PathLike[str], document_limit: int) -> Node:
    """Return the root of a file in MSPDI.

    Args:
        path: the file.
        document_limit: the longest file, in bytes.

    Raises:
        OSError: the file cannot be read.
        MissingExtra: defusedxml is not installed.
        InvalidDocument: it is over the limit, no XML, has a document type or entities, is nested too deeply, or its
            root is no project in the namespace of MSPDI.
    """
    name = os.fsdecode(path)
    with open(path, "rb") as file:
        data = file.read(document_limit + 1)
    if len(data) > document_limit:
        raise unusable(name, "too-large", f"the file is over the limit of {document_limit:,} bytes")
    root = parsed(data, name)
    if root.name != "Project":
        local = root.name.rpartition("}")[2]
        found = "no namespace or another" if local == "Project" else f"the element {local[:80]!r}"
        raise unusable(name, "not-mspdi", f"the root must be Project in {NAMESPACE!r}; it has {found}", root.line)
    return root


def parsed(data: bytes, name: str) -> Node:
    """Return the root of a text in XML; see `project_of`."""
    try:
        from defusedxml.common import DefusedXmlException  # noqa: PLC0415 - an extra
        from defusedxml.expatreader import create_parser  # noqa: PLC0415
    except ImportError:
        raise MissingExtra("defusedxml", "msproject") from None
    parser = create_parser(forbid_dtd=True)
    parser.setFeature(feature_namespaces, True)
    tree = _Tree(name)
    parser.setContentHandler(tree)
    tree.setDocumentLocator(parser)
    try:
        for at in range(0, len(data), _CHUNK):
            parser.feed(data[at : at + _CHUNK])
        parser.close()
    except DefusedXmlException:
        tree.refuse("forbidden-xml", "the file declares a document type or entities; none is read", tree.line())
    except SAXParseException as error:
        line, column = error.getLineNumber(), error.getColumnNumber()
        tree.refuse("bad-xml", f"this is no whole XML: {error.getMessage()}", line, column)
    except (SAXException, LookupError, ValueError) as error:  # an encoding nobody knows, or bytes that are none of it
        if isinstance(error, InvalidDocument):
            raise
        tree.refuse("bad-xml", f"this is no XML that can be read: {error}", None)
    if tree.root is None:  # an empty file, of which the parser says nothing
        tree.refuse("bad-xml", "the file is empty", None)
    return tree.root


class _Tree(ContentHandler):
    """Builds the tree of a file."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.root: Node | None = None
        self._file = file
        self._open: list[Node] = []
        self._texts: list[list[str]] = []
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - SAX calls it so
        self._locator = locator

    def line(self) -> int:
        line = self._locator.getLineNumber() if self._locator is not None else None
        return 1 if line is None else line

    def refuse(self, code: str, message: str, line: int | None, column: int | None = None) -> NoReturn:
        raise unusable(self._file, code, message, line, None if column is None else column + 1) from None

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802
        space, local = name
        node = Node(local if space in NAMESPACES else f"{{{space or ''}}}{local}", self.line())
        if len(self._open) == DEPTH:
            self.refuse("too-deep", f"elements are nested more than {DEPTH} deep", node.line)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)
        self._texts.append([])

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802
        node, texts = self._open.pop(), self._texts.pop()
        node.text = "".join(texts)

    def characters(self, content: str) -> None:
        self._texts[-1].append(content)
