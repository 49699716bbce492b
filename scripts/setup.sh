#!/bin/sh
# setup.sh GROUP...: installs the packages of these groups of packages.txt that are missing, where no program of
# that name is there already; with the groups browser and engine also what tests/browser and engine take from npm.
# Quick when nothing is.
set -eu
cd "$(dirname "$0")/.."
packages=scripts/packages.txt

install_packages() {
  as_root=""
  [ "$(id -u)" -eq 0 ] || as_root="sudo"
  echo "setup: installing $*" >&2
  $as_root apt-get update -q >&2 || echo "setup: the package lists could not be refreshed, trying with the old ones" >&2
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2
}

# Installs what the lock file of a folder names. It is kept beside what was installed by it.
install_npm_packages() {
  cmp -s "$1/package-lock.json" "$1/node_modules/installed-lock.json" && return
  echo "setup: installing what $1/package-lock.json names" >&2
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund >&2)
  cp "$1/package-lock.json" "$1/node_modules/installed-lock.json"
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "setup: no apt-get here; install what $packages names in your system's way" >&2
  exit 2
fi

wanted=""
for group in "$@"; do
  wanted="$wanted $(sed -n "s/^$group //p" "$packages" | tr '\n' ' ')"
done

missing=""
for package in $wanted; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || command -v "$package" >/dev/null || missing="$missing $package"
done
# shellcheck disable=SC2086  # package names are separate words
[ -z "$missing" ] || install_packages $missing

for group in "$@"; do
  case "$group" in
    browser) install_npm_packages tests/browser ;;
    engine) install_npm_packages engine ;;
  esac
done
