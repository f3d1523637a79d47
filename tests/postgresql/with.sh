#!/usr/bin/env bash
# tests/postgresql/with.sh COMMAND…: run a command with a temporary PostgreSQL server, whose URL is in DATABASE_URL.
#
# The server is Debian's. It listens on a free loopback port and keeps its data in a temporary folder. Both are removed
# afterwards, however the command ends. As root it runs as an unprivileged user, for PostgreSQL refuses to run as root.
# If no server is available, nothing is run after a warning; with CI=true that is a failure.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"

without() {
  echo "!!! 未在 PostgreSQL 上测试，原因 (NOT TESTED ON POSTGRESQL): $1" >&2
  [[ "${CI:-}" == true ]] && exit 1
  exit 0
}

"$root/portal/tools/prerequisites.sh" postgresql || without "没有安装 (it is not installed): apt-get install postgresql"
bin="$(dirname "$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)")"

# With setpriv the server ends when this script does, even if the script is killed.
as=(setpriv --pdeathsig QUIT)
if (( EUID == 0 )); then
  user=postgres
  id -u "$user" >/dev/null 2>&1 || user=nobody
  as+=(--reuid "$user" --regid "$(id -g "$user")" --clear-groups)
fi

folder="$(mktemp -d "${TMPDIR:-/tmp}/portal-postgresql-XXXXXX")"
server=""
end() {
  if [[ -n "$server" ]]; then
    kill -QUIT "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
(( EUID == 0 )) && chown "$user" "$folder"
cd "$folder"

"${as[@]}" "$bin/initdb" --pgdata=data --username=keeper --encoding=UTF8 --locale=C.UTF-8 --auth=trust --no-sync >initdb.log \
  || without "initdb: $(tail -1 initdb.log)"

# No durability is needed. Autovacuum is off: it would record tables that tests fill and roll back as empty, which would
# mislead the planner. If another process takes the port meanwhile, another port is tried.
for _attempt in 1 2 3 4 5; do
  port="$("$("$root/portal/tools/python.sh")" -c 'import socket; probe = socket.socket(); probe.bind(("127.0.0.1", 0)); print(probe.getsockname()[1])')"
  "${as[@]}" "$bin/postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c max_connections=100 >server.log 2>&1 &
  server=$!
  until "$bin/pg_isready" --quiet --host=127.0.0.1 --port="$port" || ! kill -0 "$server" 2>/dev/null; do sleep 0.1; done
  kill -0 "$server" 2>/dev/null && break
  server=""
done
[[ -n "$server" ]] || without "$(tail -1 server.log)"

# The role owns only its database, as in a data centre; CREATEDB is for databases that the tests create.
"$bin/psql" --quiet --no-psqlrc --host=127.0.0.1 --port="$port" --username=keeper --dbname=postgres \
  --command="CREATE ROLE portal LOGIN CREATEDB" --command="CREATE DATABASE portal OWNER portal"

cd "$root"
export PATH="$bin:$PATH"  # the tests load and dump with the tools of this server's version
DATABASE_URL="postgres://portal@127.0.0.1:$port/portal" "$@"
