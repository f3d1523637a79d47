#!/usr/bin/env bash
# tests/html/checker.sh FILE…: check HTML files with the Nu Html Checker; no output and status 0 if all are valid.
# Java and Maven are installed if missing. The checker is downloaded once to var/html-checker (pinned in pom.xml).
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$here/../.."
jars="$root/var/html-checker"

"$root/portal/tools/prerequisites.sh" java maven
if ! cmp -s "$here/pom.xml" "$jars/pom.xml"; then
  rm -rf "$jars"
  mvn --quiet --batch-mode --file "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$jars"
  cp "$here/pom.xml" "$jars/pom.xml"
fi
(( $# )) || exit 0
exec java -cp "$jars/*" nu.validator.client.SimpleCommandLineValidator --errors-only "$@"
