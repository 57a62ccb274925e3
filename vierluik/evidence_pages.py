"""The pages of a sample in an evidence pack: a folder each, written and read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import to_json

from dashboard.exports.evidence_pack import PackError, read_files
from rules.frozen_page import RESULT, SNAPSHOT, FrozenPage

PAGES = "pages/"
PAGE, RESULT_FILE, SNAPSHOT_FILE = "page.json", "result.json", "snapshot.json"
ARCHIVE, DOCUMENT, PICTURE = "archive.warc.gz", "document", "screenshot.jpg"
MOST_OF_A_PAGE = 200_000_000  # bytes of one file
MOST_PAGES = 500
MOST_JSON = 20_000_000  # bytes of one file that is read as JSON: in memory it is thirty times that
MOST_JSON_OF_ALL = 200_000_000


def page_files(page: FrozenPage) -> Iterator[tuple[str, bytes]]:
    """What of a page stands in a pack."""
    folder = f"{PAGES}{page.number:03}/"
    picture = page.picture
    about = {
        "number": page.number,
        "url": page.url,
        "title": page.title,
        "frozen_at": page.frozen_at.isoformat(),
        "is_document": page.is_document,
        "status": page.result.status,
        "reason": page.result.reason,
        "made_with": page.made_with,
        "screenshot": {**asdict(picture), "jpeg": None} if picture else None,
    }
    yield folder + PAGE, to_json(about, indent=1)
    yield folder + RESULT_FILE, RESULT.dump_json(page.result, indent=1)
    if page.snapshot:
        yield folder + SNAPSHOT_FILE, SNAPSHOT.dump_json(page.snapshot)
    if page.archive:
        yield folder + (DOCUMENT if page.is_document else ARCHIVE), page.archive
    if picture:
        yield folder + PICTURE, picture.jpeg


def read_pages(file: Path) -> Iterator[FrozenPage]:
    """The pages in a pack. Raises PackError where one of them cannot be read."""
    folder, content = "", dict[str, bytes]()
    count, left = 0, MOST_JSON_OF_ALL
    for path, body in read_files(file, PAGES, MOST_OF_A_PAGE):
        of_page, _, name = path.rpartition("/")
        if name.endswith(".json"):
            left -= len(body)
            if len(body) > MOST_JSON or left < 0:
                raise PackError(f"{path[:100]!r} in the pack holds more than can be judged at once. It was not read on.")
        if of_page != folder and content:
            yield _read_page(folder, content)
            content = {}
            count += 1
        if count > MOST_PAGES:
            raise PackError(f"The pack holds more than {MOST_PAGES} pages.")
        folder = of_page
        content[name] = body
    if content:
        yield _read_page(folder, content)


def _read_page(folder: str, content: dict[str, bytes]) -> FrozenPage:
    try:
        about = json.loads(content[PAGE])
        snapshot = content.get(SNAPSHOT_FILE)
        return FrozenPage(
            number=int(about["number"]),
            url=str(about["url"]),
            title=str(about["title"]),
            frozen_at=datetime.fromisoformat(about["frozen_at"]).astimezone(UTC),
            made_with=dict(about["made_with"]),
            result=RESULT.validate_json(content[RESULT_FILE]),
            snapshot=SNAPSHOT.validate_json(snapshot) if snapshot else None,
            archive=content.get(DOCUMENT if about["is_document"] is True else ARCHIVE, b""),
            is_document=about["is_document"] is True,
        )
    except (ValidationError, LookupError, TypeError, ValueError, RecursionError, OverflowError) as error:
        raise PackError(f"{folder} in the pack cannot be read: {str(error).partition(chr(10))[0][:200]}.") from error
