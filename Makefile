# The commands of the portal. `make run` and `make test` need Python 3.11 or newer, nothing else.
VENV := .venv
PY := $(VENV)/bin/python
PORTAL_DEMO ?= 1
PORT ?= 8000
# Most tests wait for other processes, so two halves side by side take half the time.
WORKERS ?= 2
export PORT

.PHONY: help run test check bench translations format clean
.DEFAULT_GOAL := help

help: ## show this list
	@echo "The digital front desk of the city of Hasselt"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1@\2/p' Makefile | awk -F@ '{ printf "%-22s%s\n", $$1, $$2 }'
	@echo
	@echo "PORT and PORTAL_VAR let two copies run side by side: make run PORT=8100 PORTAL_VAR=/tmp/second"

run: $(VENV)/.for-run ## install, migrate, load the demo once, start everything
	@PORTAL_DEMO=$(PORTAL_DEMO) exec $(PY) -m hasselt_portal.launcher

test: $(VENV)/.for-tests ## run the tests; ARGS="-k chat" chooses
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: $(VENV)/.for-tests ## format, lint, contracts, types, translations, migrations
	@$(PY) .ci/checks.py $(ARGS)

bench: $(VENV)/.for-tests ## run the measured comparisons
	@$(PY) -m benchmarks $(ARGS)

translations: $(VENV)/.for-run ## bring the Dutch catalogue in step with the source
	@PORTAL_DEMO=1 $(PY) manage.py translations

format: $(VENV)/.for-tests ## format and repair what the linters can
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .
	@if [ -x node_modules/.bin/biome ]; then node_modules/.bin/biome check --write; fi

clean: ## remove what can be made again (the demo's data in var stays)
	rm -rf $(VENV) node_modules .ruff_cache .mypy_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f locale/*/LC_MESSAGES/*.mo

# The first Python on the path that really runs and is new enough.
$(PY):
	@for candidate in python3.13 python3.12 python3.11 python3 python; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$($$candidate --version)"; \
	    $$candidate -m venv $(VENV) && exit 0; \
	    rm -rf $(VENV); echo "Its module venv is missing (Debian: apt install python3-venv)." >&2; exit 1; \
	  fi; \
	done; \
	echo "No Python 3.11 or newer was found. Install one and try again." >&2; exit 1

$(VENV)/.for-run: requirements.txt | $(PY)
	@echo "Installing what the portal runs on …"
	@$(PY) -m pip install -qq --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.for-tests: requirements.txt requirements-dev.txt | $(PY)
	@echo "Installing what tests and checks need …"
	@$(PY) -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.for-run
