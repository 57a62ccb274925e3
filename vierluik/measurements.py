"""`vierluik import measurements`: a file is opened here, and what came of it is said in plain words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rules.measurement import MeasurementError
from rules.norm import Language
from scheduler.import_measurements import MeasurementsImported, import_measurements
from storage.database import Database
from storage.sites import SiteError
from vierluik.screen import Exit, say, stop

LEFT_OUT = {
    "in-the-future": ("waarden in de toekomst", "values in the future"),
    "other-site": ("waarden van een andere site", "values of another site"),
}
BAD = {
    "no-day": ("geen periode", "no period"),
    "no-number": ("geen getal", "no number"),
    "no-series": ("geen naam van een reeks", "no name of a series"),
    "no-kpi": ("geen kenmerk van een KPI", "no id of a KPI"),
    "personal": ("persoonsgegevens in de naam", "personal data in a name"),
    "too-long": ("te lang", "too long"),
}


def bring_in(database: Database, file: Path, site: str, *, source: str, language: Language) -> None:
    """Bring a file in and say what came of it; nothing of it is kept where that fails."""
    try:
        with file.open("rb") as stream:
            imported = import_measurements(database, site, stream, " ".join(source.split()), datetime.now(UTC))
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{file} cannot be read: {error.strerror or error}.") from error
    except SiteError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    except MeasurementError as error:
        raise stop(Exit.WRONG_USE, f"{file}: {error}. Nothing of it was kept; what was brought in before stays.") from error
    for line in summary(imported, dutch=language == "nl"):
        say(line)


def summary(imported: MeasurementsImported, *, dutch: bool) -> list[str]:
    """What came of it, for people."""
    tally, which = imported.tally, 0 if dutch else 1
    names = ", ".join(imported.series[:10])
    if dutch:
        lines = [f"{imported.values} waarden ({names}): {imported.new} nieuw, {imported.changed} gewijzigd."]
    else:
        lines = [f"{imported.values} values ({names}): {imported.new} new, {imported.changed} changed."]
    for reason, count in tally.left_out.most_common():
        lines.append(f"{'Niet meegeteld' if dutch else 'Left out'}: {count} {LEFT_OUT[reason][which]}")
    if tally.bad_lines:
        where = "; ".join(f"{'regel' if dutch else 'line'} {line}: {BAD[reason][which]}" for line, reason in tally.bad_samples)
        lines.append(f"{'Onleesbare regels' if dutch else 'Lines that cannot be read'}: {tally.bad_lines} ({where})")
    return lines
