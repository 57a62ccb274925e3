"""Answers that hold until another run ends, or more searches come: worked out once by whoever asks first, and kept in memory.

Only a process that shows what is stored remembers (Database.remembering): while a run is at work its own questions are asked
anew each time. What runs write is written before they end, so the answers of a site are forgotten when any of its runs has
ended: over the site, over one page that somebody wanted looked at again, or over its links. What people decide is never kept.
"""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.run import RunState
from storage.models import Run, SearchImport, SearchPurge, SearchSource

MOST = 400  # answers; the one that was asked for longest ago goes first
MEMORY, STAMPS = "memory", "stamps"  # in the notes of a session

P = ParamSpec("P")
T = TypeVar("T")
Until = Callable[[Session, int], Hashable]


class Memory:
    """Answers by question, each with what had ended when it was worked out."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, stamp: Hashable) -> tuple[bool, Any]:
        """Whether the answer is known, and the answer."""
        with self._lock:
            known = self._kept.get(key)
            if known is None or known[0] != stamp:
                return False, None
            self._kept.move_to_end(key)
            return True, known[1]

    def put(self, key: Hashable, stamp: Hashable, answer: Any) -> None:
        with self._lock:
            self._kept[key] = (stamp, answer)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)


def remembered(until: Until) -> Callable[[Callable[Concatenate[Session, int, P], T]], Callable[Concatenate[Session, int, P], T]]:
    """For a question of a session and a site. Nobody changes its answer: others get the same one.

    `until`: what the answer holds for; it is forgotten when that says something else of the site.
    """

    def remember(question: Callable[Concatenate[Session, int, P], T]) -> Callable[Concatenate[Session, int, P], T]:
        @functools.wraps(question)
        def ask(session: Session, site_id: int, /, *args: P.args, **kwargs: P.kwargs) -> T:
            memory = session.info.get(MEMORY)
            if memory is None:
                return question(session, site_id, *args, **kwargs)
            key = (question.__module__, question.__qualname__, site_id, _plain(args), _plain(sorted(kwargs.items())))
            stamp = _stamp(session, site_id, until)  # before the question is asked: no answer is older than its stamp
            is_known, answer = memory.get(key, stamp)
            if not is_known:
                answer = question(session, site_id, *args, **kwargs)
                memory.put(key, stamp, answer)
            known: T = answer
            return known

        return ask

    return remember


def run_ended(session: Session, site_id: int) -> Hashable:
    """Another whenever a run of the site has ended, of whatever kind."""
    ended = select(func.count(), func.max(Run.id), func.max(Run.finished_at), func.max(Run.heartbeat_at))
    return tuple(session.execute(ended.where(Run.site_id == site_id, Run.state != RunState.RUNNING)).one())


def searches_came(session: Session, site_id: int) -> Hashable:
    """Another whenever a search log of the site was brought in, or what is too old has gone."""
    sources = select(SearchSource.id).where(SearchSource.site_id == site_id)
    came = select(func.count(), func.max(SearchImport.id), func.max(SearchImport.imported_at))
    came = came.where(SearchImport.source_id.in_(sources))
    return (*session.execute(came).one(), session.scalar(select(func.max(SearchPurge.id))))


def _plain(values: Any) -> Hashable:
    return tuple(_plain(one) for one in values) if isinstance(values, list | tuple) else values


def _stamp(session: Session, site_id: int, until: Until) -> Hashable:
    """What is so within a session; asked once."""
    stamps: dict[tuple[Until, int], Hashable] = session.info.setdefault(STAMPS, {})
    if (until, site_id) not in stamps:
        stamps[until, site_id] = until(session, site_id)
    return stamps[until, site_id]
