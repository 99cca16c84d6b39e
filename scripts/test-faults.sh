#!/usr/bin/env bash
# What `npm run test:faults` runs: the cases of test/faults, with more devices and for longer than `npm test` has time for.
#   npm run test:faults                            every case once
#   npm run test:faults -- --minutes 30            all of them again and again, with other seeds, for about so long
#   npm run test:faults -- --seed 7                with the seed that a failure has named
#   npm run test:faults -- --case "node is killed" only cases whose title has this in it
set -euo pipefail
cd "$(dirname "$0")/.."

minutes=0 seed=$RANDOM title=""
while [ $# -gt 0 ]; do
  case "$1" in
    --minutes) minutes="${2:?}" ;;
    --seed) seed="${2:?}" ;;
    --case) title="${2:?}" ;;
    *) echo "Unknown: $1. There are --minutes, --seed and --case." >&2; exit 2 ;;
  esac
  shift 2
done

npx tsc -b
end=$((SECONDS + minutes * 60))
while :; do
  printf '\n== Seed %s\n' "$seed"
  # One file at a time: what is looked for is what faults do, and not what a busy machine does.
  FAULTS_LONG=1 FAULTS_REPORT=1 FAULTS_SEED="$seed" npx --no-install vitest run test/faults \
    --no-file-parallelism --test-timeout=600000 ${title:+-t "$title"} ||
    { echo "It failed with seed $seed. Again: npm run test:faults -- --seed $seed" >&2; exit 1; }
  seed=$((seed + 1))
  [ $SECONDS -lt $end ] || break
done
