"""The tables. Times are UTC; JSON columns hold plain data of the types in `rules/`.

A finding, a page's state and a link are intervals: a row says from which run on something was so (`first_run_id`) and by
which run it was no longer so (`closed_run_id`, empty while it lasts). What stays the same writes nothing, so the database
grows with change, not with time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    REAL,
    BigInteger,
    DateTime,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

OPEN = text("closed_run_id IS NULL")
LOADED = "loaded"  # the state of a page as it is when it is opened


class UtcTime(TypeDecorator[datetime]):
    """A moment with its time zone in and out, also on SQLite, which knows none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcTime, dict[str, Any]: JSON, list[str]: JSON, bytes: LargeBinary}


class Site(Base):
    """A website that is watched."""

    __tablename__ = "site"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    start_url: Mapped[str] = mapped_column(Text)
    origins: Mapped[list[str]]
    path_prefix: Mapped[str] = mapped_column(Text, default="/")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what differs from vierluik.toml
    time_zone: Mapped[str] = mapped_column(String(50), default="Europe/Amsterdam")
    created_at: Mapped[datetime]


class Run(Base):
    """One run over a site, with what it was made with: results are only comparable where that is equal."""

    __tablename__ = "run"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="full")
    state: Mapped[str] = mapped_column(String(20))  # a rules.run.RunState
    reason: Mapped[str] = mapped_column(String(50), default="")  # why it ended otherwise: a key of rules.reason
    requested_by: Mapped[str] = mapped_column(String(200), default="")
    process: Mapped[str] = mapped_column(String(100), default="")  # host and process number of who runs it
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime]
    norm: Mapped[str] = mapped_column(String(30))
    rule_set: Mapped[str] = mapped_column(String(64))  # hash of every rule with its version
    engines: Mapped[dict[str, Any]] = mapped_column(default=dict)  # name: version
    browser: Mapped[str] = mapped_column(String(100), default="")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    coverage: Mapped[dict[str, Any]] = mapped_column(default=dict)  # counts, set when the run ends
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # while it goes on: see runs.beat
    continued: Mapped[int] = mapped_column(default=0, server_default="0")  # how often the scheduler took it up again
    stop_asked: Mapped[str] = mapped_column(String(10), default="", server_default="")  # a rules.run.StopAsked


class Page(Base):
    """A page of a site by its identity; it keeps its row however often it changes."""

    __tablename__ = "page"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    identity: Mapped[str] = mapped_column(Text)  # a rules.address.page_identity
    identity_hash: Mapped[str] = mapped_column(String(32))
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    owner: Mapped[str] = mapped_column(String(200), default="")  # by the owner rules of the site; empty: nobody's
    page_type: Mapped[str] = mapped_column(String(50), default="")
    template_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id", ondelete="SET NULL"))
    author: Mapped[str] = mapped_column(String(200), default="", server_default="")  # as the page itself says
    linked_from: Mapped[int | None]  # pages of the site that lead to it, by the newest run; None: not counted yet
    __table_args__ = (UniqueConstraint("site_id", "identity_hash"), Index("ix_page_owner", "site_id", "owner"))


