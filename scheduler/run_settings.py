"""What a run is made with, settled before it starts: plain values, wherever they were set."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Self

from checks.accessibility.engines.opinions import engine_versions
from rules.login import Login
from rules.norm import DEFAULT_NORM, Norm, norms
from rules.observation import REVIEW_MONTHS
from rules.page_type import PageTypePattern, read_page_types
from rules.policy import Policy, read_stored_policies
from rules.rule import catalogue
from rules.site import Limits, Pace
from rules.task import CheckRequest

if TYPE_CHECKING:
    from crawler.door import Door

# The cheapest first: of a page that is too large for one of them, the others have said their say.
ENGINES = ("vierluik", "accesslint", "axe", "qualweb", "alfa")
NO_ENGINE = "none"  # walk and ask links only; no browser is opened


@dataclass(frozen=True)
class RunSettings:
    """Everything about a run but the site."""

    limits: Limits = field(default_factory=Limits)
    pace: Pace = field(default_factory=Pace)
    norm_id: str = DEFAULT_NORM
    engines: tuple[str, ...] = ("axe", "accesslint", "vierluik")
    confirms: bool = True  # look at each failure a second time before it counts
    workers: int = 0  # browsers at work at once; 0: one per core
    queue: bool = False  # pages are tested by `vierluik worker`, anywhere, and not by browsers of this process
    contact: str = ""  # how the site's administrator reaches whoever runs Vierluik; part of the User-Agent
    offline: bool = False
    seconds_before_second_look: float = 30.0
    link_cache_hours: float = 24.0  # how long a sound answer of another host holds; 0: every link is asked
    load_timeout_s: float = 20.0  # for a page to load in the browser
    page_types: tuple[PageTypePattern, ...] = ()  # of the site itself first
    policies: tuple[Policy, ...] = ()  # those of the site itself first
    policies_of_site: tuple[str, ...] = ()  # the ids of those
    login: Login | None = None  # what the site's log-in is, without its secrets
    door: Door | None = field(default=None, repr=False, compare=False)  # the way in, in memory: see scheduler.admission
    review_months: int = REVIEW_MONTHS  # after which a page is to be looked over
    tests_all: bool = False  # also pages that have not changed

    @property
    def norm(self) -> Norm:
        return norms()[self.norm_id]

    @property
    def takes_pictures(self) -> bool:
        """What only shows once logged in may be somebody's: it is not pictured, unless that is set."""
        return self.login is None or self.login.pictures

    @property
    def opens_pages(self) -> bool:
        """Whether pages are opened in a browser at all; without an engine only links are asked."""
        return self.engines != (NO_ENGINE,)

    @property
    def browsers(self) -> int:
        return self.workers or max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)

    @property
    def judges_documents_with(self) -> str:
        """What is said of a document depends on this and on the document alone."""
        return hashlib.sha256(f"{self.norm_id} {rule_set_hash()} {version('vierluik')}".encode()).hexdigest()

    def judges_pages_with(self, browser: str) -> str:
        """What is said of a page depends on this and on the page alone. `browser`: its name and major version."""
        said_of_site = [asdict(one) for one in self.page_types], [one.as_stored() for one in self.policies], self.review_months
        made_with = (self.norm_id, rule_set_hash(), engine_versions(self.engines), browser, said_of_site, self.offline)
        of_run = (self.confirms, version("vierluik"), self.limits.max_page_bytes)
        return hashlib.sha256(json.dumps([made_with, of_run], sort_keys=True).encode()).hexdigest()[:32]

    @property
    def user_agent(self) -> str:
        contact = f" (+{self.contact})" if self.contact else ""
        return f"Vierluik/{version('vierluik')}{contact}"

    def of_site(self, settings: Mapping[str, Any]) -> Self:
        """With what is set for one site: that goes before what is set for all."""
        page_types = read_page_types(settings.get("page_types", ()))
        policies = read_stored_policies(settings.get("policies", ()))
        own = tuple(policy.id for policy in policies)
        return replace(
            self,
            page_types=tuple(dict.fromkeys((*page_types, *self.page_types))),
            policies=(*policies, *(policy for policy in self.policies if policy.id not in own)),
            policies_of_site=own,
            login=Login.of_site(settings),
        )

    def like(self, norm_id: str, stored: Mapping[str, Any]) -> Self:
        """As an earlier run of the site was made, for a look at one page of it: what is said must not differ by that."""
        engines = tuple(stored.get("engines", ()))
        return replace(
            self,
            norm_id=norm_id if norm_id in norms() else self.norm_id,
            engines=engines if engines and replace(self, engines=engines).opens_pages else self.engines,
            contact=stored.get("contact", self.contact),
            offline=stored.get("offline", self.offline),
            page_types=read_page_types(stored.get("page_types", ())),
            review_months=stored.get("review_months", self.review_months),
        )

    def request(self, url: str, *, touch: bool = False) -> CheckRequest:
        """The unit of work for one page of a run."""
        return CheckRequest(
            (url,), self.engines, self.norm_id, touch, self.page_types, self.policies, review_months=self.review_months
        )

    def as_stored(self) -> dict[str, Any]:
        """What is written beside the run; no secrets are among it."""
        return {
            "limits": asdict(self.limits),
            "pace": asdict(self.pace),
            "workers": self.browsers,
            "offline": self.offline,
            "contact": self.contact,
            "engines": list(self.engines),
            "page_types": [asdict(one) for one in self.page_types],
            "policies": [policy.as_stored() for policy in self.policies],
            "policies_of_site": list(self.policies_of_site),
            "review_months": self.review_months,
        }


def rule_set_hash() -> str:
    """Changes whenever a rule comes, goes or changes: results are comparable where it is equal."""
    versions = {rule.id: rule.version for rule in catalogue().values()}
    return hashlib.sha256(json.dumps(versions, sort_keys=True).encode()).hexdigest()
