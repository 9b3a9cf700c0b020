# Two commands do everything on a fresh machine with Python 3.11 or later:
#   make run    install, and run four of the shipped scenarios, two of ASEAN and two of CAREC
#   make test   install, and pass the tests
PYTHON ?= python3
VENV ?= .venv
PIP = $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
MEMBERS ?= 200
ASEAN = scenarios/asean-push.yaml scenarios/asean-4ir.yaml
CAREC = scenarios/carec-push.yaml scenarios/carec-2030.yaml

.PHONY: run test test-slow lint tables posterior reference check-reference validation check-validation
.PHONY: explained lever-sizes clean

run: $(VENV)/run.done
	$(VENV)/bin/digiregion run $(ASEAN) --members $(MEMBERS) --out results
	$(VENV)/bin/digiregion run $(CAREC) --members $(MEMBERS) --out results
	@echo "Each of these folders in results/ holds summary.txt, tables, figures and a manifest:"
	@ls -d results/*/ | grep -v reference

test: $(VENV)/dev.done
	$(VENV)/bin/python -m pytest -n 2 --dist loadfile

test-slow: $(VENV)/dev.done
	$(VENV)/bin/python -m pytest -n 2 --dist loadfile -m slow

lint: $(VENV)/dev.done
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

# The ensemble that runs of the shipped regions start from. Write it when the model, its priors or
# the data change, and then the reference results.
posterior: $(VENV)/dev.done
	$(VENV)/bin/digiregion calibrate --out sim/experiment/posteriors/asean+carec

# A small batch of every shipped scenario, with some KPIs of each part of the world. Write it on
# purpose only, and say in the changelog why.
REFERENCE_KPIS = internet_users,fixed_broadband,broadband_price,income_gap,basic_skills,talent,$\
  provisions,regulatory_distance,paperless_trade,gdp,gdp_per_person,digital_value_added,$\
  goods_exports,plan_funded,programme_cost,agreements_joined,egovernment,cybersecurity,$\
  digital_finance,innovation,trust,msme_adoption,industry_4_0,ecommerce_gmv,digital_jobs,$\
  emissions,net_talent_flow,gap_to_targets,fund_balance,outage_hours,single_cut_resilience,$\
  digital_services_exports,digital_integration
reference: $(VENV)/dev.done
	rm -rf results/reference.new
	$(VENV)/bin/digiregion batch scenarios/*.yaml --members 64 --seed 1 --years 2030,2035 \
	  --kpis $(REFERENCE_KPIS) --no-members --out results/reference.new
	rm -rf results/reference
	mv results/reference.new/*-scenarios-* results/reference
	rm -rf results/reference.new

# The tables of the documentation that the registries make.
tables: $(VENV)/dev.done
	$(VENV)/bin/python .ci/write_tables.py

# The validation report with its figures. Write it after the reference results.
VALIDATE = validate --sensitivity scenarios/asean-carec-push.yaml --quiet
validation: $(VENV)/dev.done
	$(VENV)/bin/digiregion $(VALIDATE) --out docs

# The fit, the forecasts from the past and the sensitivity again: does the report still say so?
check-validation: $(VENV)/dev.done
	rm -rf $(VENV)/validation
	$(VENV)/bin/digiregion $(VALIDATE) --out $(VENV)/validation
	diff -u docs/validation.md $(VENV)/validation/validation.md
	$(VENV)/bin/python .ci/compare_tables.py docs/validation $(VENV)/validation/validation

# The example of docs/explain.md. Write it after the reference results.
explained: $(VENV)/dev.done
	$(VENV)/bin/digiregion explain scenarios/asean-push.yaml --economy LAO --kpi gdp_per_person \
	  --year 2035 --quiet --out docs/explain

# What each lever does alone, beside what is published. Write it after the reference results.
lever-sizes: $(VENV)/dev.done
	$(VENV)/bin/python .ci/write_lever_sizes.py

check-reference: $(VENV)/dev.done
	$(VENV)/bin/digiregion verify results/reference
	$(VENV)/bin/digiregion reproduce results/reference

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
