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
