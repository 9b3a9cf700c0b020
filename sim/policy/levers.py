"""The levers: name, unit, range, options, delay, mechanism, evidence and the measures behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sim.model.quantities import PROVISIONS


@dataclass(frozen=True)
class Scale:
    """A number in files: its unit, what is allowed, what is usual, and its unit in the model.

    Outside ``low``..``high`` is an error; outside ``usual_low``..``usual_high`` (and not zero) is
    a warning. The model's value is the file's value times ``to_model``.
    """

    unit: str
    low: float
    high: float
    usual_low: float
    usual_high: float
    to_model: float = 1.0

    @property
    def allowed(self) -> str:
        """The range in words, such as ``0 to 1 (share of spending)``."""
        return f"{self.low:g} to {self.high:g} ({self.unit})"

    @property
    def is_share(self) -> bool:
        """Whether this is a share of one, for which people often write percent."""
        return self.high == 1.0


@dataclass(frozen=True)
class Option:
    """A further setting that one lever has: ``kind`` is number, year or levels (by provision)."""

    name: str
    kind: str
    meaning: str
    scale: Scale | None = None
    default: float | None = None


@dataclass(frozen=True)
class Lever:
    """One kind of policy. ``code`` is its row in the catalogue of the strategies' measures."""

    name: str
    code: str
    title: str
    scale: Scale
    lag_years: int
    mechanism: str
    evidence: tuple[str, ...]
    measures: tuple[str, ...]
    options: tuple[Option, ...] = ()
    default: float = 0.0

    def option(self, name: str) -> Option | None:
        """The option of that name, or None."""
        return next((option for option in self.options if option.name == name), None)


def _ids(text: str) -> tuple[str, ...]:
    """Identifiers separated by blanks."""
    return tuple(text.split())


_LEVERS = (
    Lever(
        name="broadband_investment",
        code="L01",
        title="Public money for broadband networks",
        scale=Scale("% of GDP a year", 0.0, 5.0, 0.01, 2.0, 0.01),
        lag_years=1,
        mechanism="what is laid a year later, as far as institutions deliver, adds to the network "
        "per person of programmes, m, in towns and in the country; against the operators', n, the "
        "log-odds of the ceiling and the log of the speed of adoption rise with ln(1 + m/n), for "
        "internet use and fixed lines; coverage is reported and is not read by adoption",
        evidence=("C01", "C02", "C04", "C05", "C12"),
        measures=_ids(
            "A070 A076 A077 A079 C001 C012 C023 C032 C064 C065 C066 C070 C080 C081 C179 C181 C219 "
            "C253 C301 J004 J006 K001 U041"
        ),
        options=(
            Option(
                "rural_share",
                "number",
                "part of the network laid in rural areas",
                Scale("share of spending", 0.0, 1.0, 0.0, 1.0),
                0.5,
            ),
            Option(
                "private_leverage",
                "number",
                "private money drawn in by public money",
                Scale("USD per public USD", 0.0, 3.0, 0.0, 2.0),
                0.0,
            ),
        ),
    ),
    Lever(
        name="infrastructure_sharing",
        code="L04",
        title="Sharing of infrastructure and laying it with roads, power and pipes",
        scale=Scale("share of new route-km", 0.0, 1.0, 0.02, 1.0),
        lag_years=0,
        mechanism="lowers the cost of new network, as far as institutions deliver: programmes lay "
        "more for the same money; operators lay part of what they save, counted in m, and pass "
        "part on in lower prices, which raise the ceiling and the speed of adoption",
        evidence=("C08", "C13", "C15"),
        measures=("C069", "C254"),
    ),
    Lever(
        name="data_policy_alignment",
        code="L10",
        title="Alignment of data and digital-trade law",
        scale=Scale("score of each provision", 0.0, 1.0, 0.1, 1.0),
        lag_years=0,
        mechanism="plans to close the gap between each provision and the agreed level by the year "
        "agreed; institutions deliver 60-80 % of each year's step on average, so that a shortfall "
        "remains; what is higher already stays; smaller regulatory distance lowers trade costs",
        evidence=("D16", "D17"),
        measures=_ids(
            "A005 A007 A044 C002 C009 C022 C046 C115 C165 C167 C187 C202 C325 C331 K023 K025 K026 "
            "K031 K040 U012"
        ),
        options=(
            Option(
                "provisions",
                "levels",
                "level by provision, in place of value for those named",
                Scale("score of the provision", 0.0, 1.0, 0.1, 1.0),
            ),
            Option("by", "year", "year by which the gap is to be closed (default: the year in to)"),
        ),
    ),
    Lever(
        name="trade_facilitation",
        code="L19",
        title="Paperless trade and single windows",
        scale=Scale("share of the paperless gap closed", 0.0, 1.0, 0.02, 1.0),
        lag_years=0,
        mechanism="starts from paperless_trade, the region's indicator of cross-border paperless "
        "trade in operation, and closes the planned part of its gap to 1 as far as institutions "
        "deliver, what is missing being asked for again each year; lowers transaction costs on "
        "both sides; nothing moves, and nothing is paid, where the indicator is 1",
        evidence=("D16", "D17"),
        measures=_ids(
            "A014 A015 A024 A032 A075 C005 C010 C159 C160 C161 C163 C164 C175 C287 J008 K030 K032 "
            "U033"
        ),
    ),
    Lever(
        name="basic_skills_programme",
        code="L07",
        title="Basic digital skills for adults",
        scale=Scale("% of adults trained a year", 0.0, 20.0, 0.05, 5.0, 0.01),
        lag_years=0,
        mechanism="adults who complete a course gain basic skills, which raise internet use and "
        "what it earns",
        evidence=("E04", "E05"),
        measures=_ids(
            "A003 A029 A036 A037 A038 A040 A062 A064 A065 C003 C039 C082 C087 C088 C093 C094 C258 "
            "C265 C278 C300 C321 J014 U042"
        ),
    ),
    Lever(
        name="advanced_skills_programme",
        code="L08",
        title="Graduates with advanced digital skills",
        scale=Scale("graduates per 1,000 workers a year", 0.0, 20.0, 0.05, 3.0, 0.001),
        lag_years=0,
        mechanism="adds to the workers with advanced ICT skills, who raise productivity",
        evidence=("E04",),
        measures=_ids(
            "A039 A073 A080 C011 C083 C084 C085 C089 C090 C091 C092 C095 C098 C099 C116 C191 C259 "
            "C260 C262 C263 C264 J013 K042 K043 U037"
        ),
    ),
)

