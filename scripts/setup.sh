#!/bin/sh
# setup.sh GROUP...: installs the packages of these groups of packages.txt that are missing. Quick when none is.
set -eu
packages="$(dirname "$0")/packages.txt"

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
  [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
echo "setup: installing$missing" >&2
$as_root apt-get update -q >&2 || echo "setup: the package lists could not be refreshed, trying with the old ones" >&2
# shellcheck disable=SC2086  # package names are separate words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >&2
