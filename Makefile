# Every command of the project. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PORT ?= 8000
PYTHON := .venv/bin/python
BIN := .venv/bin

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## serve the demonstration on port 8000 (PORT=…), RESET=1 starts afresh, SEARCH=elasticsearch with a node, WHEELS=folder offline
	@portal/tools/demo.sh

run: dev ## serve the working copy with debugging on
	@$(PYTHON) manage.py migrate --verbosity=0
	@$(PYTHON) manage.py runserver $(PORT)

quick: dev ## the tests that need no browser, no server and no Elasticsearch, on SQLite
	@tests/run.sh quick

test: dev browser gettext redis ## every test that a change must pass: all on SQLite, those that can differ on PostgreSQL, with Elasticsearch
	@tests/elasticsearch/with.sh tests/run.sh test

check: dev gettext ## linters, types, layers, codes of refusals, templates, migrations, deployment, catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(PYTHON) -m tests.checks.refusals
	$(PYTHON) -m tests.checks.docstrings
	find templates -name '*.html' -exec $(BIN)/djade --check {} +
	$(BIN)/djlint --lint --quiet templates
	$(PYTHON) -m portal.tools.messages check
	DJANGO_SETTINGS_MODULE=portal.settings.test $(PYTHON) manage.py makemigrations --check --dry-run
	portal/tools/check_deploy.sh
	$(PYTHON) -m portal.tools.locks prove

screenshots: dev browser ## take the pictures of docs/screenshots again, from the journey and the search
	mkdir -p docs/screenshots
	SCREENSHOTS=docs/screenshots $(BIN)/pytest tests/browser/test_journey.py tests/browser/test_search_pages.py -k "county or result"

soak: dev browser gettext redis ## every test on both databases with all rounds, themes and examples; three nodes that are killed in turn
	@tests/elasticsearch/with.sh tests/run.sh soak
	@$(PYTHON) -m tests.crash.cluster
	@$(PYTHON) -m tests.mutation

mutate: dev ## change the rules in 60 small ways and see that the tests notice nine of ten (SEED=7 others, COUNT=200 more)
	$(PYTHON) -m tests.mutation

bench: export HEAP ?= 1g
bench: SIZES ?= 10000,100000
bench: dev ## measure the search (SIZES=10000,100000; HEAP=2g), or PAGES=1 the pages of a city (ENGINE=postgresql)
	$(if $(filter postgresql,$(ENGINE)),tests/postgresql/with.sh) $(PYTHON) -m benchmarks $(if $(PAGES),--pages,--sizes=$(SIZES))

format: dev ## format the code and the templates
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	find templates -name '*.html' -exec $(BIN)/djade {} +

messages: dev gettext ## bring the catalogues up to date with the source, then compile them
	$(PYTHON) -m portal.tools.messages update
	$(PYTHON) -m portal.tools.messages compile

wheels: export FOLDER := $(or $(WHEELS),dist/wheels)
# The environment may contain a PYTHON_VERSION with another meaning, so only the command line counts.
wheels: export FOR := $(if $(filter command,$(origin PYTHON_VERSION)),$(PYTHON_VERSION))
wheels: ## fetch every package for networks without an index, into dist/wheels (WHEELS=folder, PYTHON_VERSION=3.12)
	@portal/tools/install.sh
	@$(PYTHON) -m portal.tools.wheels make "$$FOLDER" requirements.txt $$FOR

# Needs only uv, so that it can repair a lock file that does not install.
lock: ## pin every package anew for the oldest Python, or only some (PACKAGES="django wagtail")
	@portal/tools/install.sh
	$(PYTHON) -m pip install --quiet --disable-pip-version-check "$$(grep '^uv==' requirements-dev.txt)"
	$(PYTHON) -m portal.tools.locks pin $(PACKAGES)

# --- prerequisites of the commands above -----------------------------------------------------------------------------
dev:
	@portal/tools/install.sh requirements-dev.txt

browser:
	@portal/tools/prerequisites.sh chromium playwright fonts

gettext:
	@portal/tools/prerequisites.sh gettext

redis:
	@portal/tools/prerequisites.sh redis

.PHONY: help demo run quick test soak mutate check screenshots bench format messages wheels lock dev browser gettext redis