#: Every lever by name, in the order of the documentation.
REGISTRY: Mapping[str, Lever] = MappingProxyType({lever.name: lever for lever in _LEVERS})

#: Every option of any lever, by name.
OPTIONS: Mapping[str, Option] = MappingProxyType(
    {option.name: option for lever in _LEVERS for option in lever.options}
)

#: Who can pay the public cost, as written in files (private money comes by private_leverage).
PUBLIC_PAYERS: tuple[str, ...] = ("national", "regional_fund", "partner")

#: What one payer may spend in a year: of the economy's own GDP, or of the region's.
BUDGETS: Mapping[str, Scale] = MappingProxyType(
    {
        "national": Scale("% of own GDP a year", 0.0, 20.0, 0.0, 5.0, 0.01),
        "regional_fund": Scale("% of the region's GDP a year", 0.0, 5.0, 0.0, 1.0, 0.01),
        "partner": Scale("% of the region's GDP a year", 0.0, 5.0, 0.0, 1.0, 0.01),
    }
)

#: The last year for which a scenario may be written.
LAST_YEAR = 2060

#: The longest ramp, in years.
LONGEST_RAMP = 20


def lever_table() -> list[dict[str, Any]]:
    """One row per lever and per option: for the command line, the documentation and checks."""
    rows: list[dict[str, Any]] = []
    for lever in REGISTRY.values():
        rows.append(
            {
                "code": lever.code,
                "lever": lever.name,
                "option": "",
                "meaning": lever.title,
                "unit": lever.scale.unit,
                "low": lever.scale.low,
                "high": lever.scale.high,
                "usual_high": lever.scale.usual_high,
                "default": lever.default,
                "lag_years": lever.lag_years,
                "mechanism": lever.mechanism,
                "evidence": lever.evidence,
                "measures": lever.measures,
            }
        )
        rows.extend(_option_row(lever, option) for option in lever.options)
    return rows


def _option_row(lever: Lever, option: Option) -> dict[str, Any]:
    scale = option.scale
    levels = f", a mapping of {', '.join(PROVISIONS)}" if option.kind == "levels" else ""
    return {
        "code": lever.code,
        "lever": lever.name,
        "option": option.name,
        "meaning": option.meaning + levels,
        "unit": scale.unit if scale else "year",
        "low": scale.low if scale else None,
        "high": scale.high if scale else None,
        "usual_high": scale.usual_high if scale else None,
        "default": option.default,
        "lag_years": None,
        "mechanism": "",
        "evidence": (),
        "measures": (),
    }


def lever_table_markdown() -> str:
    """The table of levers and options, then what each does and stands for, in Markdown."""
    lines = [
        "| code | lever | option | meaning | unit | range | usual up to | default | delay, years |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in lever_table():
        span = "" if row["low"] is None else f"{row['low']:g}–{row['high']:g}"
        usual = "" if row["usual_high"] is None else f"{row['usual_high']:g}"
        default = "" if row["default"] is None else f"{row['default']:g}"
        delay = "" if row["lag_years"] is None else str(row["lag_years"])
        option = f"`{row['option']}`" if row["option"] else ""
        lines.append(
            f"| {row['code']} | `{row['lever']}` | {option} | {row['meaning']} | {row['unit']} "
            f"| {span} | {usual} | {default} | {delay} |"
        )
    lines.append("")
    for lever in REGISTRY.values():
        lines.append(
            f"- `{lever.name}` ({lever.code}): {lever.mechanism}. "
            f"Evidence: {', '.join(lever.evidence)}. Measures: {', '.join(lever.measures)}."
        )
    return "\n".join(lines) + "\n"
