#!/usr/bin/env bash
# `make demo`: install what is missing, load the demonstration, serve it. SEARCH=elasticsearch starts a node with it;
# WHEELS=folder installs from the bundle of `make wheels` without a package index.
set -euo pipefail
[[ -n "${WHEELS:-}" ]] && WHEELS="$(realpath -m "$WHEELS")" && export WHEELS
cd "$(dirname "$0")/../.."
port="${PORT:-8000}"

if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  echo "端口 $port 已被占用。请换一个端口：make demo PORT=8001" >&2
  echo "Port $port is taken. Choose another one: make demo PORT=8001" >&2
  exit 1
fi
# Start an Elasticsearch node that ends with the demonstration; if none can be installed, the database answers searches.
if [[ "${SEARCH:-}" == elasticsearch ]]; then
  SEARCH="" exec tests/elasticsearch/with.sh portal/tools/demo.sh
fi
portal/tools/prerequisites.sh python fonts
portal/tools/install.sh requirements.txt
export DJANGO_SETTINGS_MODULE=portal.settings.demo
.venv/bin/python -m portal.tools.demo

# Listen on this machine only, unless ALLOWED_HOSTS names other addresses.
address=127.0.0.1
[[ -n "${ALLOWED_HOSTS:-}" ]] && address=0.0.0.0
exec .venv/bin/gunicorn portal.wsgi --bind "$address:$port" --workers 2 --threads 4 --log-level warning
