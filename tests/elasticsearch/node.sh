#!/usr/bin/env bash
# tests/elasticsearch/node.sh FOLDER [SETTING=VALUE…]: start the node that `install.sh` assembled, with its data and
# its log in FOLDER. Prints its process id once it answers and FOLDER/port contains its HTTP port. HEAP=384m is its heap.
#
# The caller must kill it.
set -euo pipefail
home="$(cd "$(dirname "$0")/../../var/elasticsearch" && pwd)"
folder="$1"
shift
mkdir -p "$folder"
rm -f "$folder/port"
heap="${HEAP:-384m}"
java="java -Xms$heap -Xmx$heap -XX:+UseSerialGC -XX:TieredStopAtLevel=${TIER:-4} -Dfile.encoding=UTF-8 -Djava.io.tmpdir=$folder"
# shellcheck disable=SC2086 -- options, separated by spaces
nohup $java -cp "$home/lib/*:$home/classes" Node "$home" "$folder" "$@" >"$folder/node.log" 2>&1 </dev/null &
node=$!
for _attempt in {1..1200}; do
  [[ -s "$folder/port" ]] && break
  if ! kill -0 "$node" 2>/dev/null; then
    echo "Elasticsearch 没有启动 (the node did not start):" >&2
    tail -20 "$folder/node.log" >&2
    exit 1
  fi
  sleep 0.1
done
[[ -s "$folder/port" ]] || { echo "Elasticsearch 两分钟内没有响应 (the node did not answer)" >&2; kill -KILL "$node"; exit 1; }
echo "$node"
