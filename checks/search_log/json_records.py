"""JSON of any size as its records: lines of it, one array that is read as it comes, or one document of modest size."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from checks.search_log.stream import LogStream, encoding_of
from rules.search_log import SearchLogError, Tally

LARGEST_DOCUMENT = 200_000_000  # characters of one object
LARGEST_RECORD = 20_000_000  # of one record of an array; a visit has some thousands
SPACE = re.compile(r"[\s,]*")


def json_lines(stream: LogStream, tally: Tally) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects that stand one on a line; lines that are none are counted as bad."""
    for number, line in stream.lines():
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            tally.bad(number, "not-this-format")
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            tally.bad(number, "not-this-format")


def json_document(stream: LogStream, tally: Tally) -> Iterator[tuple[int, Any]]:
    """The members of an array, one after the other, or the one object that the file is.

    Raises SearchLogError where it is no JSON, breaks off, or one record is larger than any log's.
    """
    decoder = codecs.getincrementaldecoder(encoding_of(stream.head()))("replace")
    texts = (decoder.decode(block).lstrip("\ufeff") for block in stream.blocks())
    text = next(texts, "").lstrip()
    is_array = text.startswith("[")
    largest = LARGEST_RECORD if is_array else LARGEST_DOCUMENT
    reader = json.JSONDecoder()
    place, number, least = int(is_array), 0, 0
    while True:
        found = SPACE.match(text, place)
        place = found.end() if found else place
        if is_array and text.startswith("]", place):
            tally.lines = number
            return
        if len(text) - place > least:
            try:
                value, place = reader.raw_decode(text, place)
            except RecursionError as error:
                raise SearchLogError("its JSON is nested too deeply for a log") from error
            except ValueError:
                least = 2 * (len(text) - place)  # not again before there is twice as much of it
            else:
                number, least = number + 1, 0
                yield number, value
                if not is_array:
                    tally.lines = number
                    return
                continue
        more = next(texts, None)
        if more is None and least:
            least = 0  # the end: one last time with what there is
            try:
                reader.raw_decode(text, place)
            except (ValueError, RecursionError):
                raise SearchLogError("it is no whole JSON; export it again") from None
            continue
        if more is None:
            raise SearchLogError("it is no whole JSON; export it again")
        text, place = text[place:] + more, 0
        if len(text) > largest:
            raise SearchLogError("one record of it is far larger than those of a log; is this the right file?")
