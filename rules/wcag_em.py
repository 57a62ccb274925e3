"""The file of the W3C WCAG-EM Report Tool (JSON-LD): an evaluation written as it, and read from it.

Source: w3c/wai-wcag-em-report-tool v3.0.3, its JSON-LD context, its data model and what it does when it opens a file:
criteria are known by what follows the last colon of `test.id`, pages by their address, outcomes by `earl:` and their name.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any

from rules.evaluation import (
    WHOLE_SAMPLE,
    Assessment,
    Evaluation,
    EvaluationError,
    Exemption,
    Results,
    SamplePage,
    SamplePart,
    SampleRole,
    deciding,
)
from rules.norm import Language, norms, success_criteria
from rules.outcome import Outcome

Node = dict[str, Any]

LARGEST = 20_000_000  # bytes of a file
TOOL_VERSION = "3.0.3"
DATE_TYPE = "http://www.w3.org/TR/NOTE-datetime"
WCAG_EM = "http://www.w3.org/TR/WCAG-EM/#"
NORM_OF_VERSION = {"2.0": "en301549-3.2.1", "2.1": "en301549-3.2.1", "2.2": "en301549-4.1.1"}
OUTCOMES = {
    Outcome.PASSED: "Pass",
    Outcome.FAILED: "Fail",
    Outcome.CANNOT_TELL: "CannotTell",
    Outcome.INAPPLICABLE: "NotApplicable",
    Outcome.UNTESTED: "NotTested",
}
TECHNOLOGIES = {  # that the tool knows, and how it describes them
    "HTML": "https://html.spec.whatwg.org/",
    "CSS": "http://www.w3.org/Style/CSS/specs/",
    "WAI-ARIA": "http://www.w3.org/TR/wai-aria/",
    "JavaScript": "https://262.ecma-international.org/",
    "SVG": "http://www.w3.org/TR/SVG/",
    "PDF": "https://www.iso.org/standard/51502.html",
}
BY_NORM = "W3C"  # who asserts what the norm itself says
PARTS: dict[Language, dict[str, str]] = {  # how the parts of a deviation are told apart in the one text that the file has
    "nl": {
        "cause": "Oorzaak",
        "effect": "Gevolg",
        "alternative": "Alternatief",
        "measure": "Maatregel",
        "planned_on": "Planning",
        "exemption": "Uitzondering",
    },
    "en": {
        "cause": "Cause",
        "effect": "Effect",
        "alternative": "Alternative",
        "measure": "Measure",
        "planned_on": "Planning",
        "exemption": "Exemption",
    },
}
LABELS = {label: name for parts in PARTS.values() for name, label in parts.items()}
LABEL = re.compile(rf"(?:^|\n\n)({'|'.join(LABELS)}): ")
ABOUT = "\n\n—— Vierluik ——\n"  # under it stands what the export adds, and nobody wrote
LIKE_AN_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")


# --- writing ---------------------------------------------------------------------------------------------------------


def as_wcag_em(results: Results, about: str = "") -> Node:
    """The evaluation as the file that the tool saves; the tool opens it, and `read_wcag_em` reads it back.

    `about` is what was looked at and what was not: it stands under ABOUT in the specifics, and reading back leaves it out.
    """
    told = results.evaluation
    titles = unique_titles(told)
    site = {"id": "_:subject_1", "type": ["TestSubject", "Website"], "title": told.site, "description": told.scope}
    pages = {page.number: _page_node(page, titles[page.number]) for page in told.sample}
    parts = {part: [pages[page.number] for page in told.sample if page.part is part] for part in SamplePart}
    return {
        "@context": context(),
        "type": "Evaluation",
        "language": told.language,
        "reportToolVersion": TOOL_VERSION,
        "defineScope": {
            "id": "_:defineScope",
            "scope": site,
            "wcagVersion": told.norm.wcag,
            "conformanceTarget": "AA",
            "accessibilitySupportBaseline": told.support_baseline,
            "additionalEvaluationRequirements": told.extra_requirements,
        },
        "exploreTarget": {
            "id": "_:exploreTarget",
            "technologiesReliedUpon": [_technology(name) for name in told.technologies],
            "essentialFunctionality": told.essential_functions,
            "pageTypeVariety": told.page_types,
        },
        "selectSample": {
            "id": "_:selectSample",
            "structuredSample": parts[SamplePart.STRUCTURED],
            "randomSample": parts[SamplePart.RANDOM],
        },
        "auditSample": list(_assertions(results, site, pages)),
        "reportFindings": {
            "documentSteps": [{"id": f"_:{step}"} for step in ("about", "defineScope", "exploreTarget", "selectSample")],
            "title": told.title,
            "commissioner": told.commissioner,
            "evaluator": ", ".join(told.evaluators),
            "date": {"type": DATE_TYPE, "@value": told.on.isoformat() if told.on else ""},
            "summary": told.summary,
            "evaluationSpecifics": f"{told.specifics}{ABOUT}{about}" if about else told.specifics,
        },
    }


def context() -> Node:
    """What every word of the file means, by the addresses that the tool's own context gives them."""
    steps = {
        "Evaluation": "procedure",
        "defineScope": "step1",
        "scope": "step1a",
        "accessibilitySupportBaseline": "step1c",
        "additionalEvaluationRequirements": "step1d",
        "exploreTarget": "step2",
        "essentialFunctionality": "step2b",
        "pageTypeVariety": "step2c",
        "technologiesReliedUpon": "step2d",
        "selectSample": "step3",
        "structuredSample": "step3a",
        "randomSample": "step3b",
        "Website": "website",
        "Webpage": "webpage",
        "auditSample": "step4",
        "reportFindings": "step5",
        "documentSteps": "step5a",
        "commissioner": "commissioner",
        "evaluator": "evaluator",
        "evaluationSpecifics": "step5b",
    }
    of_earl: tuple[str, ...] = (
        "Assertion",
        "TestMode",
        "TestCriterion",
        "TestCase",
        "TestRequirement",
        "TestSubject",
        "TestResult",
    )
    of_earl += ("OutcomeValue", *OUTCOMES.values(), "assertedBy", "mode", "result", "subject", "test", "outcome")
    return {
        "reporter": "http://github.com/w3c/wcag-em-report-tool/",
        "wcagem": WCAG_EM,
        **{name: f"wcagem:{step}" for name, step in steps.items()},
        "step1b": {"@id": "wcagem:step1b", "@type": "@id"},
        "conformanceTarget": "step1b",
        "WCAG": "http://www.w3.org/TR/WCAG/#",
        "WCAG20": "http://www.w3.org/TR/WCAG20/#",
        "WCAG21": "http://www.w3.org/TR/WCAG21/#",
        "WAI": "http://www.w3.org/WAI/",
        **{level: f"WAI:WCAG2{level}-Conformance" for level in ("A", "AA", "AAA")},
        "wcagVersion": "WAI:standards-guidelines/wcag/#versions",
        "earl": "http://www.w3.org/ns/earl#",
        **{name: f"earl:{name}" for name in of_earl},
        "dcterms": "http://purl.org/dc/terms/",
        **{name: f"dcterms:{name}" for name in ("title", "description", "summary", "date", "hasPart", "isPartOf")},
        "id": "@id",
        "type": "@type",
        "language": "@language",
    }


