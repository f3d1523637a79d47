#!/usr/bin/env bash
# tests/elasticsearch/with.sh COMMAND…: run a command with a temporary Elasticsearch node, whose address is in
# ELASTICSEARCH_URL.
#
# The node listens on free loopback ports and keeps its data in a temporary folder. Both are removed afterwards, however
# the command ends. If Java or the node's artifacts are not available, the command runs without a node after a warning;
# with CI=true that is a failure. A node that does not start is always a failure.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"

without() {
  echo "!!! 未在 Elasticsearch 上测试，原因 (NOT TESTED ON ELASTICSEARCH): $1" >&2
  [[ "${CI:-}" == true ]] && exit 1
  shift
  exec "$@"
}

"$here/install.sh" || without "Java 或节点的组件取不到 (Java or the parts of the node cannot be had)" "$@"

folder="$(mktemp -d "${TMPDIR:-/tmp}/portal-elasticsearch-XXXXXX")"
node=""
end() {
  if [[ -n "$node" ]]; then kill -KILL "$node" 2>/dev/null || true; fi  # it may have ended already
  # The node is not a child of this shell, so `wait` is not possible. Unless init reaps it, it stays as a zombie: give up
  # after five seconds.
  for _attempt in {1..50}; do
    [[ -n "$node" ]] && kill -0 "$node" 2>/dev/null || break
    sleep 0.1
  done
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
node="$("$here/node.sh" "$folder")"
ELASTICSEARCH_URL="http://127.0.0.1:$(cat "$folder/port")" "$@"
