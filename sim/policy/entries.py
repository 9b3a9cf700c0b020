"""What a scenario file may contain, as typed models; what the numbers may be is in levers.py."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sim.policy.levers import PUBLIC_PAYERS, REGISTRY, Lever

MAX_LEVERS = 500
MAX_SHOCKS = 200
MAX_WHO = 100
#: Options by key that may be names alone.
NAMES_ALONE = ("platforms", "sectors")


def _one_or_many(value: Any) -> Any:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _names_or_mapping(value: Any) -> Any:
    """A mapping by key; names alone stand for no number of their own."""
    if isinstance(value, list | tuple) and all(isinstance(name, str) for name in value):
        return dict.fromkeys(value)
    return value


def _nothing_or_many(value: Any) -> Any:
    return () if value is None else tuple(value) if isinstance(value, list) else value


#: Names alone, or a number by name.
ByKey = Annotated[dict[str, float | None] | None, BeforeValidator(_names_or_mapping)]


class _Model(BaseModel):
    """Frozen, no unknown keys, no conversions (text is not a number), finite numbers only."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class PayerShares(_Model):
    """Who pays the public cost of a lever, as shares of it; the national budget takes the rest."""

    national: float | None = Field(
        default=None,
        title="National budget",
        description="share of the public cost; default: the rest",
    )
    regional_fund: float = Field(
        default=0.0, title="Regional fund", description="share of the public cost, 0-1"
    )
    partner: float = Field(
        default=0.0, title="Development partner", description="share of the public cost, 0-1"
    )

    def shares(self) -> dict[str, float]:
        """The share of each public payer; they sum to 1."""
        rest = 1.0 - self.regional_fund - self.partner
        return dict(
            zip(PUBLIC_PAYERS, (max(rest, 0.0), self.regional_fund, self.partner), strict=True)
        )


class Budget(_Model):
    """The most that each payer spends in a year; nothing stated for national means no limit."""

    national: float | None = Field(default=None, title="National budgets")
    regional_fund: float | None = Field(default=None, title="Regional fund")
    partner: float | None = Field(default=None, title="Development partners")


class LeverEntry(_Model):
    """One policy: what, for whom, how much, when, and who pays."""

    lever: str = Field(title="Lever")
    who: Annotated[tuple[str, ...], BeforeValidator(_one_or_many)] = Field(
        default=("all",),
        min_length=1,
        max_length=MAX_WHO,
        title="For whom",
        description="economy codes (ISO 3166-1 alpha-3), groups, or all; one or a list",
    )
    value: float | None = Field(default=None, title="Value at full strength")
    start: int = Field(alias="from", title="First year")
    end: int | None = Field(
        default=None,
        alias="to",
        title="Last year",
        description="default: the horizon of the scenario",
    )
    ramp: int = Field(
        default=0,
        title="Ramp",
        description="years from the first year until full value, linear; 0: full at once",
    )
    payer: PayerShares = Field(default=PayerShares(), title="Who pays the public cost")
    rural_share: float | None = Field(default=None, title="Rural share")
    private_leverage: float | None = Field(default=None, title="Private money")
    link: Annotated[tuple[str, ...] | None, BeforeValidator(_as_tuple)] = Field(
        default=None, min_length=2, max_length=2, title="Ends of a link"
    )
    system: str | None = Field(default=None, min_length=1, title="Planned cable system")
    km: float | None = Field(default=None, title="Length of the route")
    platforms: ByKey = Field(default=None, title="Platforms")
    provisions: dict[str, float] | None = Field(default=None, title="Levels by provision")
    by: int | None = Field(default=None, title="Gap closed by")
    instrument: Annotated[tuple[str, ...] | None, BeforeValidator(_one_or_many)] = Field(
        default=None, min_length=1, title="Agreements"
    )
    push: float | None = Field(default=None, title="Drive to join")
    mode: str | None = Field(default=None, title="How it binds")
    regional_cert: float | None = Field(default=None, title="Regional response team")
    anti_fraud: float | None = Field(default=None, title="Action against fraud")
    repair_days: float | None = Field(default=None, title="Faster repair")
    digital_services_tax: float | None = Field(default=None, title="Digital services tax")
    export_control: float | None = Field(default=None, title="Export control")
    sectors: ByKey = Field(default=None, title="Sectors")
    renewable_share: float | None = Field(default=None, title="Renewable power")
    review_years: float | None = Field(default=None, title="Reviews")
    upgrade_years: float | None = Field(default=None, title="Upgrades")
    private_ratio: float | None = Field(default=None, title="Private money of the fund")
    anchor: float | None = Field(default=None, title="Anchor states")
    replace: bool = Field(
        default=False,
        title="Replace",
        description="take away all entries of this lever of the scenario that is extended",
    )

    @property
    def kind(self) -> Lever | None:
        """The lever in the registry, or None for a name that is not there."""
        return REGISTRY.get(self.lever)

    def setting(self, name: str) -> Any:
        """The value of an option as written, or its default in the registry."""
        written = getattr(self, name)
        option = self.kind.option(name) if self.kind else None
        return option.default if written is None and option is not None else written

    def last_year(self, horizon: int) -> int:
        """The last year in which the lever acts; of a project, in which it is ready."""
        if self.end is None and self.kind and self.kind.form == "project":
            return min(self.start + self.kind.lag_years, horizon)
        return horizon if self.end is None else self.end

    def target_year(self, horizon: int) -> int:
        """The year in which an alignment is complete."""
        return self.last_year(horizon) if self.by is None else self.by

    @property
    def is_zero(self) -> bool:
        """Whether the entry asks for nothing."""
        options = self.kind.options if self.kind else ()
        given = (getattr(self, option.name) for option in options if option.suffices)
        return not self.value and not any(_asks(setting) for setting in given)

    def written(self) -> dict[str, Any]:
        """The entry with the keys of a file, without what is left at its default."""
        data = _written(self, "who", "instrument")
        if "link" in data:
            data["link"] = list(data["link"])
        for name in NAMES_ALONE:
            if all(level is None for level in data.get(name, {"": 0.0}).values()):
                data[name] = list(data[name])
        return data


