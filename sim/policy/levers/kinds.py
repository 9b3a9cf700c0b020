"""What a lever, an option of it and a scale are."""

from __future__ import annotations

from dataclasses import dataclass

#: How the value of a lever is written into its path: as it is, by key (each key gets it), divided
#: over keys, as a target with the year by which it is reached, or as a project of a network.
FORMS = ("amount", "levels", "shares", "target", "project")
#: What an option holds: a number, a year, a level by key, a share by key, one of some words, the
#: names of something that the region has, or two ends of a link.
KINDS = ("number", "year", "levels", "shares", "choice", "names", "pair")


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
    """A further setting of one lever, of one of ``KINDS``.

    ``path`` is the path of the model's plan that it sets ("": none by itself). One that ``moves``
    is a programme by itself: it may stand without a value, follows the ramp, and costs.
    ``keys`` are the words allowed (of levels, shares, choices; the place of a choice is its number
    in the model). ``among`` says of which of the region's things names are, and ``amount`` which
    option says how much the path gets at each of them. ``with_`` is the option next to which this
    one is required. A ``standing`` default holds also where nothing is planned. One that is
    ``common`` is one number for the whole region.
    """

    name: str
    kind: str
    meaning: str
    scale: Scale | None = None
    default: float | None = None
    path: str = ""
    moves: bool = False
    keys: tuple[str, ...] = ()
    among: str = ""
    amount: str = ""
    with_: str = ""
    standing: bool = False
    common: bool = False

    @property
    def suffices(self) -> bool:
        """Whether an entry that has this option needs no value."""
        return self.moves or (self.kind in ("levels", "names") and bool(self.path or self.keys))


@dataclass(frozen=True)
class Lever:
    """One kind of policy. ``code`` is its row in the catalogue of the strategies' measures.

    ``form`` says how its value becomes the path ``path`` (by default the one of its name);
    ``pace`` is the path that says how fast a target is reached. ``needs_one`` are options of which
    an entry has exactly one. ``main_kpi`` is what it is tested on.
    """

    name: str
    code: str
    title: str
    scale: Scale
    lag_years: int
    mechanism: str
    evidence: tuple[str, ...]
    measures: tuple[str, ...]
    main_kpi: str
    options: tuple[Option, ...] = ()
    default: float = 0.0
    form: str = "amount"
    path: str = ""
    pace: str = ""
    needs_one: tuple[str, ...] = ()

    def option(self, name: str) -> Option | None:
        """The option of that name, or None."""
        return next((option for option in self.options if option.name == name), None)

    @property
    def by_key(self) -> Option | None:
        """The option that gives the value by key, or None."""
        kinds = ("levels", "shares")
        return next((option for option in self.options if option.kind in kinds), None)

    @property
    def value_path(self) -> str:
        """The path that the value is written to."""
        return self.path or self.name

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of which one that is not zero says that something is planned."""
        own = PROJECT_PATHS if self.form == "project" else (self.pace or self.value_path,)
        further = (o.path for o in self.options if o.moves or (o.kind == "names" and o.path))
        return (*own, *further)


#: The paths of a project: what it adds to a network, and the route that economies pay for.
PROJECT_PATHS = ("link_capacity", "link_route", "sea_route")


def ids(text: str) -> tuple[str, ...]:
    """Identifiers separated by blanks."""
    return tuple(text.split())


def share(unit: str, usual_low: float = 0.0) -> Scale:
    """A share of one, of which all of it is usual too."""
    return Scale(unit, 0.0, 1.0, usual_low, 1.0)


def index(usual_low: float = 0.05) -> Scale:
    """A strength from nothing to all that can be done."""
    return share("index 0-1", usual_low)


def percent_of_gdp(high: float, usual_high: float, usual_low: float = 0.005) -> Scale:
    """Public money as a percentage of GDP a year."""
    return Scale("% of GDP a year", 0.0, high, usual_low, usual_high, 0.01)