def unique_titles(told: Evaluation) -> dict[int, str]:
    """A title of its own for every page: the tool finds pages by it.

    One that looks like an address is put between quotation marks: the tool would take it for the page's address.
    """
    seen: dict[str, int] = {told.site: 1}
    titles = {}
    for page in told.sample:
        title = page.title.strip() or page.url
        wanted = f"“{title}”" if LIKE_AN_ADDRESS.match(title) and title != page.url else title
        count = seen.get(wanted, 0) + 1
        seen[wanted] = count
        while count > 1 and f"{wanted} ({count})" in seen:
            count += 1
        titles[page.number] = wanted if count == 1 else f"{wanted} ({count})"
        seen[titles[page.number]] = max(seen.get(titles[page.number], 0), 1)
    return titles


def _page_node(page: SamplePage, title: str) -> Node:
    number = page.url if _is_address(page.url) else f"_:subject_{page.number + 1}"
    return {"id": number, "type": ["TestSubject", "Webpage"], "title": title, "description": page.url}


def _is_address(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _technology(name: str) -> Node:
    return {"title": name, **({"description": TECHNOLOGIES[name]} if name in TECHNOLOGIES else {})}


def _assertions(results: Results, site: Node, pages: dict[int, Node]) -> Iterator[Node]:
    told = results.evaluation
    for number, one in results.conclusions.items():
        whole = told.cell(number, WHOLE_SAMPLE)
        if whole:
            yield _assertion(told, number, site, one.whole, whole)
        elif one.by_norm:
            yield _assertion(told, number, site, one.outcome, [Assessment(number, WHOLE_SAMPLE, BY_NORM, one.outcome)])
        elif one.outcome is not Outcome.UNTESTED:
            yield _assertion(told, number, site, one.outcome, [])
        for page, outcome in one.pages.items():
            if said := told.cell(number, page):
                yield _assertion(told, number, pages[page], outcome, said)


def _assertion(told: Evaluation, criterion: str, subject: Node, outcome: Outcome, said: list[Assessment]) -> Node:
    words = deciding(said, told.reviewer)
    at = max((one.saved_at for one in said if one.saved_at), default=None)
    dated = {"date": {"type": DATE_TYPE, "@value": _moment(at)}} if at else {}
    description = (
        text_of(words, told.language)
        if words
        else "\n\n".join(f"{one.assessor}: {one.outcome.value}\n{one.description}" for one in said)
    )
    return {
        "type": "Assertion",
        **dated,
        "mode": {"type": "TestMode", "@value": "earl:manual"},
        **({"assertedBy": words.assessor} if words and words.assessor else {}),
        "subject": {key: subject[key] for key in ("id", "type", "title")},
        "test": {
            "id": f"WCAG{told.norm.wcag.replace('.', '')}:{success_criteria()[criterion].anchor}",
            "type": ["TestCriterion", "TestRequirement"],
        },
        "result": {
            "type": "TestResult",
            **dated,
            "description": description.strip(),
            "outcome": {"id": f"earl:{outcome.value}", "type": ["OutcomeValue", OUTCOMES[outcome]]},
        },
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def text_of(said: Assessment, language: str) -> str:
    """All words of an assessment as one text, its parts with their names before them."""
    parts = PARTS["en" if language == "en" else "nl"]
    found = [said.description.strip()] if said.description.strip() else []
    for name, label in parts.items():
        value = getattr(said, name)
        text = value.isoformat() if isinstance(value, date) else str(value or "").strip()
        found += [f"{label}: {text}"] if text else []
    return "\n\n".join(found)


# --- reading ---------------------------------------------------------------------------------------------------------


@dataclass
class Read:
    """An evaluation read from a file, and what of it could not be taken over."""

    evaluation: Evaluation
    unknown_tests: list[str] = field(default_factory=list)  # ids of criteria that the norm does not have
    unknown_outcomes: list[str] = field(default_factory=list)  # taken as not tested
    unknown_subjects: list[str] = field(default_factory=list)  # assertions on no page of the sample
    renamed: list[str] = field(default_factory=list)  # titles that stood there twice
    merged: int = 0  # several verdicts on one cell: they became "cannot tell", as the tool does
    older_wcag: str = ""  # the version that the file was made by, where that is no norm any more


def read_wcag_em(body: bytes) -> Read:
    """Read a file of the tool, or of another program that writes as it does. Raises EvaluationError where it is none."""
    if len(body) > LARGEST:
        raise EvaluationError("no-file", f"The file is larger than {LARGEST // 1_000_000} MB: no report of an evaluation is.")
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise EvaluationError(
            "no-file", "The file is no JSON. Save the evaluation in the report tool and take that file."
        ) from error
    report = _evaluation_node(data)
    if report is None:
        raise EvaluationError("no-file", "The file holds no evaluation. Save it in the WCAG-EM Report Tool and take that file.")
    scope, explore = _node(report.get("defineScope")), _node(report.get("exploreTarget"))
    select, findings = _node(report.get("selectSample")), _node(report.get("reportFindings"))
    version = _text(scope.get("wcagVersion")) or "2.1"
    if version not in NORM_OF_VERSION:
        raise EvaluationError("no-norm", f"The file was made by WCAG {version[:20]}; known are {', '.join(NORM_OF_VERSION)}.")
    site = _node(scope.get("scope"))
    sample, by_id, by_title, renamed = _read_sample(select)
    told = Evaluation(
        site=_text(site.get("title")),
        norm_id=NORM_OF_VERSION[version],
        title=_text(findings.get("title")),
        commissioner=_text(findings.get("commissioner")),
        evaluators=(_text(findings.get("evaluator")) or "?",),
        on=_day(_text(findings.get("date"))),
        scope=_text(site.get("description")),
        support_baseline=_text(scope.get("accessibilitySupportBaseline")),
        extra_requirements=_text(scope.get("additionalEvaluationRequirements")),
        technologies=tuple(
            name for one in _list(explore.get("technologiesReliedUpon")) if (name := _text(_node(one).get("title") or one))
        ),
        essential_functions=_text(explore.get("essentialFunctionality")),
        page_types=_text(explore.get("pageTypeVariety")),
        summary=_text(findings.get("summary")),
        specifics=_text(findings.get("evaluationSpecifics")).partition(ABOUT)[0],
        sample=tuple(sample),
        language="en" if _text(report.get("language") or report.get("@language")).startswith("en") else "nl",
    )
    read = Read(told, renamed=renamed, older_wcag=version if version == "2.0" else "")
    cells: dict[tuple[str, int], Assessment] = {}
    for node in map(_node, _list(report.get("auditSample"))):
        said = _read_assertion(node, read, by_id, by_title, site)
        if said is None:
            continue
        cell = (said.criterion, said.page)
        before = cells.get(cell)
        if before and Outcome.UNTESTED not in (before.outcome, said.outcome) and before != said:
            read.merged += 1
            text = "\n\n".join(filter(None, (before.description, said.description)))
            cells[cell] = replace(before, outcome=Outcome.CANNOT_TELL, description=text)
        elif before is None or before.outcome is Outcome.UNTESTED:
            cells[cell] = said
    read.evaluation = replace(told, assessments=tuple(cells.values()))
    return read


def _evaluation_node(data: Any) -> Node | None:
    nodes = data.get("@graph", [data]) if isinstance(data, dict) else data
    for node in nodes if isinstance(nodes, list) else []:
        kinds = _list(node.get("type", node.get("@type"))) if isinstance(node, dict) else []
        if any(str(kind).rpartition(":")[2].lower() in ("evaluation", "procedure") for kind in kinds) and "defineScope" in node:
            return dict(node)
    return None


def _read_sample(select: Node) -> tuple[list[SamplePage], dict[str, int], dict[str, int], list[str]]:
    sample: list[SamplePage] = []
    by_id: dict[str, int] = {}
    by_title: dict[str, int] = {}
    renamed = []
    for part, name in ((SamplePart.STRUCTURED, "structuredSample"), (SamplePart.RANDOM, "randomSample")):
        for node in map(_node, _list(select.get(name))):
            identity = _text(node.get("id") or node.get("@id"))
            title, description = _text(node.get("title")), _text(node.get("description"))
            url = identity if _is_address(identity) else description or title or identity
            number = len(sample) + 1
            if title in by_title:
                renamed.append(title)
            by_title.setdefault(title, number)
            by_id.setdefault(identity, number)
            role = SampleRole.RANDOM if part is SamplePart.RANDOM else SampleRole.CHOSEN
            sample.append(SamplePage(number, url, title or url, part, role))
    for title in renamed:
        by_title.pop(title, None)  # it names no page any more
    return sample, by_id, by_title, renamed


def _read_assertion(node: Node, read: Read, by_id: dict[str, int], by_title: dict[str, int], site: Node) -> Assessment | None:
    test = _node(node.get("test") or node.get("testcase"))
    name = _text(test.get("id") or test.get("@id") or node.get("test"))
    criterion = criterion_of_anchor().get(name.rpartition(":")[2])
    if criterion is None or criterion not in read.evaluation.norm.criteria:
        read.unknown_tests.append(name[:100])
        return None
    subject = _node(node.get("subject"))
    identity, title = _text(subject.get("id") or subject.get("@id") or node.get("subject")), _text(subject.get("title"))
    kinds = [str(kind).rpartition(":")[2].lower() for kind in _list(subject.get("type", subject.get("@type")))]
    page = by_id.get(identity, by_title.get(title))
    if "website" in kinds or (page is None and identity and identity == _text(site.get("id") or site.get("@id"))):
        page = WHOLE_SAMPLE
    if page is None:
        read.unknown_subjects.append((title or identity)[:100])
        return None
    result = _node(node.get("result"))
    outcome_node = result.get("outcome")
    said = _text(_node(outcome_node).get("id") or _node(outcome_node).get("@id") or outcome_node).rpartition(":")[2]
    said = said.rpartition("#")[2]
    if said not in set(Outcome):
        read.unknown_outcomes.append(said[:100])
        said = Outcome.UNTESTED
    assessor = _text(node.get("assertedBy")) or read.evaluation.evaluators[0]
    if assessor == BY_NORM:
        return None
    return replace(
        _parts(_text(result.get("description")), read.evaluation.language),
        criterion=criterion,
        page=page,
        assessor=assessor,
        outcome=Outcome(said),
        saved_at=_at(_text(result.get("date") or node.get("date"))),
    )


def _parts(text: str, language: str) -> Assessment:
    """The words of an assessment, taken apart again by the names before them."""
    pieces = LABEL.split(text)
    values: dict[str, Any] = {"description": pieces[0].strip()}
    for label, value in zip(pieces[1::2], pieces[2::2], strict=True):
        values[LABELS[label]] = value.strip()
    planned = _day(values.pop("planned_on", ""))
    exemption = values.pop("exemption", "")
    known = Exemption(exemption) if exemption in set(Exemption) else Exemption.NONE
    return replace(Assessment("", 0, "", Outcome.UNTESTED, planned_on=planned, exemption=known), **values)


@cache
def criterion_of_anchor() -> dict[str, str]:
    """The number of a criterion by its id in WCAG 2.0, 2.1 or 2.2."""
    table = resources.files("rules").joinpath("wcag20_anchors.csv").read_text(encoding="utf-8")
    old = {row["anchor"]: row["sc"] for row in csv.DictReader(table.splitlines())}
    asked = {number for norm in norms().values() for number in norm.criteria}
    return {**old, **{success_criteria()[number].anchor: number for number in asked}}


def _node(value: Any) -> Node:
    """A node; what is none is one without anything in it."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    """The tool writes a list of one as that one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    """The text of a value, with or without a type or a language."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value", value.get("value", ""))
    return value.strip() if isinstance(value, str) else ""


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%a %b %d %Y"):
        try:
            return datetime.strptime(text[:10] if form == "%Y-%m-%d" else text[:15], form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _at(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
