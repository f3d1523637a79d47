#!/usr/bin/env bash
# tests/run.sh: every test, on SQLite and then, but for the browser's, on PostgreSQL; called by `make test`.
set -euo pipefail
cd "$(dirname "$0")/.."
# What the tests serve themselves has no Elasticsearch, unless a test gives it one.
export TEST_NODE="${ELASTICSEARCH_URL:-}"
unset ELASTICSEARCH_URL
suite=(.venv/bin/pytest -n 2 --dist loadgroup -q)
"${suite[@]}"
tests/postgresql/with.sh "${suite[@]}" --ignore=tests/browser
