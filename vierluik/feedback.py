"""`vierluik import feedback`: a file is opened here, and what came of it is said in plain words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from checks.feedback.read import FeedbackOptions, read_mapping, read_scale
from rules.feedback import COMMENT_DAYS, FeedbackError
from rules.norm import Language
from scheduler.import_feedback import FeedbackImported, import_feedback
from storage.database import Database
from storage.sites import SiteError
from vierluik.screen import Exit, say, stop

LEFT_OUT = {
    "no-page": ("zonder pagina", "without a page"),
    "other-site": ("over een andere site", "about another site"),
    "in-the-future": ("in de toekomst", "in the future"),
}
BAD = {
    "no-day": ("geen dag", "no day"),
    "no-number": ("geen score of antwoord", "no score or answer"),
    "too-long": ("te lang", "too long"),
}


def bring_in(
    database: Database,
    file: Path,
    site: str,
    *,
    mapping: str,
    scale: str,
    yes: bool,
    case_numbers: list[str],
    language: Language,
) -> None:
    """Bring a file in and say what came of it; nothing of it is kept where that fails."""
    try:
        options = FeedbackOptions(
            mapping=read_mapping(mapping) if mapping else {},
            scale=read_scale(scale) if scale else None,
            confirmed=yes,
            case_numbers=tuple(case_numbers),
        )
        with file.open("rb") as stream:
            imported = import_feedback(database, site, stream, options, datetime.now(UTC))
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{file} cannot be read: {error.strerror or error}.") from error
    except SiteError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    except FeedbackError as error:
        raise stop(Exit.WRONG_USE, f"{file}: {error}. Nothing of it was kept; what was brought in before stays.") from error
    for line in summary(imported, dutch=language == "nl"):
        say(line)


def summary(imported: FeedbackImported, *, dutch: bool) -> list[str]:
    """What came of it, for people."""
    tally, which = imported.tally, 0 if dutch else 1
    counts = (imported.answers, imported.comments)
    said = "{} antwoorden, {} met tekst".format(*counts) if dutch else "{} answers, {} with a comment".format(*counts)
    lines = [f"{said} ({imported.columns})."]
    if imported.again:
        known = "Dit bestand is al eerder ingelezen; er is niets veranderd."
        lines.append(known if dutch else "This file was brought in before; nothing changed.")
    else:
        lines.append(f"{'Nieuw' if dutch else 'New'}: {imported.added}.")
    if imported.scale:
        low, high = (f"{end:g}" for end in imported.scale)
        read_as = f"Scores gelezen als {low} tot {high}; klopt dat niet, zeg het dan met --scale."
        lines.append(read_as if dutch else f"Scores were read as {low} to {high}; where that is not right, say it with --scale.")
    if tally.masked:
        kinds = ", ".join(f"{kind} {count}" for kind, count in tally.masked.most_common())
        lines.append(f"{'Persoonsgegevens vervangen' if dutch else 'Personal data replaced'}: {kinds}")
    for reason, count in tally.left_out.most_common():
        if count:
            lines.append(f"{'Niet meegeteld' if dutch else 'Left out'}: {count} {LEFT_OUT[reason][which]}")
    if tally.bad_lines:
        where = "; ".join(f"{'regel' if dutch else 'line'} {line}: {BAD[reason][which]}" for line, reason in tally.bad_samples)
        lines.append(f"{'Onleesbare regels' if dutch else 'Lines that cannot be read'}: {tally.bad_lines} ({where})")
    if count := imported.old_comments:
        dutch_words = f"{count} teksten ouder dan {COMMENT_DAYS} dagen zijn verwijderd; hun score telt mee."
        lines.append(
            dutch_words if dutch else f"{count} comments older than {COMMENT_DAYS} days were removed; their score counts."
        )
    return lines
