#!/usr/bin/env bash
# tests/elasticsearch/install.sh: assemble an Elasticsearch node from its published artifacts (pinned in pom.xml).
#
# Java and Maven are installed if they are missing. The node is in var/elasticsearch: `lib/` is its class path, `modules/`
# its transport, `classes/` the compiled launcher.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$here/../.."
home="$root/var/elasticsearch"

"$root/portal/tools/prerequisites.sh" jdk maven openssl
sum="$(cat "$here/pom.xml" "$here/Node.java" "$0" | sha256sum)"
[[ "$(cat "$home/sum" 2>/dev/null)" == "$sum" ]] && exit 0

rm -rf "$home"
mvn --quiet --batch-mode --file "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$home/lib"
transport="$home/modules/transport-netty4"
mkdir -p "$transport"
mv "$home"/lib/netty-*.jar "$home"/lib/transport-netty4-*.jar "$transport/"
# The server runs from the class path, so its transport must not be loaded as a module.
"$("$root/portal/tools/python.sh")" - "$transport" <<'PYTHON'
import sys, zipfile
from pathlib import Path

folder = Path(sys.argv[1])
with zipfile.ZipFile(next(folder.glob("transport-netty4-*.jar"))) as jar:
    text = jar.read("META-INF/es-plugins/transport-netty4/plugin-descriptor.properties").decode()
lines = (line for line in text.splitlines() if not line.startswith("modulename="))
(folder / "plugin-descriptor.properties").write_text("\n".join(lines) + "\n")
PYTHON
javac -encoding UTF-8 -cp "$home/lib/*" -d "$home/classes" "$here/Node.java"
printf '%s' "$sum" > "$home/sum"