class PageState(Base):
    """How a page was from one run to another. A run in which nothing changed writes no row."""

    __tablename__ = "page_state"
    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), index=True)
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    closed_run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))  # a rules.task.PageStatus
    reason: Mapped[str] = mapped_column(String(50), default="")
    http_status: Mapped[int | None]
    title: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(35), default="")
    depth: Mapped[int | None]  # fewest clicks from the start page; None: only in the sitemap
    # Of the newest run that tested or asked it: see rules.incremental.LastCheck.
    dom_hash: Mapped[str | None] = mapped_column(String(64))
    assets_hash: Mapped[str | None] = mapped_column(String(64))
    assets_blob: Mapped[str | None] = mapped_column(String(32))  # addresses of its style sheets and scripts
    judged_with: Mapped[str | None] = mapped_column(String(32))
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(String(50))
    outcomes_blob: Mapped[str | None] = mapped_column(ForeignKey("blob.hash"))  # rule: worst outcome
    links_blob: Mapped[str | None] = mapped_column(ForeignKey("blob.hash"))  # what the page refers to
    sample_blob: Mapped[str | None] = mapped_column(String(32))  # what it is compared by with other pages, as last seen
    notes: Mapped[list[str]] = mapped_column(default=list)
    weight: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)  # as last measured
    __table_args__ = (Index("ix_page_state_open", "page_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),)


class PageText(Base):
    """The words of a page as stems, as last seen: what it is found by in full-text search (see storage.page_texts)."""

    __tablename__ = "page_text"
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), primary_key=True)
    headings: Mapped[str] = mapped_column(Text)  # as written, one a line
    title_stems: Mapped[str] = mapped_column(Text)
    heading_stems: Mapped[str] = mapped_column(Text)
    text_stems: Mapped[str] = mapped_column(Text)


class RunPage(Base):
    """The frontier of a run that has not ended: what it has found, and what is done. Emptied when the run ends well."""

    __tablename__ = "run_page"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    identity: Mapped[str] = mapped_column(Text)
    identity_hash: Mapped[str] = mapped_column(String(32))
    url: Mapped[str] = mapped_column(Text)  # as it was first found
    depth: Mapped[int | None]
    step: Mapped[str] = mapped_column(String(10))  # a rules.run.Step
    status: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(50), default="")
    facts: Mapped[bytes | None]  # of a page that waits for the browser: what the crawler saw of it
    __table_args__ = (UniqueConstraint("run_id", "identity_hash"), Index("ix_run_page_step", "run_id", "step"))


class Blob(Base):
    """Content by its hash, stored once: snippets, link lists, outcome lists, later screenshots."""

    __tablename__ = "blob"
    hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    compressed: Mapped[bool] = mapped_column(default=False)  # with zlib
    content: Mapped[bytes]


class Finding(Base):
    """A failed or cantTell verdict on one element of one page, from its first run until the run that saw it gone."""

    __tablename__ = "finding"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(50), default=LOADED)  # of the page: loaded, or journey: see JourneyFinding
    rule: Mapped[str] = mapped_column(String(60))
    rule_version: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))  # a rules.outcome.Outcome
    impact: Mapped[str] = mapped_column(String(10))
    engines: Mapped[list[str]]
    frames: Mapped[list[str]]
    selector: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text, default="")
    snippet_blob: Mapped[str | None] = mapped_column(ForeignKey("blob.hash"))
    message: Mapped[str] = mapped_column(String(50))
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    confirmation: Mapped[str | None] = mapped_column(String(10))  # confirmed or unstable; None: not looked at again
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id", ondelete="SET NULL"))
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    closed_run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"), index=True)
    __table_args__ = (
        Index("ix_finding_open_page", "page_id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_finding_open_rule", "site_id", "rule", "page_id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_finding_page_id", "page_id"),
    )


class Cluster(Base):
    """A cause that many findings share (a rules.cause.CauseKind), or a template that many pages share (kind "page-template")."""

    __tablename__ = "cluster"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # template, component, content
    key: Mapped[str] = mapped_column(String(64))
    rule: Mapped[str] = mapped_column(String(60), default="")
    mender: Mapped[str] = mapped_column(String(20), default="")
    region: Mapped[str] = mapped_column(String(20), default="", server_default="")  # the landmark that it stands in
    confirmation: Mapped[str | None] = mapped_column(String(10))  # of its failures; None: not looked at again yet
    picture_blob: Mapped[str | None] = mapped_column(String(32))  # JPEG of one element, framed
    picture_page_id: Mapped[int | None]  # the page that the picture and the words of a screen reader are of
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of a template: its structure; of a cause: "spoken"
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    __table_args__ = (UniqueConstraint("site_id", "kind", "key"),)


