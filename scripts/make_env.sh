#!/bin/sh
# Makes the virtual environment: this machine's Python, then uv at the locked version, then exactly the lock.
set -eu
venv=${1:-.venv}
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Tongbao needs Python 3.11 or newer; '$python' is $("$python" -V 2>&1). Call: make repro PYTHON=/path/to/python3.12" >&2
    exit 1
}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
# uv's own entry of the lock, hashes and all, so that even the first package is verified
awk '/^uv==/ {on = 1} on {print} on && !/\\$/ {exit}' requirements.lock > "$venv/uv.lock.txt"
"$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$venv/uv.lock.txt"
# Compiled now, once: some machines forbid Python to keep compiled files, and every kernel would compile anew.
"$venv/bin/uv" pip sync -q --compile-bytecode -p "$venv/bin/python" --require-hashes requirements.lock
"$venv/bin/uv" pip install -q -p "$venv/bin/python" --no-deps --no-build-isolation -e .
# JupyterLab asks nobody for news and looks for no updates.
mkdir -p "$venv/share/jupyter/lab/settings"
cat > "$venv/share/jupyter/lab/settings/overrides.json" <<'JSON'
{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}
JSON
