"""The documentation: generated tables are current, and no link is broken."""

import re
from pathlib import Path

import pytest

from sim.cli import main

PAGES = sorted([*Path("docs").glob("*.md"), Path("README.md"), Path("CHANGELOG.md")])


@pytest.mark.parametrize("command", ["kpis", "parameters"])
def test_generated_tables_are_what_the_command_prints(capsys, command):
    main([command, "--format", "markdown"])
    assert capsys.readouterr().out.strip() in Path(f"docs/{command}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_between_pages_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page}: {target}"


def blocks(page, language):
    return re.findall(
        rf"```{language}\n(.*?)```", Path(page).read_text(encoding="utf-8"), re.DOTALL
    )


def test_the_scenario_of_the_readme_can_be_run(capsys, tmp_path):
    file = tmp_path / "readme.yaml"
    file.write_text(blocks("README.md", "yaml")[0], encoding="utf-8")
    assert main(["check", str(file)]) == 0


def test_the_readme_shows_what_its_command_prints(capsys, tmp_path):
    words = ["run", "scenarios/asean-push.yaml", "--members", "500", "--seed", "1"]
    assert main([*words, "--no-figures", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    for line in blocks("README.md", "text")[0].strip().splitlines():
        assert line in printed


def test_the_python_of_the_readme_runs(monkeypatch, tmp_path):
    code = blocks("README.md", "python")[0].replace("members=200", "members=3")
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    assert list(tmp_path.glob("results/*/manifest.json"))
