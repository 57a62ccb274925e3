"""A report as a table of findings (CSV) and as plain text, made of the JSON report, so that all say the same."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

from dashboard.barrier_words import SOURCE
from dashboard.causes import rule_title
from dashboard.exports.builders import barrier_of_report
from dashboard.exports.honest import barrier_lines, lines_of_report
from dashboard.languages import translations
from rules.barrier import RULE_PREFIX
from rules.norm import Language, norms, success_criteria
from rules.outcome import Outcome
from rules.policy import rule_named
from rules.reason import reason_text

COLUMNS = (
    "url",
    "page_title",
    "status",
    "reason",
    "rule",
    "title",
    "outcome",
    "impact",
    "criteria",
    "clauses",
    "mender",
    "frames",
    "selector",
    "html",
    "message",
    "decision",
    "seconded",
    "about_this_file",  # only in the first row
)
WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        Outcome.FAILED: "Fout",
        Outcome.CANNOT_TELL: "Te beoordelen",
        "advice": "Advies",
        "tested": "getest",
        "untested": "niet getest",
        "skipped": "overgeslagen",
        "carried over": "overgenomen",
        "none": "Geen fout gevonden. Dat is niet hetzelfde als toegankelijk: een deel van de fouten ziet alleen een mens.",
        "places": "plaats(en)",
        "links": "Kapotte links",
        "better": "Link liever naar",
        "coverage": "Gevonden {found} = getest {tested} + overgenomen {carried_over} + niet getest {untested} "
        "+ overgeslagen {skipped}",
        "sum_pages": "{count} pagina('s) met een fout, {failed} fout(en), {asked} vraag/vragen aan een mens",
        "sum_documents": "{count} document(en) met een fout, {failed} fout(en), {asked} vraag/vragen aan een mens",
        "pages_of": "bladzijde(n)",
        "words": "woorden",
        "text": "tekst",
        "scan": "scan zonder tekst",
        "scan with text": "scan met herkende tekst",
        "empty": "leeg",
        "as_page": "kort: maak er liever een webpagina van",
        "maybe_exempt": "misschien uitgezonderd: de datum in het bestand ligt voor 23 september 2018 (schatting)",
    },
    "en": {
        Outcome.FAILED: "Failed",
        Outcome.CANNOT_TELL: "To be judged",
        "advice": "Advice",
        "tested": "tested",
        "untested": "untested",
        "skipped": "skipped",
        "carried over": "carried over",
        "none": "No failure found. That is not the same as accessible: some failures only a person can see.",
        "places": "place(s)",
        "links": "Broken links",
        "better": "Better link to",
        "coverage": "Found {found} = tested {tested} + carried over {carried_over} + untested {untested} + skipped {skipped}",
        "sum_pages": "{count} page(s) with a failure, {failed} failure(s), {asked} question(s) for a person",
        "sum_documents": "{count} document(s) with a failure, {failed} failure(s), {asked} question(s) for a person",
        "pages_of": "page(s)",
        "words": "words",
        "text": "text",
        "scan": "scan without text",
        "scan with text": "scan with recognised text",
        "empty": "empty",
        "as_page": "short: better a web page",
        "maybe_exempt": "maybe exempt: the date in the file is before 23 September 2018 (an estimate)",
    },
}


def as_csv(report: dict[str, Any], language: Language) -> str:
    """One row per finding, and one for each page without any; cells that a spreadsheet would run are made harmless.

    What people met or saw comes first, each under a rule of its own.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    about = " ".join(lines_of_report(report, language))
    for row in _rows(report, language):
        writer.writerow([harmless(cell) for cell in (*row, about)])
        about = ""
    return out.getvalue()


def _rows(report: dict[str, Any], language: Language) -> Iterator[list[str]]:
    gettext, norm = translations(language).gettext, norms()[report["norm"]]
    for one in report.get("reported", ()):
        clause = norm.clause(one["criterion"]) if norm.asks(one["criterion"]) else ""
        rule = f"{RULE_PREFIX}{one['number']}"
        told = [rule, rule_title(rule, language), Outcome.FAILED.value, one["impact"], one["criterion"], clause, one["mender"]]
        words = f"{one['what']} ({gettext(SOURCE[one['source']])}, {one['on']})"
        yield [one["url"], "", "", "", *told, "", "", "", words, "", ""]
    for page in (*report["pages"], *report["documents"]):
        title = page["title"] if "title" in page else (page.get("facts") or {}).get("title", "")
        start = [page["url"], title, page["status"], page["reason"]]
        for finding in page["findings"] or [None]:
            yield [*start, *(_cells(finding, language) if finding else [""] * (len(COLUMNS) - len(start) - 1))]


