#!/usr/bin/env bash
# install.sh [LOCK]: create .venv if it does not exist, then install the given lock file; with WHEELS=folder from the
# bundle that `make wheels` made, without a package index.
#
# A copy of the lock file inside .venv records what is installed; if it is unchanged, nothing is done. A .venv that works
# and is new enough is kept, whichever Python made it. If its Python is gone (moved or upgraded), it is created again.
set -euo pipefail
[[ -n "${WHEELS:-}" ]] && WHEELS="$(realpath -m "$WHEELS")"
cd "$(dirname "$0")/../.."
lock="${1:-}"

if ! portal/tools/python.sh fits .venv/bin/python; then
  portal/tools/prerequisites.sh python
  python="$(portal/tools/python.sh)"
  "$python" -m venv --clear .venv
fi
[[ -n "$lock" ]] || exit 0
installed=".venv/installed-$lock"
cmp -s "$lock" "$installed" && exit 0
echo "正在安装 $lock 中的软件包 (installing the packages of $lock)…"
if [[ -n "${WHEELS:-}" ]]; then
  .venv/bin/python -m portal.tools.wheels install "$WHEELS" "$lock"
elif ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$lock"; then
  echo "软件包安装失败，请检查网络后重试 (installing failed: check the network, then try again)。" >&2
  exit 1
fi
cp "$lock" "$installed"
