"""What is waited for ends: in time, and when somebody stops the run."""

from __future__ import annotations

import asyncio

import pytest

from crawler.deadline import within


def test_an_answer_that_does_not_come_in_time_is_a_timeout() -> None:
    async def wait() -> None:
        await within(0.01, asyncio.Event().wait())

    with pytest.raises(TimeoutError):
        asyncio.run(wait())


def test_a_stop_in_the_moment_of_the_answer_is_not_lost() -> None:
    async def stop_as_the_answer_comes() -> bool:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def work() -> None:
            await within(5, answer)
            await asyncio.Event().wait()  # the next page

        working = asyncio.create_task(work())
        await asyncio.sleep(0)
        answer.set_result("done")
        working.cancel()
        done, _ = await asyncio.wait([working], timeout=1)
        return working in done and working.cancelled()

    assert asyncio.run(stop_as_the_answer_comes())
