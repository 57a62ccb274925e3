"""`python -m checks.documents.judge_files`: judges files one after the other, each in a child process with limits.

One line of JSON in for each file, one line of JSON out (a `rules.document.DocumentResult`). The libraries are loaded once; each
file is judged in a fork of this process, so that a file that breaks its reader breaks nothing else. Whoever needs documents
judged starts this program and holds the other end: `scheduler/judge_documents.py`.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process that forks must have one thread

import json
import sys
from dataclasses import replace
from pathlib import Path

from checks.documents import topics
from checks.documents.kind import kind_of
from checks.documents.limits import Limits, Stopped, in_child
from checks.documents.read import judge_file
from checks.documents.topics.language import language_of
from rules.document import DocumentResult, to_json
from rules.rule import catalogue
from rules.task import PageStatus

SECONDS_FOR_KIND = 5.0


def main() -> None:
    """Answer each line; the end of the input ends the program."""
    catalogue()
    topics.topics()
    language_of("Dit is een zin waarmee het model wordt geladen.")
    for line in sys.stdin.buffer:
        order = json.loads(line)
        sys.stdout.buffer.write(answer(Path(order["file"]), order["url"], order["norm"], Limits(**order["limits"])) + b"\n")
        sys.stdout.buffer.flush()


def answer(file: Path, url: str, norm: str, limits: Limits) -> bytes:
    """The result of one file, as JSON."""
    try:
        return in_child(lambda: to_json(judge_file(file, url, norm, limits)), limits)
    except Stopped as stopped:
        return to_json(DocumentResult(url, _kind(file, limits), PageStatus.UNTESTED, stopped.reason))


def _kind(file: Path, limits: Limits) -> str:
    """What a file is that broke its reader; empty where even that cannot be told in time: an index may hold a million names."""
    try:
        return in_child(
            lambda: (kind_of(file) or "").encode(), replace(limits, seconds=min(limits.seconds, SECONDS_FOR_KIND))
        ).decode()
    except Stopped:
        return ""


if __name__ == "__main__":
    main()
