#!/usr/bin/env bash
# tests/elasticsearch/with.sh COMMAND…: run a command beside an Elasticsearch node of its own, which ELASTICSEARCH_URL
# names meanwhile.
#
# The node listens on free ports of this machine's loopback, keeps its data in a temporary folder, and is gone with it
# afterwards, however the command ends. Where Java or the node's parts cannot be had, the command is run without one
# and one loud line says so; with CI=true that is a failure, and a node that does not start is one everywhere.
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
  if [[ -n "$node" ]]; then kill -KILL "$node" 2>/dev/null || true; fi  # it may be gone already
  # The node is no child of this shell, so it cannot be waited for; where nobody collects it, it never seems to be gone.
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
