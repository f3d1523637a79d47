#!/usr/bin/env bash
# Ensure that the named tools are installed: python, fonts, chromium, playwright, gettext, postgresql, redis, java, jdk,
# maven, openssl.
# As root, install the missing ones with apt; otherwise print one apt command that names them, and exit with 1.
set -euo pipefail

here="${0%/*}"
python="" # the Python that creates .venv, where python is asked for
find_python() { python="$("$here/python.sh")"; }
has_venv() { [[ -n "$python" ]] && "$python" -c 'import ensurepip, venv' 2>/dev/null; }
too_old() {
  local oldest
  oldest="$("$here/python.sh" oldest)"
  echo "需要 Python $oldest 或更新的版本 (Python $oldest or newer is needed)：$(python3 --version 2>&1)" >&2
}
has_chromium() { command -v "${CHROMIUM:-chromium-headless-shell}" >/dev/null; }
# The Node.js in Playwright's wheel is linked to it.
has_libatomic() { compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null || compgen -G '/usr/lib*/libatomic.so.1' >/dev/null; }
has_fonts() { [[ -n "$(find /usr/share/fonts /usr/local/share/fonts -iname '*CJK*' -o -iname 'wqy-*' 2>/dev/null | head -1)" ]]; }
has_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

missing=()
for tool in "$@"; do
  case "$tool" in
    python)
      find_python || missing+=(python3)
      has_venv || missing+=(python3-venv) ;;
    fonts) has_fonts || missing+=(fonts-noto-cjk) ;;
    chromium) has_chromium || missing+=(chromium-headless-shell) ;;
    playwright) has_libatomic || missing+=(libatomic1) ;;
    gettext) command -v xgettext >/dev/null || missing+=(gettext) ;;
    postgresql) has_postgresql || missing+=(postgresql) ;;
    redis) command -v redis-server >/dev/null || missing+=(redis-server) ;;
    java) command -v java >/dev/null || missing+=(default-jre-headless) ;;
    jdk) command -v javac >/dev/null || missing+=(default-jdk-headless) ;;
    openssl) command -v openssl >/dev/null || missing+=(openssl) ;;
    maven) command -v mvn >/dev/null || missing+=(maven) ;;
    *) echo "prerequisites.sh: unknown tool: $tool" >&2; exit 2 ;;
  esac
done
(( ${#missing[@]} )) || exit 0

if (( EUID == 0 )) && command -v apt-get >/dev/null; then
  echo "正在安装 (installing): ${missing[*]}"
  apt-get update -qq || true  # without a network, the package lists that apt already has may be enough
  if ! DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; then
    echo "安装失败，请先装好 (installing failed, please install them first): ${missing[*]}" >&2
    exit 1
  fi
else
  echo "缺少软件，请先运行 (something is missing, please run first):" >&2
  echo "  sudo apt-get install ${missing[*]}" >&2
  [[ " ${missing[*]} " == *" python3 "* ]] && too_old
  exit 1
fi
if [[ " ${missing[*]} " == *" python3-venv "* ]]; then
  find_python || { too_old; exit 1; }
  has_venv || { echo "$python 缺少 venv 模块 (this Python lacks the module venv)" >&2; exit 1; }
fi
