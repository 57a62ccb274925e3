"""Waiting that ends: in time, and when the run is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")
CALL_TIMEOUT_S = 10.0  # for what a healthy browser answers at once: one question, key, click or picture


async def within(seconds: float, call: Awaitable[T]) -> T:
    """The answer of a call. Raises TimeoutError.

    Not `asyncio.wait_for`: before Python 3.12 that loses the stop of a run that falls together with the answer.
    """
    async with asyncio.timeout(seconds):
        return await call


async def soon(call: Awaitable[T]) -> T:
    """What a healthy browser answers at once. Raises TimeoutError."""
    return await within(CALL_TIMEOUT_S, call)
