"""The sample website "Gemeente Voorbeeldstad": a small municipal site whose faults are planted and known."""

from vierluik.sample_site.faults import FaultListError, PlantedFault, load_faults
from vierluik.sample_site.server import SampleServer, serve
from vierluik.sample_site.site import PRODUCT_NAMES, Edition, Response, SampleSite

__all__ = [
    "PRODUCT_NAMES",
    "Edition",
    "FaultListError",
    "PlantedFault",
    "Response",
    "SampleServer",
    "SampleSite",
    "load_faults",
    "serve",
]
