# Two commands do everything on a fresh machine with Python 3.11 or later:
#   make run    install, and run the shipped ASEAN and CAREC scenarios
#   make test   install, and pass the tests
PYTHON ?= python3
VENV ?= .venv
PIP = $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
MEMBERS ?= 200
ASEAN = $(filter-out scenarios/asean-carec-%,$(wildcard scenarios/asean-*.yaml))
CAREC = $(wildcard scenarios/carec-*.yaml)

.PHONY: run test lint reference check-reference clean

run: $(VENV)/run.done
	$(VENV)/bin/digiregion run $(ASEAN) --members $(MEMBERS) --out results
	$(VENV)/bin/digiregion run $(CAREC) --members $(MEMBERS) --out results
	@echo "Each of these folders in results/ holds summary.txt, tables, figures and a manifest:"
	@ls -d results/*/ | grep -v reference

test: $(VENV)/dev.done
	$(VENV)/bin/python -m pytest -n 2

lint: $(VENV)/dev.done
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

reference: $(VENV)/dev.done
	$(VENV)/bin/python -m sim.experiment.reference write results/reference

check-reference: $(VENV)/dev.done
	$(VENV)/bin/python -m sim.experiment.reference check results/reference

$(VENV)/run.done: pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'digiregion needs Python 3.11 or later')"
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

$(VENV)/dev.done: $(VENV)/run.done
	$(PIP) install --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv build *.egg-info
