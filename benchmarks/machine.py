"""What a benchmark ran on: the machine, Python and the libraries."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib import metadata
from pathlib import Path

LIBRARIES = ("numpy", "mesa", "networkx", "pandas", "pyarrow")


def processor() -> str:
    """The model of the processor, as far as the system tells."""
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def description() -> str:
    """Date, processor, cores, system, Python and libraries, as a Markdown list."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    return "\n".join(
        [
            f"- date: {date.today().isoformat()}",
            f"- processor: {processor()}, {os.cpu_count()} cores",
            f"- system: {platform.system()} {platform.machine()}",
            f"- Python {platform.python_version()}; {versions}",
        ]
    )