def _cells(finding: dict[str, Any], language: Language) -> list[str]:
    rule = rule_named(finding["rule"])
    return [
        finding["rule"],
        rule.words[language].title if rule else "",
        finding["outcome"],
        finding["impact"],
        " ".join(finding["criteria"]),
        " ".join(finding["clauses"]),
        rule.mender.value if rule else "",
        " > ".join(finding["target"]["frames"]),
        finding["target"]["selector"],
        finding["target"]["html"],
        finding["message"][language],
        *_decision(finding.get("decision")),
    ]


def _decision(decision: dict[str, Any] | None) -> tuple[str, str]:
    """What people decided, and whether more than one of them did where that is asked."""
    return (
        (f"{decision['kind']}: {decision['reason']}", "yes" if decision["seconded"] else "not seconded") if decision else ("", "")
    )


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula. Source: OWASP, CSV Injection."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def as_text(report: dict[str, Any], language: Language) -> str:
    """What a person reads: per page what is wrong and where, then the sums. Control characters are taken out."""
    return "\n".join(plain(line) for line in _lines(report, language)) + "\n"


def _lines(report: dict[str, Any], language: Language) -> Iterator[str]:
    words = WORDS[language]
    for page in report["pages"]:
        reason = f": {reason_text(page['reason'], language)}" if page["reason"] else ""
        yield f"{page['url']}  ({words[page['status']]}{reason})"
        yield from _findings(page["findings"], language)
        if page["status"] == "tested" and not page["findings"]:
            yield f"  {words['none']}"
    for document in report["documents"]:
        yield from _document(document, language)
    dead = [link for link in report.get("links", ()) if link["class"] in ("dead", "soft-404")]
    if dead:
        yield f"\n{words['links']}: {len(dead)}"
        for link in dead:
            yield f"  {link['status'] or '-'} {link['url']}  ({len(link['sources'])} {words['places']})"
            if suggestion := link.get("suggestion"):
                yield f"    {words['better']}: {suggestion['url']}  ({reason_text(suggestion['reason'], language)})"
    yield ""
    if reported := report.get("reported"):
        yield from barrier_lines([barrier_of_report(one) for one in reported], language)
        yield ""
    if "coverage" in report:
        yield words["coverage"].format_map(report["coverage"])
    for kind in ("pages", "documents"):
        counts = Counter(finding["outcome"] for one in report[kind] for finding in one["findings"])
        failing = sum(any(_shuts_out(finding) for finding in one["findings"]) for one in report[kind])
        if kind == "pages" or report[kind]:
            sums = {"count": failing, "failed": counts[Outcome.FAILED], "asked": counts[Outcome.CANNOT_TELL]}
            yield words[f"sum_{kind}"].format_map(sums)
    yield from lines_of_report(report, language)


def _shuts_out(finding: dict[str, Any]) -> bool:
    """Whether it is a failure of accessibility: a dead link fails by another standard."""
    return finding["outcome"] == Outcome.FAILED and bool(finding["criteria"])


def _document(document: dict[str, Any], language: Language) -> Iterator[str]:
    words = WORDS[language]
    reason = f": {reason_text(document['reason'], language)}" if document["reason"] else ""
    yield f"{document['url']}  ({words[document['status']]}{reason})"
    if facts := document.get("facts"):
        said = [f"{facts['pages']} {words['pages_of']}"] if facts["pages"] else []
        said += [f"{facts['words']} {words['words']}", words[facts["text"]]]
        said += [words[name] for name in ("as_page", "maybe_exempt") if facts[name]]
        yield f"  {', '.join(said)}"
    yield from _findings(document["findings"], language)
    if document["status"] == "tested" and not document["findings"]:
        yield f"  {words['none']}"


def _findings(findings: list[dict[str, Any]], language: Language) -> Iterator[str]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for finding in findings:
        groups.setdefault((finding["outcome"], finding["rule"]), []).append(finding)
    for (outcome, rule_id), group in sorted(groups.items(), key=lambda item: (item[0][0] != Outcome.FAILED, item[0][1])):
        rule = rule_named(rule_id)
        title = rule.words[language].title if rule else rule_id
        kind = WORDS[language]["advice" if rule and rule.is_advice else outcome]
        names = success_criteria()
        criteria = ", ".join(f"{number} {names[number].name[language]}" for number in group[0]["criteria"])
        yield f"  {kind}: {title}" + (f" [{criteria}]" if criteria else "") + f"  {rule_id}, {len(group)} x"
        for finding in group[:3]:
            yield f"      {' > '.join([*finding['target']['frames'], finding['target']['selector']])[:160]}"


def plain(text: str) -> str:
    """Text without characters that steer a terminal or turn its direction round."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