def _asks(setting: Any) -> bool:
    """Whether what an option is set to asks for something by itself."""
    return any(setting.values()) if isinstance(setting, dict) else bool(setting)


class ShockEntry(_Model):
    """One disturbance: what, whom it hits, how hard, when and for how long."""

    shock: str | None = Field(
        default=None, title="Shock", description="one of the kinds; or else write event"
    )
    event: str | None = Field(
        default=None, title="Event", description="an event by its id or name; or else write shock"
    )
    who: Annotated[tuple[str, ...] | None, BeforeValidator(_one_or_many)] = Field(
        default=None,
        min_length=1,
        max_length=MAX_WHO,
        title="Whom it hits",
        description="economies, groups, or all; default: those of the event",
    )
    year: int | None = Field(default=None, title="First year")
    start: int | None = Field(default=None, alias="from", title="First year of a span")
    end: int | None = Field(default=None, alias="to", title="Last year of a span")
    size: float = Field(default=1.0, title="Size", description="times the event's usual size")
    months: float | None = Field(
        default=None, title="Months", description="how long it lasts; default: that of the event"
    )
    fade: int | None = Field(
        default=None,
        title="Fade",
        description="years over which it fades afterwards; default: that of the event",
    )
    link: Annotated[tuple[str, ...] | None, BeforeValidator(_as_tuple)] = Field(
        default=None,
        min_length=2,
        max_length=2,
        title="Link that is cut",
        description="two economies, or one and the outside: every cable between them",
    )
    system: str | None = Field(default=None, min_length=1, title="Cable system that is cut")

    @property
    def first_year(self) -> int:
        """The year in which it begins."""
        return (self.year if self.start is None else self.start) or 0

    @property
    def name(self) -> str:
        """The shock or the event, as written."""
        return self.shock or self.event or ""

    def written(self) -> dict[str, Any]:
        """The entry with the keys of a file, without what is left at its default."""
        return _written(self, "who", "link")


class BehaviourEntry(_Model):
    """How member states spread their budget over levers."""

    who: Annotated[tuple[str, ...], BeforeValidator(_one_or_many)] = Field(
        default=("all",),
        min_length=1,
        max_length=MAX_WHO,
        title="For whom",
        description="economies, groups, or all; one or a list",
    )
    budget_rule: str = Field(title="Budget rule")
    start: int | None = Field(default=None, alias="from", title="First year")
    end: int | None = Field(default=None, alias="to", title="Last year")

    def written(self) -> dict[str, Any]:
        """The entry with the keys of a file, without what is left at its default."""
        return _written(self, "who")


def _written(entry: BaseModel, *lists: str) -> dict[str, Any]:
    """An entry as plain data; ``lists`` of one name are written as the name."""
    data = entry.model_dump(by_alias=True, exclude_defaults=True)
    for name in lists:
        if name in data:
            data[name] = data[name][0] if len(data[name]) == 1 else list(data[name])
    return data


class ScenarioFile(_Model):
    """The content of a scenario file, before ``extends`` is followed."""

    name: str = Field(min_length=1, max_length=100, title="Name")
    description: str = Field(default="", title="Description")
    region: str | None = Field(
        default=None,
        title="Region",
        description="a shipped region or the path of a folder; may be left out with extends",
    )
    horizon: int | None = Field(
        default=None, title="Last year of the run", description="may be left out with extends"
    )
    extends: str | None = Field(
        default=None,
        title="Extends",
        description="a scenario in the same folder (without .yaml), or the path of a .yaml file",
    )
    budget: Budget | None = Field(default=None, title="Budget")
    levers: Annotated[tuple[LeverEntry, ...], BeforeValidator(_nothing_or_many)] = Field(
        default=(), max_length=MAX_LEVERS, title="Levers"
    )
    behaviour: Annotated[tuple[BehaviourEntry, ...] | None, BeforeValidator(_as_tuple)] = Field(
        default=None, max_length=MAX_LEVERS, title="Behaviour of member states"
    )
    shocks: Annotated[tuple[ShockEntry, ...], BeforeValidator(_nothing_or_many)] = Field(
        default=(), max_length=MAX_SHOCKS, title="Shocks"
    )
