"""From log to journey: what most residents come for is proposed as a journey, by the words that they type."""

from __future__ import annotations

from datetime import datetime

from checks.findability.proposals import title_without_site
from rules.address import path_of
from rules.findability import TaskState
from rules.journey import LONGEST_TEXT, Journey, JourneyStep, StepKind
from storage.database import Database
from storage.findability import tasks_of_site
from storage.journeys import journeys_of_site, keep_journey
from storage.models import Site
from storage.questions.findability import titles_of_pages

MOST_PROPOSED = 10


def propose_journeys(database: Database, site_id: int, now: datetime) -> int:
    """Propose a journey for each of the tasks that most people come for; gives how many are new.

    It goes from the start page by the search to the right page. What comes after that only a person knows.
    """
    with database.session() as session:
        site = session.get_one(Site, site_id)
        known = {row.title for row in journeys_of_site(session, site_id)}
        tasks = [task for task in tasks_of_site(session, site_id) if task.state != TaskState.REFUSED and task.grades]
        tasks.sort(key=lambda task: (-(task.people or 0), task.title))
        best = {task.id: max(task.grades, key=lambda url: int(task.grades[url])) for task in tasks[:MOST_PROPOSED]}
        titles = titles_of_pages(session, site_id, list(best.values()))
        new = 0
        for task in tasks[:MOST_PROPOSED]:
            page = title_without_site(titles.get(best[task.id], ""))
            if not page or task.title in known:
                continue
            steps = (
                JourneyStep(StepKind.OPEN, path_of(site.start_url) or "/"),
                JourneyStep(StepKind.SEARCH, task.queries[0][:LONGEST_TEXT]),
                JourneyStep(StepKind.CLICK, page, role="link"),
                JourneyStep(StepKind.EXPECT, page, role="heading"),
            )
            journey = Journey(task.title, steps, product=task.product.rpartition("/")[2])
            keep_journey(session, site_id, journey, "log", now, confirmed=False)
            new += 1
    return new
