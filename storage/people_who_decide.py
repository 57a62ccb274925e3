"""How many people may decide about a site: where there are two, one alone does not wave away what the norm asks for."""

from __future__ import annotations

from sqlalchemy.orm import Session


def deciders(session: Session, site_id: int) -> int:
    """Nobody has an account yet."""
    return 0
