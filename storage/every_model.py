"""Every table there is: the base of the models, with the modules loaded in which the others stand."""

from __future__ import annotations

import storage.account_models
import storage.availability_models
import storage.barrier_models
import storage.check_models
import storage.desk_models
import storage.evaluation_models
import storage.journey_models
import storage.kpi_models
import storage.message_models
import storage.page_queue_models
import storage.picture_models
import storage.schedule_models
import storage.settings_models
import storage.ticket_models  # noqa: F401
from storage.models import Base

__all__ = ["Base"]