class Link(Base):
    """What an address that pages refer to led to, from one run to another."""

    __tablename__ = "link"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(Text)
    url_hash: Mapped[str] = mapped_column(String(32))
    link_class: Mapped[str] = mapped_column(String(10))  # a rules.observation.LinkClass
    status: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(50), default="")  # a key of rules.reason
    final_url: Mapped[str] = mapped_column(Text, default="")
    content_type: Mapped[str] = mapped_column(String(100), default="")
    permanent: Mapped[bool] = mapped_column(default=False, server_default=false())  # it has moved for good
    fragment: Mapped[str] = mapped_column(String(15), default="", server_default="")  # FragmentState; empty: not checked
    # What follows is of the newest run in which the address was met.
    suggestion: Mapped[str] = mapped_column(Text, default="", server_default="")  # where a broken one should lead
    suggestion_reason: Mapped[str] = mapped_column(String(30), default="", server_default="")  # a key of rules.reason
    asked_at: Mapped[datetime | None]  # when it was last asked; None: never
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    closed_run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"), index=True)
    __table_args__ = (
        Index("ix_link_open", "site_id", "url_hash", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_link_open_class", "site_id", "link_class", sqlite_where=OPEN, postgresql_where=OPEN),
    )


class Document(Base):
    """A PDF or office file of a site, by its address; it keeps its row however often it changes."""

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(Text)
    url_hash: Mapped[str] = mapped_column(String(32))
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    __table_args__ = (UniqueConstraint("site_id", "url_hash"),)


class DocumentState(Base):
    """How a document was from one run to another: judged or not, and its facts (a rules.document.DocumentFacts)."""

    __tablename__ = "document_state"
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    closed_run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"), index=True)
    kind: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(20))  # a rules.task.PageStatus
    reason: Mapped[str] = mapped_column(String(50), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outcomes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # rule: worst outcome
    notes: Mapped[list[str]] = mapped_column(default=list)
    # By which its host is asked whether it has changed, and what it was judged with when it was last fetched.
    etag: Mapped[str] = mapped_column(Text, default="", server_default="")
    last_modified: Mapped[str] = mapped_column(String(50), default="", server_default="")
    judged_with: Mapped[str] = mapped_column(String(64), default="", server_default="")  # hash of the norm and the rules
    __table_args__ = (Index("ix_document_state_open", "document_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),)


class DocumentFinding(Base):
    """What one rule says of one document, for all places in it at once, from its first run until the run that saw it gone."""

    __tablename__ = "document_finding"
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    closed_run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(32))
    rule: Mapped[str] = mapped_column(String(60), index=True)
    rule_version: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))
    impact: Mapped[str] = mapped_column(String(10))
    engines: Mapped[list[str]]
    selector: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text, default="")
    snippet: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(String(50))
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)


class LinkSource(Base):
    """Where a link that is not fine stands, or one to a document. Sources of other sound links are in the pages' link lists."""

    __tablename__ = "link_source"
    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id", ondelete="CASCADE"), index=True)
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    element: Mapped[str] = mapped_column(String(20), default="a")
    via: Mapped[str] = mapped_column(Text, default="")  # the style sheet or document that refers to it, where it is no page


class RunRule(Base):
    """Roll-up: how many findings of a rule were open after a run. Stays for ever; trends read it."""

    __tablename__ = "run_rule"
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(60), primary_key=True)
    rule_version: Mapped[int]
    failed: Mapped[int] = mapped_column(default=0)  # findings
    cannot_tell: Mapped[int] = mapped_column(default=0)
    failed_pages: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)  # pages on which the rule ran to its end
    new: Mapped[int] = mapped_column(default=0)
    closed: Mapped[int] = mapped_column(default=0)


class RunFigure(Base):
    """Roll-up: one figure of a run, such as pages with a failure or dead links. Stays for ever."""

    __tablename__ = "run_figure"
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[float]


