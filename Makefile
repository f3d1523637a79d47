# Every command of the project. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PORT ?= 8000
PYTHON := .venv/bin/python
BIN := .venv/bin

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## serve the demonstration on port 8000 (PORT=…), RESET=1 starts afresh, SEARCH=elasticsearch with a node
	@portal/tools/demo.sh

run: dev ## serve the working copy with debugging on
	@$(PYTHON) -m portal.tools.messages compile
	@$(PYTHON) manage.py migrate --verbosity=0
	@$(PYTHON) manage.py runserver $(PORT)

test: dev browser check ## check, then run every test on SQLite, and all but the browser's on PostgreSQL, beside Elasticsearch
	tests/elasticsearch/with.sh tests/run.sh

check: dev ## linters, types, layers, codes of refusals, templates, migrations, deployment, catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(PYTHON) -m tests.checks.refusals
	find templates -name '*.html' -exec $(BIN)/djade --check {} +
	$(BIN)/djlint --lint --quiet templates
	$(PYTHON) -m portal.tools.messages check
	DJANGO_SETTINGS_MODULE=portal.settings.test $(PYTHON) manage.py makemigrations --check --dry-run
	portal/tools/check_deploy.sh

screenshots: dev browser ## make the pictures of docs/screenshots anew, from the journey and the search
	mkdir -p docs/screenshots
	SCREENSHOTS=docs/screenshots $(BIN)/pytest tests/browser/test_journey.py tests/browser/test_search_pages.py -k "county or result"

soak: dev ## random tests at length, twenty sudden deaths on both databases, a cluster of three nodes that loses each
	HYPOTHESIS_PROFILE=soak KILLED_ROUNDS=20 $(BIN)/pytest -n 2 --dist loadgroup tests/search tests/killed
	HYPOTHESIS_PROFILE=soak KILLED_ROUNDS=20 tests/postgresql/with.sh $(BIN)/pytest -n 2 --dist loadgroup tests/search tests/killed
	$(PYTHON) -m tests.killed.cluster

bench: export HEAP ?= 1g
bench: SIZES ?= 10000,100000
bench: dev ## measure the search (SIZES=10000,100000; HEAP=2g; ENGINE=postgresql), written to docs/benchmarks
	$(if $(filter postgresql,$(ENGINE)),tests/postgresql/with.sh) $(PYTHON) -m benchmarks --sizes=$(SIZES)

format: dev ## format the code and the templates
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	find templates -name '*.html' -exec $(BIN)/djade {} +

messages: dev ## bring the catalogues up to date with the source, then compile them
	$(PYTHON) -m portal.tools.messages update
	$(PYTHON) -m portal.tools.messages compile

lock: dev ## pin every package anew, as pyproject.toml allows
	$(BIN)/pip-compile --upgrade --output-file=requirements.txt pyproject.toml
	$(BIN)/pip-compile --upgrade --extra=dev --constraint=requirements.txt --output-file=requirements-dev.txt pyproject.toml

# --- what the commands above need ------------------------------------------------------------------------------------
dev:
	@portal/tools/install.sh requirements-dev.txt

browser:
	@portal/tools/prerequisites.sh chromium fonts

.PHONY: help demo run test check screenshots soak bench format messages lock dev browser
