"""A zip file of XML, opened with care: what it holds is counted before it is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

from checks.documents.unreadable import Unreadable

LARGEST_PART = 80_000_000  # bytes of one part, unpacked
LARGEST = 300_000_000  # of all parts that are read
MOST_PARTS = 20_000
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Archive:
    """The parts of one file, by name."""

    def __init__(self, file: Path) -> None:
        """Raises Unreadable where it is no zip file that can be read."""
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
            raise Unreadable("document-damaged") from error
        entries = self._zip.infolist()
        if len(entries) > MOST_PARTS:
            raise Unreadable("document-too-heavy")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Unreadable("document-needs-password")
        self._sizes = {entry.filename: entry.file_size for entry in entries}
        self._read = 0

    def names(self, start: str = "", end: str = "") -> list[str]:
        return sorted(name for name in self._sizes if name.startswith(start) and name.endswith(end))

    def __contains__(self, name: str) -> bool:
        return name in self._sizes

    def xml(self, name: str) -> Any | None:
        """The root of a part; None where it is not there or is no XML. Raises Unreadable for a bomb."""
        if name not in self._sizes:
            return None
        data = self._bytes(name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            return None

    def _bytes(self, name: str) -> bytes:
        """Read no more than is allowed, whatever the index says of its size."""
        try:
            with self._zip.open(name) as part:
                data = part.read(LARGEST_PART + 1)
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
            raise Unreadable("document-damaged") from error
        except Exception as error:  # zlib.error and its kin of other methods have no common class
            raise Unreadable("document-damaged") from error
        self._read += len(data)
        if len(data) > LARGEST_PART or self._read > LARGEST:
            raise Unreadable("document-too-heavy")
        return data

    def targets(self, name: str) -> dict[str, str]:
        """Where the relationships of a part lead, by id."""
        path = PurePosixPath(name)
        root = self.xml(f"{path.parent}/_rels/{path.name}.rels")
        if root is None:
            return {}
        return {one.get("Id", ""): one.get("Target", "") for one in root.iter(RELATIONSHIPS)}


def texts(root: Any, *tags: str) -> Iterator[str]:
    """The texts of all elements with such a tag, in order."""
    for one in root.iter(*tags):
        if one.text:
            yield one.text