class Decision(Base):
    """What a person decided about a finding; apart from the finding, so that both keep their own history.

    It is about one finding of one page (page and fingerprint), or about a whole cause (cluster): a changed element has another
    fingerprint, and is not decided about. What is over is kept; whether it holds is derived (see storage.decisions).
    """

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), index=True)
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id", ondelete="SET NULL"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(32), index=True)  # empty: all of the cause
    rule: Mapped[str] = mapped_column(String(60), default="", server_default="")
    batch: Mapped[str] = mapped_column(String(32), default="", server_default="", index=True)  # what was decided in one go
    kind: Mapped[str] = mapped_column(String(20))  # a rules.decision.DecisionKind
    reason: Mapped[str] = mapped_column(String(50))  # one of rules.decision.REASONS
    note: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[str] = mapped_column(String(200))
    needs_second: Mapped[bool] = mapped_column(default=False, server_default=false())  # it does not hold before somebody agrees
    seconded_by: Mapped[str] = mapped_column(String(200), default="")
    seconded_at: Mapped[datetime | None]
    assignee: Mapped[str] = mapped_column(String(200), default="", server_default="")  # whom it was given to, or asked
    due_on: Mapped[date | None]  # promised for
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")  # to a question
    answered_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    decided_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(200), default="", server_default="")


class Request(Base):
    """Something a button or a command asks for; the scheduler takes it up."""

    __tablename__ = "request"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # run, check_page, test_findability …
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(10), index=True)  # waiting, taken, asks, done, failed, cancelled
    requested_by: Mapped[str] = mapped_column(String(200), default="")
    requested_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Statement(Base):
    """An accessibility statement in the public register, for one of its hosts; brought in whole, and replaced whole."""

    __tablename__ = "statement"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))  # in the register
    host: Mapped[str] = mapped_column(String(253))  # without www
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(1))  # A to E
    agreed_on: Mapped[date | None]
    url: Mapped[str] = mapped_column(String(300))  # in the register
    imported_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("host", "number"),)


class ListedProduct(Base):
    """A name of the national list of product names (UPL); brought in whole, and replaced whole. See `rules.upl.Product`."""

    __tablename__ = "product"
    uri: Mapped[str] = mapped_column(String(300), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    sdg: Mapped[str] = mapped_column(String(40))
    for_municipality: Mapped[bool]
    for_citizen: Mapped[bool]
    for_business: Mapped[bool]
    is_request: Mapped[bool]
    is_subsidy: Mapped[bool]
    is_notification: Mapped[bool]
    is_duty: Mapped[bool]
    by_digid: Mapped[bool]
    imported_at: Mapped[datetime]


class ProductCoverageRow(Base):
    """What the newest look at a site says of one municipal product of the list; looked at anew, all rows are replaced."""

    __tablename__ = "product_coverage"
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    uri: Mapped[str] = mapped_column(String(300), primary_key=True)  # of the product; the list itself may be replaced
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id", ondelete="SET NULL"), index=True)
    matched_by: Mapped[str] = mapped_column(String(10))  # a rules.product_coverage.MatchedBy; empty: no page
    pages: Mapped[int]
    form: Mapped[str] = mapped_column(String(10))  # a rules.product_coverage.OnlineForm
    form_url: Mapped[str] = mapped_column(Text)
    searches: Mapped[int | None]  # in the last year, of queries that may be shown; None: no search log
    queries: Mapped[list[str]]
    looked_at: Mapped[datetime]


class ProductNotOffered(Base):
    """A person said that this municipality does not offer a product of the list."""

    __tablename__ = "product_not_offered"
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    uri: Mapped[str] = mapped_column(String(300), primary_key=True)
    person: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500))
    decided_at: Mapped[datetime]


