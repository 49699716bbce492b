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
printf 'The page: %s\n' "$report"

# Logs into a fresh event store, and what they say.
load() {
  "$redoubt" logs load "$1" --table "$2" --data "$data" --schema "$3"
}
ask() {
  stop "$1" kql run --file "$2" --db "$data/events"
}
harbor_logs() {
  data=build/tour/harbor
  rm -rf "$data"
  logs="$example/logs"
  printf '\n== Two weeks of logs, and one night: into a fresh event store, %s\n   redoubt logs load %s/signins.csv --table SigninLogs ...\n\n' "$data" "$logs"
  load "$logs/signins.csv" SigninLogs "$logs/tables.json"
  load "$logs/activity.jsonl" AzureActivity "$logs/tables.json"
  load "$logs/vault.json" AZKVAuditLogs "$logs/tables.json"
  load "$logs/blobs.jsonl" StorageBlobLogs "$logs/tables.json"
  load "$logs/openai.jsonl" AzureDiagnostics "$logs/tables.json"
  ask "One address, many accounts, wrong passwords: whom did it get?" "$example/hunting/password-spray.kql"
  ask "What came from that address, over all tables" "$example/hunting/one-night.kql"
  ask "Who called the model without being anybody?" "$example/hunting/model-calls-by-key.kql"
}
# Real logs of a training lab, where a checkout has them beside it.
training_logs() {
  logs=../shared/sentinel/logs
  data=build/tour/training
  [ -f "$logs/training_SigninLogs.csv" ] || return 0
  rm -rf "$data"
  printf '\n== Real logs of a training lab: exports of the portal, without a schema\n   redoubt logs load %s/training_SigninLogs.csv --table SigninLogs ...\n\n' "$logs"
  "$redoubt" logs load "$logs/training_SigninLogs.csv" "$logs/training_SigninLogs_disabled.csv" --table SigninLogs --data "$data"
  "$redoubt" logs load "$logs/training_AzureActivity.csv" --table AzureActivity --data "$data"
  "$redoubt" logs load "$logs/training_OfficeActivity.csv" --table OfficeActivity --data "$data"
  stop "Sign-ins that failed" kql run 'SigninLogs | where ResultType != 0 | summarize Tries = count(), Users = make_set(UserPrincipalName, 3) by Location, IPAddress, ResultType | order by Tries' --db "$data/events"
  stop "Who deleted what" kql run 'AzureActivity | where OperationNameValue endswith "/DELETE" and ActivityStatusValue == "Success" | summarize Deleted = count(), First = min(TimeGenerated) by Caller, OperationNameValue | order by Deleted' --db "$data/events"
  stop "Rules in mailboxes" kql run 'OfficeActivity | where Operation == "New-InboxRule" | mv-expand Parameter = parse_json(Parameters) | where Parameter.Name endswith "Words" | project TimeGenerated, UserId, ClientIP, Looks = Parameter.Name, For = Parameter.Value' --db "$data/events"
}
if engine=$("$redoubt" kql run 'print 1' --engine embedded 2>&1); then
  harbor_logs
  training_logs
else
  printf '\n== Logs: passed over. %s\n' "$engine"
fi
printf '\nThe whole tour: %s\n' "$example/README.md"
