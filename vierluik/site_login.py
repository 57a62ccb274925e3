"""`vierluik site login`: how Vierluik gets into a site that is not open to all. It is tried before it is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserMissing
from crawler.link_asker import LinkAsker
from crawler.log_in import LoginFailed
from rules.login import Login, LoginError
from scheduler.admission import NotAdmitted, admitted, enter, steps_of
from scheduler.run_settings import RunSettings
from storage.database import Database
from storage.models import Site
from storage.sites import SiteError, get_site, scope_of
from vierluik.screen import Exit, say, stop

BASIC = "Give with --basic where the password is: --password-env NAME, or --password-file FILE. It is never stored itself."


def login_of(basic: str, variable: str, password_file: Path | None, form: Path | None, *, pictures: bool) -> Login | None:
    """What the options say; None: they say nothing. Raises LoginError."""
    if form and (basic or variable or password_file):
        raise LoginError("A site has one log-in: give --basic, or --form with a file of steps.")
    if form:
        return Login(recipe=str(form.absolute()), pictures=pictures)
    if not basic and (variable or password_file):
        raise LoginError("Whose password is it? Give the user name with --basic.")
    if not basic:
        return None
    if bool(variable) == bool(password_file):
        raise LoginError(BASIC)
    if ":" in basic:
        raise LoginError(f"A user name of basic authentication holds no colon. {BASIC}")
    login = Login(
        user=basic, password=f"file:{password_file.absolute()}" if password_file else f"env:{variable}", pictures=pictures
    )
    return Login.of_site({"login": login.as_stored()})


def set_login(database: Database, name: str, login: Login | None, settings: RunSettings, *, remove: bool) -> None:
    """Try a log-in and keep it; without one, try what is kept."""
    with database.session() as session:
        try:
            site = get_site(session, name)
            if remove:
                site.settings = {key: value for key, value in site.settings.items() if key != "login"}
                say(f"'{site.name}' is visited as everyone may see it.")
                return
            wanted = login or Login.of_site(site.settings)
        except (SiteError, LoginError) as error:
            raise stop(Exit.WRONG_USE, str(error)) from error
        if wanted is None:
            say(f"'{site.name}' has no log-in. {BASIC} Or record one, with --form FILE: see docs/login.md.")
            return
        try:
            _try(site, wanted, settings)
        except (NotAdmitted, LoginFailed, LoginError) as error:
            kept = " Nothing was changed." if login else ""
            raise stop(Exit.WRONG_USE, f"{error}{kept}") from error
        except BrowserMissing as error:
            raise stop(Exit.NOTHING_JUDGED, str(error)) from error
        site.settings = {**site.settings, "login": wanted.as_stored()}
    how = f"the steps in {wanted.recipe}" if wanted.recipe else f"'{wanted.user}' and the secret in {wanted.password}"
    say(f"Logging in works, by {how}. Every run goes by it; only that place is kept, never the secret.")
    say(
        "Pictures are taken, also of what only shows once logged in."
        if wanted.pictures
        else "No pictures are taken: what only shows once logged in may be somebody's. --pictures takes them all the same."
    )


def _try(site: Site, login: Login, settings: RunSettings) -> None:
    origins = scope_of(site).origins
    wanted = settings.of_site({"login": login.as_stored()})
    if login.recipe:
        asyncio.run(enter(steps_of(login.recipe, origins), wanted, origins))
    else:
        asyncio.run(_ask_start_page(site, wanted, origins))


async def _ask_start_page(site: Site, settings: RunSettings, origins: tuple[str, ...]) -> None:
    """Raises LoginFailed where the start page does not let us in, or does not ask for a password at all."""
    allowed = await admitted(settings, origins)
    for door, refuses in ((None, True), (allowed.door, False)):
        guard = AddressGuard.for_origins(origins)
        asker = LinkAsker(guard, settings.pace, settings.user_agent, door)
        try:
            answer, _ = await asker.read(site.start_url, 1)
        finally:
            await asker.close()
        if answer.status is None:
            raise LoginFailed(f"{site.start_url} does not answer ({answer.error}). Look whether the site is up.")
        if refuses and answer.status != 401:
            say(f"{site.start_url} does not ask for a password itself (it answers {answer.status}).")
        if not refuses and answer.status == 401:
            raise LoginFailed(
                f"{site.start_url} refuses '{settings.login.user if settings.login else ''}' with this password (401)."
            )
