"""What is exported: a table of a batch, its columns in words, and where its figures come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from sim.experiment.summary import QUANTILES
from sim.report.shown import Shown

#: What each table of a batch holds.
TABLES = {
    "projections": "quantiles over members by scenario, KPI, economy or region, and year",
    "effects": "paired differences from the baseline, member by member, in the KPI's unit or in % "
    "of the baseline: quantiles by scenario, KPI, economy or region, and year",
    "costs": "mean cost over members by scenario, economy and year, for each lever and each payer",
}
#: The date in files whose format wants one: the same results give the same bytes.
NO_DATE = datetime(1980, 1, 1)
#: What each column of the tables is, with its unit.
COLUMNS = {
    "scenario": "Scenario",
    "baseline": "Baseline that the scenario is compared with",
    "kpi": "Indicator (KPI)",
    "unit": "Unit of the figures of the row",
    "economy": "Economy (ISO 3166-1 alpha-3) or region",
    "year": "Year",
    **{
        name: f"{'Median' if share == 0.5 else f'{100 * share:.0f} % quantile'} over members, "
        "in the row's unit"
        for name, share in QUANTILES.items()
    },
    "mean": "Mean over members, in the row's unit",
    "probability_better": "Share of members in which the policy improves the KPI, 0-1",
    "kind": "Whether the cost is by lever or by payer",
    "name": "Lever or payer",
    "usd_mn_2015": "Mean cost over members, USD mn of 2015",
    "percent_of_gdp": "Mean cost over members, % of GDP",
}
HOW_TO_READ = (
    "A run has many members, each with its own parameters and its own luck. q05 to q95 holds 90 % "
    "of the members, q25 to q75 the middle half; half of them lie above the median. Scenario and "
    "baseline of a member share all that is uncertain: take the effect of a policy from the table "
    "of effects, where it is measured within each member, not from the difference of two medians. "
    "The bands tell what the model makes of its parameters, not what it leaves out."
)


@dataclass(frozen=True)
class Export:
    """One table of a batch, to be written."""

    runs: Shown
    table: str
    frame: pd.DataFrame

    @property
    def provenance(self) -> dict[str, str | int]:
        """Where the figures come from, for whoever meets the file alone."""
        held = self.runs.manifest
        inputs = held["inputs"]
        version, batch, digest = inputs["version"], held["batch"], held["digest"]
        return {
            "title": f"Digital economy of a region: {self.table}",
            "summary": f"{self.table}: {TABLES[self.table]}",
            "source": f"digiregion {version}, agent-based simulation of a digital economy",
            "version": version,
            "batch": batch,
            "digest": digest,
            "seed": int(inputs["seed"]),
            "members": int(inputs["members"]),
            "how_to_read": HOW_TO_READ,
            "how_to_cite": f"digiregion, version {version}: {self.table} of batch {batch} "
            f"({inputs['members']} members, seed {inputs['seed']}, SHA-256 of inputs {digest}).",
        }
