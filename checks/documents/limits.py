"""Runs work on hostile files in a child process with limits of time and memory. A child that breaks takes nothing with it."""

from __future__ import annotations

import faulthandler
import os
import resource
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NoReturn

TOO_SLOW, TOO_HEAVY, CRASHED = "document-too-slow", "document-too-heavy", "document-broke-reader"
LARGEST_ANSWER = 16_000_000  # bytes
OUT_OF_MEMORY = 78  # our own exit code

_depth = 0  # how many forks deep this process is


@dataclass(frozen=True)
class Limits:
    """What one document may cost."""

    seconds: float = 60.0
    memory: int = 1_500_000_000  # bytes of address space beyond what the process holds already

    def half(self) -> Limits:
        return replace(self, seconds=self.seconds / 2)


class Stopped(Exception):
    """The child was stopped or ended itself. `reason` is a key of `rules.reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def in_child(work: Callable[[], bytes], limits: Limits) -> bytes:
    """What the work gives, done in a fork of this process. Raises Stopped. The process must have one thread only."""
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # Python 3.12 warns where there are threads
        child = os.fork()
    if child == 0:
        os.close(reading)
        _work(work, writing, limits)
    os.close(writing)
    try:
        return _answer(reading, child, time.monotonic() + limits.seconds)
    finally:
        os.close(reading)


def _answer(reading: int, child: int, until: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    reason = ""
    while True:
        left = until - time.monotonic()
        ready, _, _ = select.select([reading], [], [], max(left, 0))
        if not ready:
            reason = TOO_SLOW
            break
        part = os.read(reading, 1 << 16)
        if not part:
            break
        parts.append(part)
        size += len(part)
        if size > LARGEST_ANSWER:
            reason = TOO_HEAVY
            break
    if reason:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if reason or code:
        raise Stopped(reason or _reason_of(code))
    return b"".join(parts)


def _reason_of(code: int) -> str:
    if code in (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL):
        return TOO_HEAVY  # a library that gets no memory aborts
    return TOO_SLOW if code == -signal.SIGXCPU else CRASHED


def _work(work: Callable[[], bytes], writing: int, limits: Limits) -> NoReturn:
    """In the child: set the limits, work, hand over, and end without the parent's clean-up."""
    global _depth
    _depth += 1
    code = 1
    faulthandler.disable()  # who ended it, and why, is for the parent to say
    try:
        if _depth == 1:
            os.setpgid(0, 0)  # its own children end with it
        _limit(limits)
        answer = memoryview(work())
        while answer:
            answer = answer[os.write(writing, answer) :]
        code = 0
    except MemoryError:
        code = OUT_OF_MEMORY
    except BaseException:  # whatever it was, the parent must learn that it broke
        if os.environ.get("VIERLUIK_TRACE"):
            sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _limit(limits: Limits) -> None:
    """The system's own limits, which hold where our clock does not: inside a library that never comes back."""
    seconds = int(limits.seconds) + 1
    for kind, value in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, _address_space() + limits.memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS knows no limit of address space
            _, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _address_space() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no Path: this runs after a fork
            return int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 4_000_000_000
