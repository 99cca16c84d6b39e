#!/usr/bin/env bash
# The simulation as a proof needs it: a range of seeds, and every mutant found. It computes, in virtual time, and waits for
# nothing: it may run beside the tests, as the last to be given a processor, because these wait more than they compute.
# Whoever starts it has built packages/sim (`npx tsc -b`), and may end it with SIGTERM.
set -uo pipefail
cd "$(dirname "$0")/.."

trap 'kill $(jobs -p) 2>/dev/null; exit 1' TERM
sim() { node packages/sim/dist/main.js "$@" & wait $!; }

code=0
sim --seeds 2000 || code=1
sim --mutants || code=1
exit $code
