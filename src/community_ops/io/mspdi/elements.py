"""Elements of MSPDI to write: built with ElementTree, so that every text is escaped, in the order of the schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from community_ops.io.mspdi.words import NAMESPACE

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def project_element() -> Element:
    """Return an empty project."""
    return Element("Project", {"xmlns": NAMESPACE})


def put(parent: Element, name: str, value: object = "") -> Element:
    """Add an element with a text; True and False are written 1 and 0, and no character that XML cannot hold."""
    child = SubElement(parent, name)
    text = str(int(value)) if isinstance(value, bool) else str(value)
    child.text = _NO_XML.sub("\ufffd", text) or None
    return child


def moment_text(when: datetime) -> str:
    """Return a date and time as MSPDI writes it, to the second."""
    return when.isoformat(timespec="seconds")


def xml_pieces(project: Element) -> Iterator[str]:
    """Yield a project as text."""
    indent(project)
    # A parser turns every bare carriage return into a line feed; only in texts are there any.
    yield _HEAD
    yield tostring(project, encoding="unicode").replace("\r", "&#13;")
    yield "\n"
