#!/usr/bin/env bash
# What `npm test` runs: types, lint, layers, then every test. Arguments go to vitest:
#   npm test -- packages/server        only that package
#   npm test -- -t CFG1                only the tests of one rule of SPEC.md
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

check_node() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    { echo "Everthread needs Node.js 20.19 or newer, and this is $(node --version)." >&2; exit 1; }
}

check_installed() {
  [ -x node_modules/.bin/vitest ] || { echo "Nothing is installed yet. Run: npm ci" >&2; exit 1; }
}

# Installs what tests need from Debian or Ubuntu, or says how. Usage: ensure_apt redis-server:redis-server
# Each argument is package:command; a command that is there already needs no package.
ensure_apt() {
  local missing=() pair as_root=()
  for pair in "$@"; do
    command -v "${pair#*:}" >/dev/null || missing+=("${pair%%:*}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
  if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
    step "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
  else
    echo "These tests need: ${missing[*]}. Run: sudo apt-get install -y ${missing[*]}" >&2
    exit 1
  fi
}

check_node
check_installed
# What a test needs of the system is named here. Debian keeps some servers where a user's PATH does not look.
PATH="$PATH:/usr/sbin"
ensure_apt redis-server:redis-server nginx:nginx openssl:openssl
[ -n "${CHROMIUM:-}" ] || (ensure_apt chromium:chromium) ||
  echo "Without Chromium the tests of pages in a browser are skipped. CHROMIUM names one that is elsewhere." >&2
# An assignment of its own, because `export` would hide that the script failed.
EVERTHREAD_VALKEY="$(bash scripts/valkey.sh)"
export EVERTHREAD_VALKEY

step "Types, lint and layers"
npm run --silent check

step "The web app"
npm run --silent build --workspace @everthread/web
export EVERTHREAD_BUILT_APP="$PWD/packages/web/dist/app"

# Two more at a time than there are cores, where vitest would take one less: most of them wait for servers.
workers="$(node -p 'os.availableParallelism() + 2')"
tests() { npx --no-install vitest run --maxWorkers="$workers" "$@"; }
if [ $# -gt 0 ]; then
  step "Tests"
  tests "$@"
  exit
fi

# Beside the tests, which wait more than they compute, and as the last to be given a processor.
simulated="$(mktemp)"
nice -n 19 bash scripts/simulations.sh >"$simulated" 2>&1 &
simulations=$!
trap 'kill "$simulations" 2>/dev/null; rm -f "$simulated"' EXIT

step "Tests"
tests

step "The simulation (npm run sim plays other seeds)"
code=0
wait "$simulations" || code=$?
cat "$simulated"
[ "$code" -eq 0 ]

step "Chaos: everything breaks at once, by a seed of its own (npm run chaos plays more of it)"
node packages/chaos/dist/main.js --seconds 60
