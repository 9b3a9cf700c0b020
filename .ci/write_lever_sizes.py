"""Write docs/lever_sizes.md and its table, docs/lever_sizes.csv: make lever-sizes."""

from pathlib import Path

from sim.evidence.lever_sizes import lever_sizes, lever_sizes_page
from sim.experiment.tables import write_csv
from sim.files import write_text
from sim.region.region import Region

REGION, MEMBERS = "asean+carec", 256
DOCS = Path(__file__).resolve().parent.parent / "docs"

found = lever_sizes(Region.load(REGION), MEMBERS)
write_text(DOCS / "lever_sizes.md", lever_sizes_page(found, REGION, MEMBERS))
write_csv(DOCS / "lever_sizes.csv", found)
