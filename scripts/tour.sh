#!/bin/sh
# tour.sh REDOUBT: walks through the example landing zone, each command under a line that says what it shows.
# Exit codes 0 and 1 are answers; anything else ends the tour.
set -eu
cd "$(dirname "$0")/.."
redoubt="$1"
example=examples/harbor-ai
zone="$example/zone.yaml"
# Exemptions end: the tour takes place on one day.
now=2026-12-01T00:00:00Z

stop() {
  title="$1"
  shift
  printf '\n== %s\n   redoubt %s\n\n' "$title" "$*"
  "$redoubt" "$@" || [ $? -eq 1 ]
}

has() {
  "$redoubt" "$@" --help >/dev/null 2>&1
}

stop "Two teams' templates, judged with the starter pack: fourteen mistakes" \
  posture scan "$example/fasttrack" "$example/hardened"
stop "The landing zone they are deployed into" \
  zone show --zone "$zone"
stop "What Azure Policy will say to a deployment of the public portal" \
  posture preflight "$example/portal" --zone "$zone" --at portal --location northeurope --now "$now" \
  --scope /subscriptions/00000000-0000-0000-0000-0000000000b1/resourceGroups/rg-berth-calendar
if has posture diff; then
  stop "What changed in the estate within a month" \
    posture diff "$example/inventory/2026-10-31.export" "$example/inventory/2026-11-30.export" --zone "$zone" --now "$now"
fi
if has posture compare; then
  stop "The same verdicts as Azure's own?" \
    posture compare "$example/inventory/2026-11-30.export" --zone "$zone" --states "$example/inventory/states.json" --now "$now"
fi
report="build/harbor-ai.html"
stop "Both teams under the AI landing-zone baseline: the score, and what to do first" \
  posture score "$example/fasttrack" "$example/hardened" --initiative ailz \
  --policy-parameters "$example/ailz-parameters.json" --now "$now"
stop "What that says about the controls of frameworks" \
  posture compliance "$example/fasttrack" "$example/hardened" \
  --policy-parameters "$example/ailz-parameters.json" --now "$now"
stop "The same as a page for people: $report" \
  posture scan "$example/fasttrack" "$example/hardened" --initiative ailz \
  --policy-parameters "$example/ailz-parameters.json" --now "$now" -f html -o "$report"
printf '\nThe page: %s\nThe whole tour: %s\n' "$report" "$example/README.md"
