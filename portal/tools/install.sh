#!/usr/bin/env bash
# Bring .venv to the given lock file. A copy of the lock inside .venv tells what is installed: unchanged, nothing is done.
set -euo pipefail
cd "$(dirname "$0")/../.."
lock="$1"
installed=".venv/installed-$lock"

cmp -s "$lock" "$installed" && exit 0
portal/tools/prerequisites.sh python
# A virtual environment whose Python is gone (moved or upgraded) is made anew.
.venv/bin/python -c '' 2>/dev/null || python3 -m venv --clear .venv
echo "正在安装 $lock 中的软件包 (installing the packages of $lock)…"
if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$lock"; then
  echo "软件包安装失败，请检查网络后重试 (installing failed: check the network, then try again)。" >&2
  exit 1
fi
cp "$lock" "$installed"
