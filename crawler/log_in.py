"""Logs in as a person would: opens, fills in, clicks and looks, by the names that stand on the page.

It happens in a fresh browser that is thrown away; what it leaves (cookies, what the site keeps in the browser) goes to whoever
asked, in memory. No error repeats a secret: what the browser itself says of a step is never passed on.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Sequence
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page, Playwright
from playwright.async_api import Error as PlaywrightError

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.deadline import soon, within
from crawler.secret import filled_in
from crawler.visit import Visitor
from rules.address import host_of, origin_of
from rules.log_in_steps import Step, Steps
from rules.login import Access, password_forms, place_of

LOOKS_EVERY_S = 0.2
MOST_NAMED, LONGEST_NAME = 12, 60
# Where a page keeps a person who logs in: nothing of this leaves the page but names.
NAMES = """(selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility()).map((one) =>
  ((one.labels && one.labels[0]?.innerText) || one.getAttribute('aria-label') || one.innerText || one.placeholder ||
   (['submit', 'button'].includes(one.type) ? one.value : '') || one.title || one.name || '').trim())
  .filter(Boolean).slice(0, 40)"""
FIELDS = "input:not([type=hidden], [type=submit], [type=button], [type=image]), textarea, select"
BUTTONS = "button, input[type=submit], input[type=button], a[href], [role=button]"


class Painting(Visitor):
    """A browser that draws its pages: only then does a button ever stand still, and can be clicked as a person does."""

    takes_pictures = True


class LoginFailed(Exception):
    """The log-in did not come through; the sentence says where, and what was seen there."""


async def log_in(
    playwright: Playwright,
    browser: BrowserFile,
    guard: AddressGuard,
    user_agent: str,
    steps: Steps,
    origins: tuple[str, ...],
    step_s: float,
) -> Access:
    """Do the steps in a browser of its own; gives what lets a run in. `step_s`: the longest wait for what a step needs.

    Raises LoginFailed, LoginError or BrowserMissing.
    """
    filled = [filled_in(step.value) for step in steps.steps]
    values, secrets = [value for value, _ in filled], [secret for _, found in filled for secret in found]
    try:
        async with Painting(playwright, browser, guard, (), user_agent) as visitor:
            page = await soon(visitor.context.new_page())
            entering = Entering(page, steps, origins, values, secrets)
            await entering.do_all(step_s)
            return await _access(visitor.context, page, entering, origins)
    except (PlaywrightError, TimeoutError):
        raise LoginFailed(
            "The browser that logs in failed. Try again, and see whether it is well with: vierluik doctor"
        ) from None


async def _access(context: BrowserContext, page: Page, entering: Entering, origins: tuple[str, ...]) -> Access:
    state = await soon(context.storage_state())
    hosts = {host_of(origin) for origin in origins}
    cookies = [
        {**cookie, "domain": host}
        for cookie in state["cookies"]
        for host in sorted(hosts)
        if host == cookie["domain"].lstrip(".") or (cookie["domain"].startswith(".") and host.endswith(cookie["domain"]))
    ]
    return Access(
        origins,
        cookies=tuple(dict(cookie) for cookie in cookies),
        storage=tuple(dict(one) for one in state["origins"] if one["origin"] in origins),
        # A site that shows the log-in and what lies behind it at one address is known by its form only.
        log_in_pages=frozenset(entering.places - {place_of(page.url)}),
        log_in_fields=entering.fields,
        proof=page.url,
    )


class Entering:
    """One log-in while it goes on."""

    def __init__(self, page: Page, steps: Steps, origins: Sequence[str], values: Sequence[str], secrets: Iterable[str]) -> None:
        self.page = page
        self.steps = steps
        self.trusted = {*origins, *steps.also}  # where a secret may be typed in
        self.values = values
        self.secrets = sorted(filter(None, secrets), key=len, reverse=True)
        self.places: set[str] = set()  # of pages where something was filled in
        self.fields: frozenset[str] = frozenset()
        self.last_filled: Locator | None = None

    async def do_all(self, step_s: float) -> None:
        for number, (step, value) in enumerate(zip(self.steps.steps, self.values, strict=True), 1):
            try:
                await within(2 * step_s + 5, self._do(step, value, step_s))
            except LoginFailed as failure:
                raise LoginFailed(self._clean(f"Step {number}, {step.said()}: {failure}")) from None
            except (PlaywrightError, TimeoutError) as error:
                # The browser's own words hold what was filled in.
                what = "the page did not answer in time" if isinstance(error, TimeoutError) else "the browser could not do it"
                raise LoginFailed(self._clean(f"Step {number}, {step.said()}: {what}.{await self._where()}")) from None

    async def _do(self, step: Step, value: str, step_s: float) -> None:
        match step.kind:
            case "open":
                await self._open(step, step_s)
            case "fill":
                await self._fill(step, value, step_s)
            case "click":
                await self._click(step, step_s)
            case _:
                await self._expect(step, step_s)

    async def _open(self, step: Step, step_s: float) -> None:
        try:
            answer = await self.page.goto(step.what, wait_until="domcontentloaded", timeout=step_s * 1000)
        except PlaywrightError:
            raise LoginFailed("the page does not open. Look whether the address is right and the site answers.") from None
        if answer is not None and answer.status >= 400:
            raise LoginFailed(f"the page answers {answer.status}. Look whether the address is right.")

    async def _fill(self, step: Step, value: str, step_s: float) -> None:
        page, name = self.page, step.what
        field = await self._one_of(
            [
                page.get_by_label(name, exact=True),
                page.get_by_role("textbox", name=name, exact=True),
                page.get_by_placeholder(name, exact=True),
                page.get_by_label(name),
                page.get_by_placeholder(name),
            ],
            step_s,
        )
        if field is None:
            raise LoginFailed(f"there is no such field.{await self._seen('The fields are', FIELDS)}")
        is_password = await field.get_attribute("type") == "password"
        has_secret = any(secret in value for secret in self.secrets)
        if is_password and not has_secret:
            raise LoginFailed('a password does not stand in this file. Write with = "{env:NAME}" or "{file:/path}".')
        here = _origin(page.url)
        if has_secret and here not in self.trusted:
            raise LoginFailed(
                f'this is {here}, which is not the site. A secret is only typed in there when the file says so: also = ["{here}"]'
            )
        self.places.add(place_of(page.url))
        if is_password:
            self.fields = _form_with_password(await page.content())
        await field.fill(value, timeout=step_s * 1000)
        self.last_filled = field

    async def _click(self, step: Step, step_s: float) -> None:
        page, name = self.page, step.what
        near = [self.last_filled.locator("xpath=ancestor::form").get_by_role("button", name=name)] if self.last_filled else []
        roles = [page.get_by_role(role, name=name, exact=exact) for exact in (True, False) for role in ("button", "link")]
        button = await self._one_of([*near, *roles], step_s)
        if button is None:
            raise LoginFailed(f"there is no such button or link.{await self._seen('The buttons and links are', BUTTONS)}")
        self.last_filled = None
        await button.click(timeout=step_s * 1000)

    async def _expect(self, step: Step, step_s: float) -> None:
        until = time.monotonic() + step_s
        while True:
            if step.is_address and place_of(self.page.url) == place_of(step.what):
                return
            if not step.is_address and await self._visible(self.page.get_by_text(step.what)) is not None:
                return
            if time.monotonic() > until:
                break
            await asyncio.sleep(LOOKS_EVERY_S)
        raise LoginFailed(
            f"it did not come.{await self._where()} "
            "Look whether the name and the secret are right, and whether a step is missing."
        )

    async def _one_of(self, locators: Sequence[Locator], step_s: float) -> Locator | None:
        """The first that is visible, waited for; the closest fit goes before one that comes earlier."""
        until = time.monotonic() + step_s
        while True:
            for locator in locators:
                if (found := await self._visible(locator)) is not None:
                    return found
            if time.monotonic() > until:
                return None
            await asyncio.sleep(LOOKS_EVERY_S)

    async def _visible(self, locator: Locator) -> Locator | None:
        try:
            for number in range(min(await locator.count(), 10)):
                if await locator.nth(number).is_visible():
                    return locator.nth(number)
        except PlaywrightError:  # the page is on its way to another one
            return None
        return None

    async def _seen(self, words: str, selector: str) -> str:
        names: list[str] = await soon(self.page.evaluate(NAMES, selector))
        shown = ", ".join(json.dumps(_line(name), ensure_ascii=False) for name in dict.fromkeys(names[:MOST_NAMED]))
        return f"{await self._where()} {words}: {shown or 'none'}."

    async def _where(self) -> str:
        """The page that stands open: without what is asked of it, which may hold anything."""
        try:
            title = _line(await soon(self.page.title()))
        except (PlaywrightError, TimeoutError):
            title = ""
        return f' The page is {place_of(self.page.url)} ("{title}").'

    def _clean(self, sentence: str) -> str:
        for secret in self.secrets:
            sentence = sentence.replace(secret, "•••")
        return sentence


def _form_with_password(source: str) -> frozenset[str]:
    forms = password_forms(source)
    return forms[0] if forms else frozenset()


def _origin(url: str) -> str:
    try:
        return origin_of(url)
    except (ValueError, KeyError):
        return url[:LONGEST_NAME]


def _line(text: Any) -> str:
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())
    return line if len(line) <= LONGEST_NAME else line[:LONGEST_NAME] + "…"