class FeedbackImport(Base):
    """A file of feedback that was brought in: what was in it, and what was left out. Nothing here is personal data."""

    __tablename__ = "feedback_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))  # of what was read, with how it was read
    imported_at: Mapped[datetime]
    answers: Mapped[int]
    added: Mapped[int]  # answers that were not known before
    __table_args__ = (UniqueConstraint("site_id", "digest"),)


class FeedbackAnswer(Base):
    """What a visitor said of a page, masked. Its number is made of all of it: the same answer in another file is known."""

    __tablename__ = "feedback"
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    address: Mapped[str] = mapped_column(Text)
    address_hash: Mapped[str] = mapped_column(String(32))  # that of the page's identity
    day: Mapped[date]
    rating: Mapped[float | None] = mapped_column(REAL)  # 0 (worst) to 1 (best); None: no score, only a comment
    comment: Mapped[str] = mapped_column(Text)  # empty: none, or its retention is over
    __table_args__ = (Index("ix_feedback_address", "site_id", "address_hash"), Index("ix_feedback_day", "day"))


class FindabilityTask(Base):
    """What residents come for on a site: a rules.findability.SearchTask, proposed or confirmed."""

    __tablename__ = "findability_task"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    product: Mapped[str] = mapped_column(String(200), default="")
    queries: Mapped[list[str]]
    grades: Mapped[dict[str, Any]]  # address of a right page: its grade, 1 to 3
    state: Mapped[str] = mapped_column(String(10))  # a rules.findability.TaskState
    source: Mapped[str] = mapped_column(String(20), default="")  # where it comes from: person, file, crawl, log
    reason: Mapped[str] = mapped_column(String(10), default="", server_default="")  # a rules.findability.ProposalReason
    people: Mapped[int | None]  # visits a month that ask for it; None: not known
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("site_id", "title"),)


class SiteSearchRow(Base):
    """How a site is searched, as it was found out or set; proposed until a person confirms it."""

    __tablename__ = "site_search"
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))  # a rules.findability.TaskState
    settings: Mapped[dict[str, Any]]  # a rules.findability.SiteSearch
    example: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the rules.findability.ResultList that it was learned by
    learned_at: Mapped[datetime]


class FindabilityRun(Base):
    """One test of all confirmed tasks of a site."""

    __tablename__ = "findability_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20))  # a rules.run.RunState
    reason: Mapped[str] = mapped_column(String(50), default="")  # why it failed: a key of rules.reason
    requested_by: Mapped[str] = mapped_column(String(200), default="")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)


class FindabilityResult(Base):
    """What a test said of one task."""

    __tablename__ = "findability_result"
    run_id: Mapped[int] = mapped_column(ForeignKey("findability_run.id", ondelete="CASCADE"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("findability_task.id", ondelete="CASCADE"), primary_key=True, index=True)
    verdict: Mapped[str] = mapped_column(String(20))  # a rules.findability.TaskVerdict
    rank: Mapped[int | None]  # of the first right page for the most usual words; None: not among the first ten
    figures: Mapped[dict[str, Any]]  # a rules.findability.TaskFigures
    details: Mapped[dict[str, Any]]  # a rules.findability.TaskDetails


class FindabilityLoss(Base):
    """A task whose page left the first results: from the test that saw it to the one that found it again."""

    __tablename__ = "findability_loss"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("findability_task.id", ondelete="CASCADE"), index=True)
    lost_run_id: Mapped[int] = mapped_column(ForeignKey("findability_run.id", ondelete="CASCADE"))
    rank_before: Mapped[int]
    found_run_id: Mapped[int | None] = mapped_column(ForeignKey("findability_run.id", ondelete="CASCADE"))  # None: still lost


class SearchSource(Base):
    """A search log of a site that is brought in again and again, such as "combined" or "matomo"."""

    __tablename__ = "search_source"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(30))  # a rules.search_log.Source
    facts: Mapped[list[str]] = mapped_column(default=list)  # rules.search_log.Fact: the rest cannot be determined from it
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # search addresses, mapping of columns
    __table_args__ = (UniqueConstraint("site_id", "name"),)


