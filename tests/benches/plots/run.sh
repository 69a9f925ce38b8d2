#!/bin/sh
# Draws the tables of BENCHMARKS.md, or those in the output of a bench, as SVG files:
#
#     tests/benches/plots/run.sh [file [folder]]
#     cargo bench -p jwt-auth-tests --bench peers | tests/benches/plots/run.sh /dev/stdin target
#
# Without arguments, it writes to this folder. Needs Python 3.10 or later with venv, and PyPI.
set -eu
cd "$(dirname "$0")/../../.."
venv=target/plots-venv
tests/compat/venv.sh $venv tests/benches/plots/requirements.txt
exec $venv/bin/python tests/benches/plots/plot.py "${1:-BENCHMARKS.md}" "${2:-tests/benches/plots}"
