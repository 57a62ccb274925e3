"""Gets a run into a site behind a log-in, and in again once when its session is gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserMissing, find_browser
from crawler.door import Door, LoginLost
from crawler.link_asker import LinkAsker
from crawler.log_in import LoginFailed, log_in
from crawler.secret import read_secret
from crawler.visit import driver
from rules.log_in_steps import Steps, read_steps
from rules.login import Access, LoginError

if TYPE_CHECKING:
    from scheduler.run_settings import RunSettings

MOST_LOG_INS = 12  # in one run: a session of half an hour lasts a night; one that is gone every minute is no session
READ = 500_000  # bytes of the page that only shows once logged in


class NotAdmitted(Exception):
    """The run does not get in: a key of `rules.reason`, and the sentence that says more."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


async def admitted(settings: RunSettings, origins: tuple[str, ...]) -> RunSettings:
    """The settings with the way into the site; as they are where everyone may see it. Raises NotAdmitted or BrowserMissing."""
    login = settings.login
    if login is None or settings.door is not None:
        return settings
    try:
        if not login.recipe:
            return replace(settings, door=Door(Access(origins, basic=(login.user, read_secret(login.password)))))
        steps = steps_of(login.recipe, origins)
        access = await enter(steps, settings, origins)
    except LoginFailed as failure:
        raise NotAdmitted("login-failed", str(failure)) from failure
    except LoginError as error:
        raise NotAdmitted("login-secret-missing", str(error)) from error

    async def anew(seen: Access) -> Access:
        return await _anew(seen, steps, settings, origins)

    return replace(settings, door=Door(access, anew))


def steps_of(recipe: str, origins: tuple[str, ...]) -> Steps:
    """The steps of a recorded log-in; a path in them is one of the first origin. Raises LoginError."""
    try:
        return read_steps(Path(recipe).read_text(encoding="utf-8"), f"{origins[0]}/")
    except OSError as error:
        raise LoginError(f"The file with the log-in, {recipe}, cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise LoginError(f"The file with the log-in, {recipe}, is no text (UTF-8).") from error
    except LoginError as error:
        raise LoginError(f"{recipe}: {error}") from error


async def enter(steps: Steps, settings: RunSettings, origins: tuple[str, ...]) -> Access:
    """Log in, in a fresh browser. Raises LoginFailed, LoginError or BrowserMissing."""
    guard = AddressGuard.for_origins((*origins, *steps.also), offline=settings.offline)
    async with driver() as playwright:
        return await log_in(playwright, find_browser(), guard, settings.user_agent, steps, origins, settings.pace.timeout_s)


async def _anew(seen: Access, steps: Steps, settings: RunSettings, origins: tuple[str, ...]) -> Access:
    """Log in again where the session is gone; where it is not, a page that shows the log-in wants more than we have."""
    if await _is_in(seen, settings):
        return seen
    if seen.turn + 1 >= MOST_LOG_INS:
        raise LoginLost
    try:
        access = await enter(steps, settings, origins)
    except (LoginFailed, LoginError, BrowserMissing) as error:
        raise LoginLost from error
    return replace(access, turn=seen.turn + 1)


async def _is_in(access: Access, settings: RunSettings) -> bool:
    """Whether the page at which the log-in ended still shows what lies behind it."""
    guard = AddressGuard.for_origins(access.origins, offline=settings.offline)
    asker = LinkAsker(guard, settings.pace, settings.user_agent, Door(access))
    try:
        answer, body = await asker.read(access.proof, READ)
    finally:
        await asker.close()
    shown = answer.final_url or answer.url
    return answer.status == 200 and not access.shows_log_in(shown, body.decode("utf-8", "replace"))
