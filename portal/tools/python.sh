#!/usr/bin/env bash
# Find the Python that the project uses; no other file has this rule. `requires-python` in pyproject.toml is the oldest.
#
#   python.sh                  print the path of the first `python3` on PATH that is new enough, otherwise that of the
#                              oldest `python3.N` on PATH that is; exit with 1 if there is neither
#   python.sh fits PYTHON      exit code 0 if PYTHON runs and is new enough
#   python.sh oldest           print the oldest version that is new enough, as 3.11.2
set -euo pipefail
root="${0%/*}/../.."

oldest() { sed -n 's/^requires-python = ">=\([0-9.]*\)"$/\1/p' "$root/pyproject.toml"; }

fits() {
  "$1" -c 'import sys; sys.exit(sys.version_info[:3] < tuple(map(int, sys.argv[1].split("."))))' "$(oldest)" \
    >/dev/null 2>&1
}

# Print the first program called $1 on PATH that fits.
on_path() {
  local folder
  for folder in "${folders[@]}"; do
    if [[ -f "$folder/$1" && -x "$folder/$1" ]] && fits "$folder/$1"; then
      printf '%s\n' "$folder/$1"
      return
    fi
  done
  return 1
}

find_python() {
  local minor
  IFS=: read -ra folders <<<"$PATH"
  on_path python3 && return
  for minor in {11..40}; do
    on_path "python3.$minor" && return
  done
  return 1
}

case "${1:-find}" in
  find) find_python ;;
  fits) fits "$2" ;;
  oldest) oldest ;;
  *) echo "python.sh: unknown command: $1" >&2; exit 2 ;;
esac
