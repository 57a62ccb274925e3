"""The tables of evaluations by people: the sample, what was said of each criterion on each page, and what shows it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class StoredEvaluation(Base):
    """One evaluation of a site. It stays until somebody removes it: no retention period takes it."""

    __tablename__ = "evaluation"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # a rules.evaluation.EvaluationKind
    norm: Mapped[str] = mapped_column(String(30))
    run_id: Mapped[int | None]  # the run that the sample was proposed from; it may be gone
    made_on: Mapped[date]  # the day of the report
    revision: Mapped[int] = mapped_column(default=1)  # version of the document
    details: Mapped[dict[str, Any]]  # the texts of steps 1, 2 and 5: see storage.evaluations.TEXTS
    evaluators: Mapped[list[str]]
    reviewer: Mapped[str] = mapped_column(String(200), default="")
    seed: Mapped[str] = mapped_column(String(100), default="")
    frame: Mapped[int] = mapped_column(default=0)
    machine: Mapped[dict[str, Any]] = mapped_column(default=dict)  # a rules.evaluation.MachineLook, of that run
    retest_of: Mapped[int | None]  # the evaluation of which only the failures are looked at again
    retested: Mapped[list[str]] = mapped_column(default=list)
    version: Mapped[int] = mapped_column(default=1)  # rises with each change of what stands above
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class StoredSamplePage(Base):
    """A page of the sample; one that was replaced keeps its row, with the reason."""

    __tablename__ = "evaluation_page"
    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id", ondelete="CASCADE"))
    number: Mapped[int]  # its own within the evaluation
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    part: Mapped[str] = mapped_column(String(10))  # a rules.evaluation.SamplePart
    role: Mapped[str] = mapped_column(String(10))  # a rules.evaluation.SampleRole
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id", ondelete="SET NULL"), index=True)
    template: Mapped[int | None]
    is_document: Mapped[bool] = mapped_column(default=False)
    removed_on: Mapped[date | None]  # None: it is in the sample
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was replaced
    replaced_by: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (UniqueConstraint("evaluation_id", "number"),)


class StoredAssessment(Base):
    """What one person says of one criterion on one page, or on the whole sample (page 0), as it stands now."""

    __tablename__ = "assessment"
    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id", ondelete="CASCADE"))
    criterion: Mapped[str] = mapped_column(String(10))
    page: Mapped[int]  # StoredSamplePage.number, or 0
    assessor: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(20))  # a rules.outcome.Outcome
    texts: Mapped[dict[str, Any]]  # rules.evaluation.TEXTS, "planned_on" and "exemption"
    version: Mapped[int]
    saved_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("evaluation_id", "criterion", "page", "assessor"),)


class AssessmentRevision(Base):
    """Everything that anybody ever saved, or tried to save while somebody else did: nobody's text is lost."""

    __tablename__ = "assessment_revision"
    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id", ondelete="CASCADE"))
    criterion: Mapped[str] = mapped_column(String(10))
    page: Mapped[int]
    assessor: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(20))
    texts: Mapped[dict[str, Any]]
    version: Mapped[int]  # that it became; of one that was refused the one that it was written over
    refused: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]
    __table_args__ = (Index("ix_assessment_revision_cell", "evaluation_id", "criterion", "page"),)


class StoredEvidence(Base):
    """What shows that an assessment is right: a picture, a piece of code, a note or a file."""

    __tablename__ = "evaluation_evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id", ondelete="CASCADE"), index=True)
    criterion: Mapped[str] = mapped_column(String(10))
    page: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime]


class StoredPack(Base):
    """An evidence pack that was made: the hash of its manifest, and of the one before it. The file itself is not kept."""

    __tablename__ = "evidence_pack"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    evaluation_id: Mapped[int | None]
    manifest_sha256: Mapped[str] = mapped_column(String(64), index=True)
    previous_sha256: Mapped[str] = mapped_column(String(64))  # empty: the first of the site
    made_at: Mapped[datetime]
