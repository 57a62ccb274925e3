"""Folders in which search logs appear: each file is asked to be brought in once, when nobody writes to it any more."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from rules.search_log import IMPORT
from storage.requests import ask, was_asked
from storage.sites import find_site

LOOK_AT_FOLDERS_EVERY_S = 30
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
MOST_FILES = 1_000  # of one folder


class WatchedFolders:
    """Remembers how large the files were at the last look: one that grew in between is still being written."""

    def __init__(self, folders: Mapping[str, Path], case_numbers: Sequence[str]) -> None:
        self.folders = folders  # by the name or number of a site
        self.case_numbers = list(case_numbers)
        self._seen: dict[str, tuple[int, int]] = {}

    def look(self, session: Session, now: datetime) -> None:
        """Ask for every file that is new and the same as at the last look. A folder that is not there has no files."""
        seen: dict[str, tuple[int, int]] = {}
        for name, folder in self.folders.items():
            site = find_site(session, name)
            for file, size, modified in _files(folder) if site else ():
                seen[file] = (size, modified)
                what = {"file": file, "size": size, "modified_ns": modified}
                if site and size and self._seen.get(file) == (size, modified) and not was_asked(session, site.id, IMPORT, what):
                    ask(session, site.id, IMPORT, {**what, "case_numbers": self.case_numbers}, "folder", now)
        self._seen = seen


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Path, bytes and time of change of the files in a folder, by name."""
    try:
        with os.scandir(folder) as entries:
            files = sorted((entry for entry in entries if entry.is_file()), key=lambda entry: entry.name)
            for entry in files[:MOST_FILES]:
                if not entry.name.startswith(".") and not entry.name.lower().endswith(UNFINISHED):
                    facts = entry.stat()
                    yield str(Path(entry.path).resolve()), facts.st_size, facts.st_mtime_ns
    except OSError:
        return