class SearchImport(Base):
    """A file that was brought in: what was in it, and what was left out. Nothing here is personal data."""

    __tablename__ = "search_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("search_source.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))  # of what was read, with how it was read
    imported_at: Mapped[datetime]
    first_day: Mapped[date]
    last_day: Mapped[date]
    lines: Mapped[int]
    searches: Mapped[int]
    clicks: Mapped[int]
    added: Mapped[int]  # events, or totals of a query, that were not known before
    bad_lines: Mapped[int]
    bad_samples: Mapped[dict[str, Any]] = mapped_column(default=dict)  # line number: what is wrong with it
    left_out: Mapped[dict[str, Any]] = mapped_column(default=dict)  # reason: how many
    masked: Mapped[dict[str, Any]] = mapped_column(default=dict)  # kind of personal data: how many
    __table_args__ = (UniqueConstraint("source_id", "digest"),)


class SearchQuery(Base):
    """A query as it is kept: masked, in small letters. Its number is made of its words (rules.search_log.text_number)."""

    __tablename__ = "search_query"
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(String(300))
    __table_args__ = ({"sqlite_with_rowid": False},)


class SearchTotal(Base):
    """What a source says of one query over one period; of events a day of the site's own time. NULL: it cannot be determined."""

    __tablename__ = "search_total"
    source_id: Mapped[int] = mapped_column(ForeignKey("search_source.id", ondelete="CASCADE"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date] = mapped_column(primary_key=True)
    query_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    searches: Mapped[int]
    sessions: Mapped[int | None]
    known_results: Mapped[int] = mapped_column(default=0)
    zero_results: Mapped[int | None]
    clicked: Mapped[int | None]
    abandoned: Mapped[int | None]
    exits: Mapped[int | None]
    spelling: Mapped[int | None]
    added: Mapped[int | None]
    removed: Mapped[int | None]
    replaced: Mapped[int | None]
    positioned: Mapped[int] = mapped_column(default=0)
    reciprocal_ranks: Mapped[float] = mapped_column(REAL, default=0.0)
    __table_args__ = (Index(None, "source_id", "query_id"), {"sqlite_with_rowid": False})


class SearchPeriod(Base):
    """What the totals of a source over one period add up to, all queries together (storage/search_periods.py)."""

    __tablename__ = "search_period"
    source_id: Mapped[int] = mapped_column(ForeignKey("search_source.id", ondelete="CASCADE"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date] = mapped_column(primary_key=True)
    searches: Mapped[int] = mapped_column(BigInteger)
    sessions: Mapped[int | None] = mapped_column(BigInteger)
    known_results: Mapped[int] = mapped_column(BigInteger)
    zero_results: Mapped[int | None] = mapped_column(BigInteger)
    clicked: Mapped[int | None] = mapped_column(BigInteger)
    abandoned: Mapped[int | None] = mapped_column(BigInteger)
    exits: Mapped[int | None] = mapped_column(BigInteger)
    spelling: Mapped[int | None] = mapped_column(BigInteger)
    added: Mapped[int | None] = mapped_column(BigInteger)
    removed: Mapped[int | None] = mapped_column(BigInteger)
    replaced: Mapped[int | None] = mapped_column(BigInteger)
    positioned: Mapped[int] = mapped_column(BigInteger)
    reciprocal_ranks: Mapped[float] = mapped_column(Double)
    clicked_of: Mapped[int] = mapped_column(BigInteger)  # searches of which it is known
    abandoned_of: Mapped[int] = mapped_column(BigInteger)
    exits_of: Mapped[int] = mapped_column(BigInteger)


class SearchEventRow(Base):
    """A search or a click, kept for 90 days. The same moment, query and order is the same event, in whatever file it comes."""

    __tablename__ = "search_event"
    source_id: Mapped[int] = mapped_column(ForeignKey("search_source.id", ondelete="CASCADE"), primary_key=True)
    at_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # since 1970, UTC
    query_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    is_click: Mapped[bool] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)  # of those that are otherwise alike
    import_id: Mapped[int] = mapped_column(ForeignKey("search_import.id", ondelete="CASCADE"))
    session: Mapped[int | None] = mapped_column(BigInteger)
    page: Mapped[str | None] = mapped_column(Text)  # where a click led, without its query
    hits: Mapped[int | None] = mapped_column(BigInteger)
    position: Mapped[int | None]
    exits: Mapped[bool | None]
    __table_args__ = ({"sqlite_with_rowid": False},)


class SearchClosedDay(Base):
    """A day of which the events are gone and the totals stay: what of it is brought in again between these moments is known."""

    __tablename__ = "search_closed_day"
    source_id: Mapped[int] = mapped_column(ForeignKey("search_source.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    first_ms: Mapped[int] = mapped_column(BigInteger)
    last_ms: Mapped[int] = mapped_column(BigInteger)


class SearchGap(Base):
    """A query that finds nothing, why, and when somebody mended that. Its words stand in SearchQuery."""

    __tablename__ = "search_gap"
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    query_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    measured: Mapped[str] = mapped_column(String(10))  # "results", or "clicks" where no source knows results
    visits: Mapped[int]  # that asked it in the days that were looked at; of a source without visits its searches
    searches: Mapped[int]  # of which the results or clicks are known
    missed: Mapped[int]  # of those, without results or without a click
    days: Mapped[int] = mapped_column(default=90, server_default="90")  # that were looked at, of those that are known
    gap: Mapped[str] = mapped_column(String(20))  # a rules.content_gap.Gap; empty: no page of the site is known
    page: Mapped[str] = mapped_column(Text)  # the identity of the page that answers it
    meant: Mapped[str] = mapped_column(Text)  # the words by which it is found
    judged_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class SearchCluster(Base):
    """Which queries ask for one thing, under the one that is asked most. A query that stands alone has no row."""

    __tablename__ = "search_cluster"
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    query_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    head_id: Mapped[int] = mapped_column(BigInteger)  # the query that is asked most
    product: Mapped[str] = mapped_column(String(300))  # its name in the list of products; empty: none


class Measurement(Base):
    """What somebody measured elsewhere, such as how satisfied visitors are: one value of a series over one period."""

    __tablename__ = "measurement"
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    series: Mapped[str] = mapped_column(String(100), primary_key=True)
    source: Mapped[str] = mapped_column(String(100), primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(32), primary_key=True)  # of no page: empty
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(Text)  # the page that it is about; empty: the whole site
    kpi: Mapped[str] = mapped_column(String(50))  # beside which it belongs; empty: none
    value: Mapped[float] = mapped_column(REAL)
    answers: Mapped[int | None]  # that it was measured over
    imported_at: Mapped[datetime]


class SearchPurge(Base):
    """Proof that the retention periods were kept: what was removed, and when."""

    __tablename__ = "search_purge"
    id: Mapped[int] = mapped_column(primary_key=True)
    purged_at: Mapped[datetime]
    events_before: Mapped[date]
    events: Mapped[int]
    totals_before: Mapped[date]
    totals: Mapped[int]
    queries: Mapped[int]


class DetailPurge(Base):
    """Proof that the detail of old runs went when its time was over: how many rows of each kind, and when."""

    __tablename__ = "detail_purge"
    id: Mapped[int] = mapped_column(primary_key=True)
    purged_at: Mapped[datetime]
    before: Mapped[date | None]  # what had been closed before this day; None: only content that nothing referred to
    removed: Mapped[dict[str, Any]]


def table_of(model: type[Base]) -> Table:
    """The bare table of a model: writing many rows past the object layer takes half the time."""
    assert isinstance(model.__table__, Table)
    return model.__table__
