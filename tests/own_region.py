"""A region of one's own for tests: shipped tables cut down to some economies."""

import csv


def keep_only(folder, economies):
    """Leave in the tables of a folder only rows of some economies and of the hubs."""
    with (folder / "economies.csv").open(encoding="utf-8", newline="") as stream:
        hubs = {row["iso3"] for row in csv.DictReader(stream) if row["role"] == "hub"}
    kept = set(economies) | hubs
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            rows, names = list(reader), list(reader.fieldnames)
        codes = [name for name in ("iso3", "exporter", "importer", "a", "b") if name in names]
        chosen = [row for row in rows if all(row[name] in kept for name in codes)]
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(chosen)
