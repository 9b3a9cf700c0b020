"""Bad scenario files: each mistake is reported with its place, what is allowed, and the remedy."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.policy import Scenario, check, lever
from sim.policy.drafts import draft_file
from sim.policy.places import NOWHERE

HEAD = "name: Test\nregion: asean\nhorizon: 2035\n"
BROADBAND = "levers:\n  - lever: broadband_investment\n    value: 0.4\n    from: 2026\n"


@pytest.fixture
def problems(tmp_path):
    """Check a text as a scenario file; return its problems."""

    def of(text):
        file = tmp_path / "test.yaml"
        file.write_text(text, encoding="utf-8")
        return check(file)[0]

    return of


def entry(text):
    """A scenario with one lever entry, written on lines 5 and later."""
    lines = "\n    ".join(text.splitlines())
    return f"{HEAD}levers:\n  - {lines}\n"


def test_a_right_file_has_no_problems(problems):
    assert problems(HEAD + BROADBAND) == []


LEVER = "lever: broadband_investment\nvalue: 0.4\nfrom: 2026\n"
SKILLS = "lever: basic_skills_programme\nvalue: 2\nfrom: 2026\n"
LAW = "lever: data_policy_alignment\nfrom: 2026\n"

#: What is written, the field and the line at fault, and words of the report.
ONE_MISTAKE = {
    "misspelt lever": (
        entry("lever: brodband\nvalue: 1\nfrom: 2026"), "levers[0].lever", 5,
        "did you mean broadband_investment?",
    ),
    "misspelt economy": (entry(LEVER + "who: VNN"), "levers[0].who", 8, "did you mean VNM?"),
    "economy in lower case": (entry(LEVER + "who: vnm"), "levers[0].who", 8, "did you mean VNM?"),
    "misspelt group": (
        entry(LEVER + "who: [all, clmw]"), "levers[0].who[1]", 8, "did you mean clmv?",
    ),
    "economy of another region": (
        entry(LEVER + "who: KAZ"), "levers[0].who", 8, "not an economy or group of asean",
    ),
    "nobody": (entry(LEVER + "who: []"), "levers[0].who", 8, "must not be empty"),
    "misspelt key": (entry(LEVER + "ruralshare: 1"), "levers[0].ruralshare", 8, "rural_share?"),
    "misspelt top key": (HEAD + "descripton: x\n", "descripton", 4, "did you mean description?"),
    "lever as key": (HEAD + "broadband_investment: 1\n", "broadband_investment", 4, "- lever:"),
    "misspelt payer": (
        entry(LEVER + "payer: {partners: 1}"), "levers[0].payer.partners", 8,
        "did you mean partner?",
    ),
    "private payer": (
        entry(LEVER + "payer: {private: 1}"), "levers[0].payer.private", 8, "private_leverage",
    ),
    "foreign option": (
        entry(SKILLS + "rural_share: 0.5"), "levers[0].rural_share", 8,
        "does not have this option",
    ),
    "misspelt provision": (
        entry(LAW + "provisions: {data_flow: 0.8}"), "levers[0].provisions.data_flow", 7,
        "did you mean data_flows?",
    ),
    "percent for a share": (
        entry(LEVER + "rural_share: 60"), "levers[0].rural_share", 8, "did you mean 0.60?",
    ),
    "too much": (
        entry("lever: basic_skills_programme\nvalue: 40\nfrom: 2026"), "levers[0].value", 6,
        "0 to 20 (% of adults trained a year)",
    ),
    "negative": (
        entry("lever: trade_facilitation\nvalue: -1\nfrom: 2026"), "levers[0].value", 6,
        "out of range",
    ),
    "level in percent": (
        entry(LAW + "value: 80"), "levers[0].value", 7, "did you mean 0.80?",
    ),
    "before the first year": (
        entry("lever: trade_facilitation\nvalue: 1\nfrom: 2023"), "levers[0].from", 7,
        "2024 to 2035",
    ),
    "after the horizon": (entry(LEVER + "to: 2036"), "levers[0].to", 8, "raise the horizon"),
    "end before start": (entry(LEVER + "to: 2025"), "levers[0].to", 8, "before it begins in 2026"),
    "by before from": (
        entry(LAW + "value: 0.8\nby: 2025"), "levers[0].by", 8, "before it begins in 2026",
    ),
    "by after to": (
        entry(LAW + "value: 0.8\nto: 2028\nby: 2030"), "levers[0].by", 9, "after the lever ends",
    ),
    "ramp of an alignment": (
        entry(LAW + "value: 0.8\nramp: 2"), "levers[0].ramp", 8, "by: sets the pace",
    ),
    "negative ramp": (entry(LEVER + "ramp: -1"), "levers[0].ramp", 8, "0 to 20"),
    "no value": (
        entry("lever: trade_facilitation\nfrom: 2026"), "levers[0].value", 5, "add value",
    ),
    "no first year": (
        entry("lever: trade_facilitation\nvalue: 1"), "levers[0].from", 5, "add from",
    ),
    "no lever": (entry("value: 1\nfrom: 2026"), "levers[0].lever", 5, "missing"),
    "shares above one": (
        entry(LEVER + "payer: {regional_fund: 0.7, partner: 0.7}"), "levers[0].payer", 8,
        "sum to 1.4",
    ),
    "shares below one": (
        entry(LEVER + "payer: {national: 0.5}"), "levers[0].payer", 8, "sum to 0.5",
    ),
    "payer in percent": (
        entry(LEVER + "payer: {partner: 30}"), "levers[0].payer.partner", 8, "did you mean 0.30?",
    ),
    "text for a number": (
        entry("lever: trade_facilitation\nvalue: '0.5'\nfrom: 2026"), "levers[0].value", 6,
        "write 0.5 without quotes",
    ),
    "percent sign": (
        entry("lever: trade_facilitation\nvalue: 50%\nfrom: 2026"), "levers[0].value", 6,
        "must be a number",
    ),
    "boolean for a number": (
        entry("lever: trade_facilitation\nvalue: true\nfrom: 2026"), "levers[0].value", 6,
        "must be a number",
    ),
    "list for a number": (
        entry("lever: trade_facilitation\nvalue: [1, 2]\nfrom: 2026"), "levers[0].value", 6,
        "not a list",
    ),
    "not a number": (
        entry("lever: trade_facilitation\nvalue: .nan\nfrom: 2026"), "levers[0].value", 6,
        "finite",
    ),
    "infinity": (
        entry("lever: trade_facilitation\nvalue: .inf\nfrom: 2026"), "levers[0].value", 6,
        "finite",
    ),
    "half a year": (
        entry("lever: trade_facilitation\nvalue: 1\nfrom: 2026.5"), "levers[0].from", 7, "whole",
    ),
    "levers not a list": (HEAD + "levers: {a: 1}\n", "levers", 4, "must be a list"),
    "entry not a mapping": (HEAD + "levers:\n  - trade_facilitation\n", "levers[0]", 5, "mapping"),
    "number as name": (HEAD.replace("Test", "2030"), "name", 1, "must be text"),
    "blank name": (HEAD.replace("Test", "' '"), "name", 1, "not a usable name"),
    "no region": ("name: Test\nhorizon: 2035\n", "region", None, "add region"),
    "no horizon": ("name: Test\nregion: asean\n", "horizon", None, "add horizon"),
    "no name": (HEAD.replace("name: Test\n", ""), "name", None, "add name"),
    "unknown region": (HEAD.replace("asean", "asaen"), "region", 2, "did you mean asean?"),
    "early horizon": (HEAD.replace("2035", "2023"), "horizon", 3, "2024 to 2060"),
    "late horizon": (HEAD.replace("2035", "2061"), "horizon", 3, "2024 to 2060"),
    "budget out of range": (HEAD + "budget: {national: 40}\n", "budget.national", 4, "0 to 20"),
    "budget misspelt": (HEAD + "budget: {fund: 1}\n", "budget.fund", 4, "regional_fund"),
    "parent missing": (HEAD + "extends: other\n", "extends", 4, "no such scenario: other.yaml"),
    "extends itself": (HEAD + "extends: test\n", "extends", 4, "test → test"),
    "nothing to replace": (entry(LEVER + "replace: true"), "levers[0].replace", 8, "no earlier"),
    "fund without a budget": (
        entry(LEVER + "payer: {regional_fund: 0.3}"), "levers[0].payer.regional_fund", 8,
        "no budget is stated",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE_MISTAKE)
def test_one_mistake_gives_one_problem_in_its_place(case, problems, tmp_path):
    text, field, line, words = ONE_MISTAKE[case]
    (found,) = problems(text)
    assert (found.field, found.line) == (field, line)
    assert found.file == str(tmp_path / "test.yaml")
    assert words in str(found)


def test_loading_raises_what_checking_reports(tmp_path):
    file = tmp_path / "test.yaml"
    for text, *_ in ONE_MISTAKE.values():
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            Scenario.load(file)
        assert str(caught.value).splitlines() == [str(found) for found in check(file)[0]]


def test_all_mistakes_are_reported_at_once(problems):
    text = entry(
        "lever: broadband_investment\nwho: VNN\nvalue: '1'\nfrom: 2026\nto: 2020\nrural_share: 60"
    ).replace("name: Test", "nam: Test")
    fields = {found.field for found in problems(text)}
    assert fields >= {"nam", "name", "levers[0].who", "levers[0].value"}
    assert fields >= {"levers[0].to", "levers[0].rural_share"}


def test_overlap_names_both_entries_the_economies_and_the_years(problems):
    text = HEAD + BROADBAND + "    who: clmv\n    to: 2030\n"
    text += "  - lever: broadband_investment\n    who: [VNM, THA]\n    value: 0.2\n    from: 2030\n"
    (found,) = problems(text)
    assert found.field == "levers[1]"
    assert "levers[0] (line 5) for VNM in 2030–2030" in found.message


def test_the_same_lever_may_follow_itself(problems):
    text = HEAD + BROADBAND + "    to: 2029\n"
    text += "  - lever: broadband_investment\n    value: 0.2\n    from: 2030\n"
    assert problems(text) == []


def test_overspending_names_the_economy_year_and_remedy(problems):
    text = HEAD + "budget: {national: 0.3}\n" + BROADBAND + "    who: LAO\n"
    (found,) = problems(text)
    assert found.field == "budget.national"
    assert found.message == "overspent: in 2026 LAO would pay 0.400 % of its GDP"
    assert "at most 0.3" in found.allowed
    assert "0.4" in found.remedy
    assert problems(text.replace("0.3}", "0.4}")) == []


def test_overspending_names_every_economy_with_its_worst_year_the_worst_first(problems):
    text = HEAD + "budget: {national: 0.3}\n" + BROADBAND + "    who: [LAO, THA]\n"
    text += "  - lever: broadband_investment\n    who: VNM\n    value: 0.5\n    from: 2030\n"
    text += "  - lever: broadband_investment\n    who: IDN\n    value: 0.2\n    from: 2030\n"
    (found,) = problems(text)
    assert found.message.startswith("overspent: 3 economies")
    assert found.message.endswith("VNM 0.500 in 2030, LAO 0.400 in 2026, THA 0.400 in 2026")
    assert "raise the budget to 0.5" in found.remedy
    assert problems(text.replace("0.3}", "0.5}")) == []


def test_overspending_of_many_economies_is_counted_after_the_first(problems, monkeypatch):
    monkeypatch.setattr("sim.policy.accounts._MOST_NAMED", 2)
    (found,) = problems(HEAD + "budget: {national: 0.3}\n" + BROADBAND)
    assert "11 economies" in found.message
    assert found.message.endswith(", and 9 more")
    assert found.message.count(" in 2026") == 2


def test_a_region_that_is_a_file_is_called_a_file(problems, tmp_path):
    (tmp_path / "economies.csv").write_text("iso3\n")
    (found,) = problems(HEAD.replace("asean", "economies.csv"))
    assert (found.field, found.line) == ("region", 2)
    assert "is a file, not a folder" in found.message


def test_the_fund_may_not_be_overspent(problems):
    text = HEAD + "budget: {regional_fund: 0.1}\n" + BROADBAND + "    payer: {regional_fund: 0.5}\n"
    (found,) = problems(text)
    assert found.field == "budget.regional_fund"
    assert "0.200 % of the region's GDP" in found.message


def test_what_is_unusual_is_a_warning_and_not_a_problem(tmp_path):
    file = tmp_path / "test.yaml"
    file.write_text(entry("lever: broadband_investment\nvalue: 0.004\nfrom: 2026"))
    problems, (warning,) = check(file)
    assert problems == []
    assert "did you mean 0.4?" in str(warning)
    file.write_text(entry("lever: broadband_investment\nvalue: 3\nfrom: 2026"))
    assert "usually" in str(check(file)[1][0])


def test_a_ramp_that_never_ends_is_a_warning(tmp_path):
    file = tmp_path / "test.yaml"
    file.write_text(entry(LEVER + "to: 2028\nramp: 5"))
    problems, (warning,) = check(file)
    assert problems == []
    assert "full value" in warning.message


def test_a_folder_is_checked_whole_and_nothing_is_written(tmp_path):
    (tmp_path / "a.yaml").write_text(HEAD.replace("asean", "nowhere"))
    (tmp_path / "b.yaml").write_text("")
    before = sorted(tmp_path.iterdir())
    problems, _ = check(tmp_path)
    assert [found.file for found in problems] == [str(tmp_path / n) for n in ("a.yaml", "b.yaml")]
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_without_scenarios_is_a_problem(tmp_path):
    assert "no .yaml file" in check(tmp_path)[0][0].message
    assert "no such file" in check(tmp_path / "none.yaml")[0][0].message
    assert check("a\0b")[0]


class TestExtends:
    def write(self, folder, **texts):
        for name, text in texts.items():
            (folder / f"{name}.yaml").write_text(text)
        return folder / f"{next(reversed(texts))}.yaml"

    def test_cycles_are_named(self, tmp_path):
        file = self.write(tmp_path, a="name: A\nextends: b\n", b="name: B\nextends: a\n")
        (found,) = check(file)[0]
        assert "b → a → b" in found.message

    def test_another_region_is_refused(self, tmp_path):
        file = self.write(tmp_path, a=HEAD, b="name: B\nregion: carec\nextends: a\n")
        (found,) = check(file)[0]
        assert found.field == "region"
        assert found.allowed == "asean"

    def test_problems_of_the_parent_name_its_file(self, tmp_path):
        file = self.write(
            tmp_path, a=entry("lever: x\nvalue: 1\nfrom: 2026"), b="name: B\nextends: a\n"
        )
        (found,) = check(file)[0]
        assert found.file == str(tmp_path / "a.yaml")
        assert found.line == 5

    def test_repeating_the_parents_lever_is_refused_unless_replaced(self, tmp_path):
        child = "name: B\nextends: a\n" + BROADBAND.replace("0.4", "0.2")
        file = self.write(tmp_path, a=HEAD + BROADBAND, b=child)
        (found,) = check(file)[0]
        assert "a.yaml" in found.message
        assert "replace: true" in found.remedy
        file.write_text(child + "    replace: true\n")
        assert [each.value for each in Scenario.load(file).levers] == [0.2]

    def test_similar_names_are_suggested(self, tmp_path):
        file = self.write(tmp_path, baseline=HEAD, b="name: B\nextends: baselin\n")
        assert check(file)[0][0].nearest == "baseline"


class TestPython:
    def test_levers_raise_the_same_errors(self):
        for call, words in (
            (lambda: lever("brodband", 1, years=2026), "broadband_investment?"),
            (lambda: lever("trade_facilitation", 60, years=2026), "did you mean 0.60?"),
            (lambda: lever("trade_facilitation", math.nan, years=2026), "finite"),
            (lambda: lever("trade_facilitation", 1, years="2026"), "whole number"),
            (lambda: lever("trade_facilitation", 1, years=2026, rural_share=1), "this option"),
            (lambda: lever("trade_facilitation", 1, years=2026, speed=1), "unknown key"),
        ):
            with pytest.raises(InputError) as caught:
                call()
            assert words in str(caught.value)

    def test_scenarios_raise_the_same_errors(self):
        broadband = lever("broadband_investment", 0.4, years=2026)
        for fields, words in (
            ({"region": "asaen"}, "did you mean asean?"),
            ({"horizon": 2020}, "2024 to 2060"),
            ({"horizon": "2035"}, "whole number"),
            ({"levers": [broadband, broadband]}, "overlaps levers[0]"),
            ({"levers": "x"}, "must be a list"),
            ({"levers": ["x"]}, "must be a mapping"),
            ({"levers": [lever("broadband_investment", 1, "KAZ", years=2026)]}, "of asean"),
            ({"levers": [broadband], "budget": {"national": 0.1}}, "overspent"),
            ({"budget": {"fund": 1}}, "unknown key"),
            ({"budget": 1}, "must be a mapping"),
            ({"name": "two\nlines"}, "not a usable name"),
        ):
            with pytest.raises(InputError) as caught:
                Scenario(**({"name": "x", "region": "asean"} | fields))
            assert words in str(caught.value), fields


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
ENTRY_KEYS = ["lever", "who", "value", "from", "to", "ramp", "payer", "rural_share"]
ENTRY_KEYS += ["private_leverage", "provisions", "by", "replace", "other"]
LEVER_NAMES = ["broadband_investment", "data_policy_alignment", "trade_facilitation", ""]
ENTRIES = st.dictionaries(
    st.sampled_from(ENTRY_KEYS), VALUES | st.sampled_from([*LEVER_NAMES, 2026, 2030, 0.5, "all"])
)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["name", "description", "region", "horizon", "extends", "budget", "x"]),
        VALUES | st.sampled_from(["asean", 2035]),
    ),
    VALUES | st.lists(ENTRIES, max_size=4),
)
def test_any_nested_data_gives_a_draft_and_problems(data, levers):
    draft = draft_file({**data, "levers": levers}, NOWHERE)
    assert all(str(found) for found in draft.problems)


@settings(deadline=None)
@given(st.lists(ENTRIES, max_size=4))
def test_any_entries_give_a_scenario_or_problems(entries):
    try:
        scenario = Scenario(name="x", region="asean", levers=entries)
        count = len(scenario.levers)
    except InputError as error:
        count = len(entries) if error.problems else -1
    assert count == len(entries)
