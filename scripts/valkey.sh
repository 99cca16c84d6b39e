#!/usr/bin/env bash
# Finds or fetches a Valkey server for the tests, and prints its path; one line on stderr says what it did.
# The one that EVERTHREAD_VALKEY names or that is on PATH is used. Otherwise Debian's packages are unpacked, not
# installed, and the server goes into .cache: nothing of the system changes, no service starts, root is not needed, and
# the network is needed once. Debian 12 has Valkey only in its backports; other systems are asked for their own.
# Where there is none its tests are skipped, except that CI on Debian 12 must have it.
set -euo pipefail
cd "$(dirname "$0")/.."

cache="$PWD/.cache/valkey"
server="$cache/valkey-server"

say() { echo "Valkey: $*" >&2; }
version() { "$1" --version | sed 's/.* v=\([^ ]*\).*/\1/'; }
on_debian_12() { grep -qs '^VERSION_CODENAME=bookworm$' /etc/os-release; }

# A state and a cache of its own for apt, so that it neither needs nor changes the system's.
private_apt() {
  local options=(-qq -o "Dir::State=$work/state" -o "Dir::Cache=$work/cache" -o "APT::Sandbox::User=$(id -un)"
    -o Acquire::Retries=3)
  if on_debian_12; then
    options+=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o APT::Update::Error-Mode=any)
  fi
  apt-get "${options[@]}" "$@"
}

# Fetches and unpacks in a folder of its own and moves the one file at the end: two runs at once do not meet.
fetch() {
  mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$cache"
  echo "deb http://deb.debian.org/debian bookworm-backports main" >"$work/sources.list"
  cd "$work"
  private_apt update && private_apt download valkey-server valkey-tools || return
  local package
  for package in ./*.deb; do dpkg -x "$package" unpacked || return; done
  cp -L unpacked/usr/bin/valkey-server new && ./new --version >/dev/null && mv new "$server"
}

if found="$(command -v "${EVERTHREAD_VALKEY:-valkey-server}")"; then
  say "$(version "$found") at $found"
elif "$server" --version >/dev/null 2>&1; then
  found="$server"
  say "$(version "$found"), unpacked in .cache"
elif ! command -v apt-get >/dev/null; then
  say "its tests are skipped, because there is neither valkey-server on PATH nor apt-get to fetch it with."
else
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  if (fetch) >"$work/log" 2>&1; then
    found="$server"
    say "$(version "$found"), fetched into .cache"
  else
    why="apt-get could not fetch one that runs here ($(tail -n 1 "$work/log"))."
    if on_debian_12 && [ "${CI:-}" = true ]; then say "$why"; exit 1; fi
    say "its tests are skipped, because $why"
  fi
fi
echo "$found"
