#!/bin/sh
# Creates a Python environment, unless it already matches its requirements:
#
#     tests/compat/venv.sh [folder requirements]
#
# Without arguments, it is the one in target/compat-venv, for the compat tests, the tests that validate OpenAPI documents
# and those that drive a browser. Needs Python 3.10 or later with venv, and PyPI
# or the index that pip is configured to use.
set -eu
cd "$(dirname "$0")/../.."
venv=${1:-target/compat-venv}
wanted=${2:-tests/compat/requirements.txt}

if [ -x "$venv/bin/python" ] && cmp -s "$wanted" "$venv/installed.txt"; then
    exit 0
fi
if ! python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
    echo "This needs Python 3.10 or later, with venv, as python3 on the PATH. To install it:" >&2
    echo "    Debian, Ubuntu:  sudo apt-get install python3-venv" >&2
    echo "    Fedora:          sudo dnf install python3" >&2
    echo "    Alpine:          sudo apk add python3" >&2
    echo "    macOS:           brew install python3" >&2
    exit 1
fi
rm -rf "$venv"
mkdir -p target
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted" >&2
cp "$wanted" "$venv/installed.txt"
