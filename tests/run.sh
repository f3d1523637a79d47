#!/usr/bin/env bash
# tests/run.sh quick|test|soak [OPTION…]: run the tests, then print how long they took. Options go to pytest.
#
# quick: SQLite; no browser, no Elasticsearch, no server. test: everything on SQLite, and on PostgreSQL what can differ
# there. soak: everything on both, with all rounds, looks and examples. CONTRIBUTING.md says which test belongs where.
set -uo pipefail
cd "$(dirname "$0")/.."
what="${1:?quick, test or soak}"
shift
# What the tests serve themselves has no Elasticsearch, unless a test gives it one.
export TEST_NODE="${ELASTICSEARCH_URL:-}"
unset ELASTICSEARCH_URL
TEST_TIMES="$(mktemp -d "${TMPDIR:-/tmp}/portal-times-XXXXXX")"
export TEST_TIMES
trap 'rm -rf "$TEST_TIMES"' EXIT
# Three workers for two processors where browsers and servers are waited for much of the time; `quick` has neither.
workers=3
[[ "$what" == quick ]] && workers=2
suite=(.venv/bin/pytest -n "$workers" --dist loadgroup --no-loadscope-reorder -q "$@")
status=0

# run NAME COMMAND…: one run of the suite; its name heads a column of the table.
run() {
  local began=$SECONDS
  echo "=== $1"
  TEST_RUN="$1" "${@:2}" || status=1
  echo "=== $1: $((SECONDS - began)) s"
}

case "$what" in
  quick)
    run SQLite "${suite[@]}" -m "not (browser or elasticsearch or concurrency or slow or repeated)"
    ;;
  test)
    run SQLite "${suite[@]}" -m "not (concurrency or repeated)"
    run PostgreSQL tests/postgresql/with.sh "${suite[@]}" -m "(postgresql and not slow or concurrency) and not (browser or repeated)"
    # On a database of its own: what earlier tests left behind in the files of the tables would change the plans.
    run "PostgreSQL, plans" tests/postgresql/with.sh "${suite[@]}" -m "plans"
    ;;
  soak)
    export HYPOTHESIS_PROFILE=soak KILLED_ROUNDS=20
    run SQLite "${suite[@]}" -m ""
    run PostgreSQL tests/postgresql/with.sh "${suite[@]}" -m "not browser"
    ;;
  *) echo "quick, test or soak, not $what" >&2; exit 2 ;;
esac
.venv/bin/python -m tests.timing "$TEST_TIMES"
exit "$status"
