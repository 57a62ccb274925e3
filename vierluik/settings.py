"""Everything that can be set, in one table: `vierluik.toml`, read from the folder you stand in.

`docs/settings.md` is made of this file, and a test proves that it is complete.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator

from crawler.mailer import MailSecurity, MailServer
from rules.account import Role
from rules.message import read_address
from rules.norm import DEFAULT_NORM, norms
from rules.page_type import read_page_types
from rules.pattern import check_pattern
from rules.policy import read_policies
from rules.site import Limits, Pace
from rules.ticket import Tracker, read_trackers
from scheduler.message_settings import MessageSettings
from scheduler.run_settings import ENGINES, NO_ENGINE, RunSettings
from scheduler.tickets import TrackerSettings
from storage.retention import DETAIL_MONTHS
from vierluik.logs import LogFormat

FILE = Path("vierluik.toml")
DATABASE_VARIABLE = "VIERLUIK_DB"
OIDC_SECRET_VARIABLE = "VIERLUIK_OIDC_SECRET"  # noqa: S105 - where the secret stands, not what it is
MAIL_PASSWORD_VARIABLE = "VIERLUIK_MAIL_PASSWORD"  # noqa: S105 - where the password stands, not what it is


class SettingsError(ValueError):
    """A setting is unknown or has a wrong value; the sentence says which one and what to write."""


class Settings(BaseModel):
    """The settings, with their defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    _options: dict[str, Any] = PrivateAttr(default_factory=dict)  # what the command line said: it goes before all else
    _more_engines: tuple[str, ...] = PrivateAttr(default=())  # of --engines +name
    _before_options: Settings | None = PrivateAttr(default=None)

    database: str = Field(
        default="sqlite:///vierluik.db",
        description="Where everything is kept: sqlite:///file, or postgresql://user@host/name.",
    )
    contact: str = Field(default="", description="How a site's administrator reaches you; it is part of the User-Agent.")
    norm: str = Field(default=DEFAULT_NORM, description="The norm that pages are judged by: en301549-3.2.1 or en301549-4.1.1.")
    engines: list[str] = Field(
        default=["axe", "accesslint", "vierluik"], description="The engines that judge a page; none: only links are asked."
    )
    confirm: bool = Field(
        default=True, description="Look at failures a second time, take pictures of them, and touch a page of each template."
    )
    workers: int = Field(default=0, ge=0, le=64, description="Browsers at work at once; 0: one per core.")
    queue: bool = Field(
        default=RunSettings.queue,
        description="Have pages tested by vierluik worker, on any number of machines; needs PostgreSQL. See docs/scale.md.",
    )
    max_pages: int = Field(default=Limits.max_pages, ge=1, description="The most pages of one run.")
    max_depth: int = Field(default=Limits.max_depth, ge=0, description="The most clicks from the start page.")
    max_minutes: float = Field(default=Limits.max_minutes, gt=0, description="The longest time of one run, in minutes.")
    max_pages_per_shape: int = Field(
        default=Limits.max_pages_per_shape,
        ge=1,
        description="The most pages whose addresses differ only in digits and query values: calendars, counters.",
    )
    max_page_bytes: int = Field(default=Limits.max_page_bytes, ge=1_000, description="The largest page, in bytes.")
    max_sitemap_urls: int = Field(default=Limits.max_sitemap_urls, ge=0, description="The most addresses taken from sitemaps.")
    max_documents: int = Field(
        default=Limits.max_documents, ge=0, description="The most PDF and office files of one run that are fetched and judged."
    )
    max_document_bytes: int = Field(default=Limits.max_document_bytes, ge=1_000, description="The largest document, in bytes.")
    requests_at_once: int = Field(
        default=Pace.requests_at_once, ge=1, le=32, description="The most requests to one host at once."
    )
    delay_s: float = Field(default=Pace.delay_s, ge=0, description="Seconds between two requests to one host.")
    timeout_s: float = Field(
        default=Pace.timeout_s, gt=0, description="Seconds after which a host that says nothing is given up."
    )
    load_timeout_s: float = Field(
        default=RunSettings.load_timeout_s, gt=0, description="Seconds that a page gets to load in the browser."
    )
    obey_robots: bool = Field(default=Pace.obey_robots, description="Whether robots.txt is obeyed.")
    include: list[str] = Field(default=[], description="Regular expressions; only addresses that one of them fits are looked at.")
    exclude: list[str] = Field(default=[], description="Regular expressions; addresses that one of them fits are left out.")
    page_types: list[dict[str, Any]] = Field(
        default=[],
        description="What kind of page addresses are, where it is not detected well: "
        '{ type = "product", pattern = "/regelen/" }; the pattern is a regular expression, the first that fits decides.',
    )
    review_months: int = Field(
        default=RunSettings.review_months,
        ge=1,
        le=600,
        description="Months after which a page is to be looked over by its owner.",
    )
    detail_months: int = Field(
        default=DETAIL_MONTHS,
        ge=1,
        le=600,
        description="Months that the detail of what was mended or is gone is kept; figures, and what is open, stay for ever.",
    )
    case_number_patterns: list[str] = Field(
        default=[],
        description='Regular expressions of your case numbers, such as ["DOS-[0-9]{6}"]; they are masked in search logs.',
    )
    watch_folders: dict[str, Path] = Field(
        default={},
        description="Folders in which search logs appear, by the name or number of their site: "
        '{ "1" = "/srv/search-logs" }; vierluik serve brings each file in once.',
    )
    max_upload_bytes: int = Field(
        default=500_000_000, ge=1_000, description="The largest search log that the dashboard takes, in bytes."
    )
    policy: list[dict[str, Any]] = Field(
        default=[],
        description="Rules of your own, each a [[policy]] with id, title, one of text, pattern or selector, must_occur, pages, "
        "page_types, why and what_to_do; see docs/own-rules.md.",
    )
    seconds_before_second_look: float = Field(
        default=30.0, ge=0, description="Seconds between two looks at a link that fails; less than 30 may accuse wrongly."
    )

    link_cache_hours: float = Field(
        default=RunSettings.link_cache_hours,
        ge=0,
        description="Hours in which a link to another site that worked is not asked again; 0, or --full: every link is.",
    )

    runs_at_once: int = Field(default=2, ge=1, le=64, description="The most runs that vierluik serve has going on at once.")
    min_free_disk_bytes: int = Field(
        default=500_000_000, ge=0, description="Room that must be left on the disk of the database before a run starts, in bytes."
    )
    log_format: LogFormat = Field(
        default=LogFormat.AUTO,
        description="The log of vierluik serve: text, json, or auto: text on a terminal and JSON elsewhere.",
    )
    oidc_issuer: str = Field(
        default="",
        description="The issuer of your organisation's log-in (OpenID Connect), such as Entra ID or Keycloak; empty: none.",
    )
    oidc_client_id: str = Field(
        default="", description="The name by which that log-in knows Vierluik. Its secret stands in VIERLUIK_OIDC_SECRET."
    )
    oidc_roles: dict[str, str] = Field(
        default={},
        description="What the organisation calls a role, and what it is here: editor, adviser, auditor, manager, administrator.",
    )
    metrics_token: str = Field(
        default="",
        repr=False,
        description="Who asks for /metrics must send this as a bearer token; empty: only this machine itself may ask.",
    )

    mail_server: str = Field(default="", description="The host of the mail server that messages are handed to; empty: no mail.")
    mail_port: int = Field(default=0, ge=0, le=65535, description="Its port; 0: 587 for starttls, 465 for tls, 25 for none.")
    mail_security: MailSecurity = Field(
        default=MailSecurity.STARTTLS,
        description="How the way to the mail server is kept secret: starttls, tls, or none for a server on your own machine.",
    )
    mail_user: str = Field(
        default="", description="The user name at the mail server; its password stands in VIERLUIK_MAIL_PASSWORD or a file."
    )
    mail_password_file: Path | None = Field(default=None, description="A file with the password at the mail server.")
    mail_ca_file: Path | None = Field(
        default=None,
        description="A file with the authority that signed the mail server's certificate, if this machine lacks it.",
    )
    mail_sender: str = Field(default="", description="The e-mail address that messages come from, and that answers go to.")
    webhook_secrets: dict[str, Path] = Field(
        default={},
        description="Files with the secret that messages to a program are signed with, by the name of that subscriber: "
        '{ "Teams" = "/etc/vierluik/teams" }.',
    )
    webhook_private: bool = Field(default=False, description="Whether a webhook may go to an address of your own network.")
    theme: str = Field(
        default="",
        description="The house style of the dashboard: empty for our own, duinstad for an example, or the path of a style sheet "
        "with your design tokens; see docs/theme.md.",
    )
    trackers: dict[str, dict[str, Any]] = Field(
        default={},
        description="Where tickets for suppliers are filed, each a [trackers.NAME] with kind (github, gitlab, jira, topdesk or "
        "webhook), url, secret_env or secret_file, and what that kind needs; see docs/tickets.md.",
    )
    public_url: str = Field(
        default="", description="Where people reach the dashboard; messages then hold links to it, and a way out of the list."
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _is_https(cls, value: str) -> str:
        if value and not re.fullmatch(r"https://[^\s/@]+(/\S*)?|http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?", value):
            raise ValueError("write an address that begins with https://")
        return value

    @field_validator("oidc_roles")
    @classmethod
    def _are_roles(cls, value: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(value.values()) - set(Role)):
            raise ValueError(f"{unknown[0]} is no role; write one of {', '.join(Role)}")
        return value

    @field_validator("mail_sender")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        return read_address(value) if value else ""

    @field_validator("public_url")
    @classmethod
    def _http_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
            raise ValueError("it is an address that begins with https:// and has no question mark")
        return value.rstrip("/")

    @field_validator("trackers")
    @classmethod
    def _trackers(cls, value: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        read_trackers(value)
        return value

    @field_validator("contact")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("it stands in every request to a site and must be one line of plain text")
        return value

    @field_validator("norm")
    @classmethod
    def _known_norm(cls, value: str) -> str:
        if value not in norms():
            raise ValueError(f"choose from {', '.join(norms())}")
        return value

    @field_validator("engines")
    @classmethod
    def _known_engines(cls, value: list[str]) -> list[str]:
        if unknown := [engine for engine in value if engine not in (*ENGINES, NO_ENGINE)]:
            raise ValueError(f"there is no engine {', '.join(unknown)}; choose from {', '.join(ENGINES)}, or {NO_ENGINE}")
        if not value or (NO_ENGINE in value and len(value) > 1):
            raise ValueError(f"name at least one engine, or {NO_ENGINE} alone to walk the site and ask its links only")
        return value

    @field_validator("include", "exclude", "case_number_patterns")
    @classmethod
    def _regular_expressions(cls, value: list[str]) -> list[str]:
        for pattern in value:
            check_pattern(pattern)
        return value

    @field_validator("page_types")
    @classmethod
    def _page_types(cls, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        read_page_types(value)
        return value

    @field_validator("policy")
    @classmethod
    def _policies(cls, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        read_policies(value)
        return value

    def with_options(self, options: dict[str, Any], more_engines: tuple[str, ...] = ()) -> Settings:
        """With what the command line says, which goes before what is set anywhere. Raises ValidationError."""
        engines = {"engines": list(dict.fromkeys([*self.engines, *more_engines]))} if more_engines else {}
        changed = Settings(**{**self.model_dump(exclude_unset=True), **options, **engines})
        changed._before_options, changed._options, changed._more_engines = self, options, more_engines
        return changed

    def with_screens(self, for_all: Mapping[str, Any], of_site: Mapping[str, Any]) -> Settings:
        """With what is set on the screens: for all sites behind the file, for one site before it; see `rules.setting`."""
        of_file = (self._before_options or self).model_dump(exclude_unset=True)
        changed = Settings(**{**for_all, **of_file, **of_site})
        return changed.with_options(self._options, self._more_engines)

    def for_run(
        self, *, max_pages: int | None = None, offline: bool = False, confirms: bool | None = None, full: bool = False
    ) -> RunSettings:
        """What one run is made with. `full`: everything is asked anew."""
        return RunSettings(
            limits=Limits(
                max_pages=max_pages or self.max_pages,
                max_depth=self.max_depth,
                max_minutes=self.max_minutes,
                max_pages_per_shape=self.max_pages_per_shape,
                max_page_bytes=self.max_page_bytes,
                max_sitemap_urls=self.max_sitemap_urls,
                max_documents=self.max_documents,
                max_document_bytes=self.max_document_bytes,
            ),
            pace=Pace(self.requests_at_once, self.delay_s, self.timeout_s, self.obey_robots),
            norm_id=self.norm,
            engines=tuple(self.engines),
            confirms=self.confirm if confirms is None else confirms,
            workers=self.workers,
            queue=self.queue,
            contact=self.contact,
            offline=offline,
            seconds_before_second_look=self.seconds_before_second_look,
            link_cache_hours=0 if full else self.link_cache_hours,
            tests_all=full,
            load_timeout_s=self.load_timeout_s,
            page_types=read_page_types(self.page_types),
            policies=read_policies(self.policy),
            review_months=self.review_months,
        )

    def for_messages(self) -> MessageSettings:
        """What messages are sent with. Secrets are read here and kept nowhere. Raises SettingsError."""
        server = None
        if self.mail_server:
            if not self.mail_sender:
                raise SettingsError(f'{FILE}: mail_server needs mail_sender. Write for example: mail_sender = "web@example.nl"')
            server = MailServer(
                host=self.mail_server,
                port=self.mail_port,
                security=self.mail_security,
                user=self.mail_user,
                password=os.environ.get(MAIL_PASSWORD_VARIABLE) or _secret_in(self.mail_password_file),
                ca_file=str(self.mail_ca_file or ""),
            )
        return MessageSettings(
            mail=server,
            sender=self.mail_sender,
            public_url=self.public_url,
            webhook_secrets={name: _secret_in(file) for name, file in self.webhook_secrets.items()},
            webhook_private=self.webhook_private,
            user_agent=self.for_run().user_agent,
        )

    def for_tickets(self) -> TrackerSettings:
        """What tickets are filed with. Secrets are read here and kept nowhere. Raises SettingsError."""
        trackers = read_trackers(self.trackers)
        return TrackerSettings(
            trackers=trackers,
            secrets={name: _secret_of(tracker) for name, tracker in trackers.items()},
            may_be_private=self.webhook_private,
            user_agent=self.for_run().user_agent,
        )


def _secret_of(tracker: Tracker) -> str:
    """The secret of a tracker; empty where its variable is not set."""
    if tracker.secret_env:
        return os.environ.get(tracker.secret_env, "").strip()
    return _secret_in(Path(tracker.secret_file))


def _secret_in(file: Path | None) -> str:
    """The first line of a file that holds a secret. Raises SettingsError, which does not hold it."""
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8").splitlines()[0].strip()
    except (OSError, UnicodeDecodeError, IndexError) as error:
        raise SettingsError(f"{file} cannot be read, or is empty: it is to hold a secret on its first line.") from error


def load_settings(file: Path = FILE) -> Settings:
    """The settings of a file, or the defaults where it is not there; VIERLUIK_DB wins over the file.

    Raises SettingsError with one sentence per fault.
    """
    values: dict[str, Any] = {}
    if file.exists():
        try:
            values = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file} is not valid TOML: {error}.") from error
        except OSError as error:
            raise SettingsError(f"{file} cannot be read: {error.strerror}.") from error
    if database := os.environ.get(DATABASE_VARIABLE):
        values["database"] = database
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(file, one) for one in error.errors())) from error


def _sentence(file: Path, error: Any) -> str:
    name = str(error["loc"][0])
    names = list(Settings.model_fields)
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, names, 1)
        guess = f"Did you mean {near[0]}? " if near else ""
        return f"{file}: there is no setting '{name}'. {guess}The settings are: {', '.join(names)}."
    field = Settings.model_fields[name]
    example = field.get_default()
    if error["type"] == "value_error" and name in ("policy", "page_types", "trackers"):
        return f"{file}: {error['msg'].removeprefix('Value error, ')}"
    wrong = error["msg"].removeprefix("Value error, ")
    said = f"is {error['input']!r}, which does not fit" if field.repr else "does not fit"  # a secret is not told
    return f"{file}: {name} {said}: {wrong}. Write for example: {name} = {as_toml(example)}"


def as_toml(value: object) -> str:
    if value is None or isinstance(value, StrEnum):
        return f'"{value or ""}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, StrEnum):
        value = value.value
    return repr(value).replace("'", '"') if isinstance(value, str | list) else str(value)
