#!/bin/sh
#
# Usage: tools/find_python.sh [PYTHON]     prints the path of a Python 3.12: PYTHON, the machine's, or one of its own
#
# Few machines still have 3.12, but bezier has no wheel beyond it. So uv brings one into .python: the machine's uv, or
# the one that requirements-dev.txt pins, put into .venv by whatever Python 3 there is. Nothing else is changed.
set -eu
cd "$(dirname "$0")/.."

# pyenv's python3.12 runs nothing unless 3.12 is asked for.
is_3_12() {
  PYENV_VERSION=3.12 "$1" -c 'import sys; sys.version_info[:2] == (3, 12) or sys.exit(1); print(sys.executable)' 2>/dev/null
}

abort() {
  echo "mando needs Python 3.12, the newest for which all of its packages are built. Install it" >&2
  echo "(uv python install 3.12, pyenv install 3.12, brew install python@3.12), or name it: make PYTHON=/path/to/python3.12" >&2
  exit 1
}

install_uv() {
  for python in python3 python; do
    command -v "$python" >/dev/null || continue
    "$python" -m venv --clear .venv >&2 || continue
    sed -n '/^uv==/,/# via/p' tools/requirements-dev.txt >.venv/uv.txt
    .venv/bin/pip install --quiet --retries 1 --require-hashes -r .venv/uv.txt >&2 && return
  done
  return 1
}

if [ "${1-}" ]; then
  is_3_12 "$1" && exit
  echo "$1 is no Python 3.12." >&2
  abort
fi
for python in python3.12 .python/*/bin/python3.12; do
  is_3_12 "$python" && exit
done

echo 'No Python 3.12 here: uv brings one, for this folder alone…' >&2
uv=$(command -v uv) || { install_uv && uv=.venv/bin/uv; } || abort
"$uv" python find --system --no-project 3.12 2>/dev/null && exit
UV_PYTHON_INSTALL_DIR=.python UV_PYTHON_BIN_DIR=.python/bin "$uv" python install 3.12 >&2 || abort
is_3_12 .python/*/bin/python3.12
