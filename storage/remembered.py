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
from storage.journey_models import JourneyRow, JourneyRun
from storage.models import Run, SearchImport, SearchPurge, SearchSource

MOST = 400  # answers; the one that was asked for longest ago goes first
MOST_EACH = 25  # of one question about one site: what an address asks is without end
MEMORY, STAMPS, FRESH = "memory", "stamps", "fresh"  # in the notes of a session

P = ParamSpec("P")
T = TypeVar("T")
Until = Callable[[Session, int], Hashable]
Key = tuple[Hashable, ...]  # begins with the question's module and name, and the site


class Memory:
    """Answers by question, each with what had ended when it was worked out."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, tuple[Hashable, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, stamp: Hashable) -> tuple[bool, Any]:
        """Whether the answer is known, and the answer."""
        with self._lock:
            known = self._kept.get(key)
            if known is None or known[0] != stamp:
                return False, None
            self._kept.move_to_end(key)
            return True, known[1]

    def put(self, key: Key, stamp: Hashable, answer: Any) -> None:
        with self._lock:
            for old in [one for one, (was, _) in self._kept.items() if one[:3] == key[:3] and was != stamp]:
                del self._kept[old]  # nobody gets it any more
            self._kept[key] = (stamp, answer)
            self._kept.move_to_end(key)
            for old in [one for one in self._kept if one[:3] == key[:3]][:-MOST_EACH]:
                del self._kept[old]
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
            fresh: dict[Key, tuple[Hashable, Any]] = session.info.setdefault(FRESH, {})
            if not is_known and key in fresh and fresh[key][0] == stamp:
                answer = fresh[key][1]
            elif not is_known:
                answer = question(session, site_id, *args, **kwargs)
                fresh[key] = (stamp, answer)
            known: T = answer
            return known

        return ask

    return remember


def keep_fresh(session: Session) -> None:
    """Others get what a session worked out once it ended well: after a rollback its rows are empty and its changes undone."""
    memory: Memory | None = session.info.get(MEMORY)
    for key, (stamp, answer) in session.info.pop(FRESH, {}).items():
        if memory is not None:
            memory.put(key, stamp, answer)


def run_ended(session: Session, site_id: int) -> Hashable:
    """Another whenever a run of the site has ended, of whatever kind, or a journey was walked or taken away."""
    ended = select(func.count(), func.max(Run.id), func.max(Run.finished_at), func.max(Run.heartbeat_at))
    ended = ended.where(Run.site_id == site_id, Run.state != RunState.RUNNING)
    of_site = select(JourneyRow.id).where(JourneyRow.site_id == site_id)
    walked = select(func.count(), func.max(JourneyRun.id), func.max(JourneyRun.finished_at))
    walked = walked.where(JourneyRun.journey_id.in_(of_site))
    return (*session.execute(ended).one(), *session.execute(walked).one())


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
