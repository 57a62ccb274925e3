"""The table of what is set on the screens for the whole installation; a site keeps its own with itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class InstallationSettings(Base):
    """The one row of settings for all sites; those that stand in vierluik.toml too are overruled by it."""

    __tablename__ = "installation_settings"
    id: Mapped[int] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by the name of the setting
