"""A value that is brought in again changes nothing; a corrected one takes its place; series go with their site."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from stored_story import ORIGIN, Story

from rules.measurement import MeasurementError
from scheduler.import_measurements import import_measurements
from storage.measurements import series_of_site
from storage.models import Measurement, Site
from storage.sites import remove_site

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FILE = """periode;reeks;waarde;n;pagina;kpi
2025;Tevredenheid;7,1;200;;
2026-Q1;Tevredenheid;7,4;210;;
2026-01;Gevonden;60;;/a;success-at-3
"""


def bring_in(story: Story, text: str) -> tuple[int, int]:
    with story.database.session() as session:
        name = session.get_one(Site, story.site_id).name
    brought = import_measurements(story.database, name, io.BytesIO(text.encode()), "onderzoek", NOW)
    return brought.new, brought.changed


def test_values_once_and_corrected(story: Story) -> None:
    assert bring_in(story, FILE) == (3, 0)
    assert bring_in(story, FILE) == (0, 0)
    assert bring_in(story, FILE.replace("7,4", "7,5")) == (0, 1)
    with pytest.raises(MeasurementError):
        bring_in(story, FILE.replace("7,4", "9,9") + "2025;Tevredenheid;8;;;\n")
    with story.database.session() as session:
        found = {one.name: [row.value for row in one.values] for one in series_of_site(session, story.site_id)}
        assert found == {"Gevonden": [60.0], "Tevredenheid": [pytest.approx(7.1), pytest.approx(7.5)]}
        (page,) = series_of_site(session, story.site_id, address=f"{ORIGIN}/a?ref=1")
        assert page.name == "Gevonden"
        assert [one.name for one in series_of_site(session, story.site_id, kpis=("success-at-3",))] == ["Gevonden"]
        remove_site(session, session.get_one(Site, story.site_id))
    with story.database.session() as session:
        assert session.query(Measurement).count() == 0
