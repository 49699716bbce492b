#!/usr/bin/env python3
"""Writes the logs of Harbor's AI landing zone: two weeks of work, and one night.

Made up, the same at each run. generate.py FOLDER writes them there instead of beside itself.
"""

import csv
import datetime
import io
import json
import pathlib
import random
import sys

SEED = random.Random(20261130)
TENANT = "00000000-0000-0000-0000-000000000001"
COPILOT = "/subscriptions/00000000-0000-0000-0000-0000000000f1/resourcegroups/rg-customs-poc"
BERTH = "/subscriptions/00000000-0000-0000-0000-0000000000e1/resourcegroups/rg-berth-prd"
ACCOUNT = f"{COPILOT}/providers/microsoft.cognitiveservices/accounts/oai-customs-poc"
BERTH_ACCOUNT = f"{BERTH}/providers/microsoft.cognitiveservices/accounts/ais-berth-prd"
VAULT = f"{COPILOT}/providers/microsoft.keyvault/vaults/customs-poc-kv"
LABELS = f"{COPILOT}/providers/microsoft.storage/storageaccounts/customspoclabels"
FIRST = datetime.datetime(2026, 11, 17)
NIGHT = datetime.datetime(2026, 11, 30)
STRANGER = "203.0.113.66"

# Name, number, where they work.
PEOPLE = {
    "berth.planner": (1, "198.51.100.40", "DK", "Aarhus"),
    "customs.clerk": (2, "198.51.100.55", "NO", "Oslo"),
    "copilot.dev": (3, "198.51.100.71", "NO", "Oslo"),
    "ml.engineer": (4, "198.51.100.90", "SE", "Malmo"),
    "platform.admin": (5, "198.51.100.12", "DK", "Aarhus"),
}
COPILOT_APP = "10000000-0000-0000-0000-0000000000c0"  # managed identity of the customs copilot
PIPELINE_APP = "10000000-0000-0000-0000-0000000000d0"  # deploys the templates


def upn(person):
    return f"{person}@harbor.example"


def person_id(person):
    return f"00000000-0000-0000-0000-{PEOPLE[person][0]:012}"


def identifier():
    return f"{SEED.getrandbits(128):032x}"


def guid():
    text = identifier()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def iso(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"


def portal(time):
    hour = time.hour % 12 or 12
    return f"{time.month}/{time.day}/{time.year}, {hour}:{time:%M:%S}.{time.microsecond // 1000:03} {time:%p}"


def at(hour, minute, second=0):
    return NIGHT + datetime.timedelta(hours=hour, minutes=minute, seconds=second, milliseconds=SEED.randrange(1000))


def work_times(count):
    """Times of working days, in their order."""
    days = [day for day in range(14) if (FIRST + datetime.timedelta(days=day)).weekday() < 5]
    return sorted(
        FIRST + datetime.timedelta(days=SEED.choice(days), hours=SEED.randrange(6, 17), minutes=SEED.randrange(60),
                                   seconds=SEED.randrange(60), milliseconds=SEED.randrange(1000))
        for _ in range(count))


def signin(time, person, app, address, country, city, result, description, requirement):
    return {
        "TimeGenerated [UTC]": (time, portal(time)), "UserPrincipalName": upn(person), "UserId": person_id(person),
        "AppDisplayName": app, "IPAddress": address, "Location": country,
        "LocationDetails_dynamic": json.dumps({"city": city, "countryOrRegion": country}), "LocationDetails_string": "",
        "ResultType": result, "ResultDescription": description, "AuthenticationRequirement": requirement,
        "ConditionalAccessStatus": "success" if result == "0" and address != STRANGER else "notApplied",
        "UserAgent": "python-requests/2.32" if address == STRANGER and result != "0" else "Mozilla/5.0",
    }


def signins():
    rows = []
    for time in work_times(110):
        person = SEED.choice(list(PEOPLE))
        _, address, country, city = PEOPLE[person]
        wrong = SEED.random() < 0.06
        rows.append(signin(time, person, SEED.choice(["Azure Portal", "Customs Copilot", "Office 365"]), address, country,
                           city, "50126" if wrong else "0", "Invalid username or password." if wrong else "",
                           "multiFactorAuthentication"))
    for round_number in range(7):  # one password after the other, for everybody
        for number, person in enumerate(PEOPLE):
            if round_number == 6 and person == "copilot.dev":
                continue
            rows.append(signin(at(20, 31 + 6 * round_number, 7 * number), person, "Azure Portal", STRANGER, "BR", "Santos",
                               "50126", "Invalid username or password.", "singleFactorAuthentication"))
    rows.append(signin(at(21, 7, 14), "copilot.dev", "Azure Portal", STRANGER, "BR", "Santos", "0", "",
                       "singleFactorAuthentication"))
    rows.sort(key=lambda row: row["TimeGenerated [UTC]"][0])
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "TimeGenerated [UTC]": row["TimeGenerated [UTC]"][1]})
    return "\ufeff" + out.getvalue()


def operation(time, caller, address, name, resource, status="Success"):
    subscription = resource.split("/")[2]
    return time, {
        "TenantId": TENANT, "TimeGenerated": iso(time), "OperationNameValue": name.upper(), "ActivityStatusValue": status,
        "CategoryValue": "Administrative", "Level": "Information", "Caller": caller, "CallerIpAddress": address,
        "CorrelationId": guid(), "ResourceGroup": resource.split("/")[4], "SubscriptionId": subscription,
        "ResourceProviderValue": name.split("/")[0].upper(), "Type": "AzureActivity", "_ResourceId": resource,
    }


def activity():
    rows = []
    for time in work_times(40):
        rows.append(SEED.choice([
            operation(time, PIPELINE_APP, "198.51.100.12", "Microsoft.Resources/deployments/write",
                      f"{SEED.choice([COPILOT, BERTH])}/providers/microsoft.resources/deployments/main"),
            operation(time, upn("copilot.dev"), PEOPLE["copilot.dev"][1],
                      "Microsoft.CognitiveServices/accounts/deployments/write", f"{ACCOUNT}/deployments/chat"),
            operation(time, upn("ml.engineer"), PEOPLE["ml.engineer"][1],
                      "Microsoft.MachineLearningServices/workspaces/jobs/write",
                      f"{BERTH}/providers/microsoft.machinelearningservices/workspaces/mlw-berth-prd"),
        ]))
    dev = upn("copilot.dev")
    rows += [
        operation(at(21, 11, 40), dev, STRANGER, "Microsoft.CognitiveServices/accounts/listKeys/action", ACCOUNT),
        operation(at(21, 13, 2), dev, STRANGER, "Microsoft.Storage/storageAccounts/listKeys/action", LABELS),
        operation(at(21, 13, 31), dev, STRANGER, "Microsoft.CognitiveServices/accounts/listKeys/action", BERTH_ACCOUNT, "Failure"),
        operation(at(22, 18, 5), dev, STRANGER, "Microsoft.Insights/diagnosticSettings/delete",
                  f"{ACCOUNT}/providers/microsoft.insights/diagnosticsettings/oai-customs-poc-diagnosticsettings"),
    ]
    return rows


def secret(time, name, person, address, action="SecretGet", status=200):
    claim = ({"appid": COPILOT_APP, "oid": COPILOT_APP} if person is None else
             {"upn": upn(person), "oid": person_id(person)})
    path = f"secrets/{name}" if name else "secrets"
    return time, {
        "time": iso(time), "category": "AuditEvent", "operationName": action, "resultType": "Success" if status == 200 else "Failed",
        "correlationId": guid(), "callerIpAddress": address, "identity": {"claim": claim}, "resourceId": VAULT.upper(),
        "properties": {"id": f"https://customs-poc-kv.vault.azure.net/{path}", "httpStatusCode": status,
                       "clientInfo": "azsdk-python" if person is None else "Mozilla/5.0",
                       "requestUri": f"https://customs-poc-kv.vault.azure.net/{path}?api-version=7.4"},
    }


SECRETS = ["copilot-certificate", "search-key", "sql-connection", "labels-storage-key", "tariff-api-token"]


def vault():
    rows = [secret(time, SEED.choice(SECRETS[:3]), None, "10.40.2.7") for time in work_times(30)]
    rows.append(secret(at(21, 15, 10), "", "copilot.dev", STRANGER, "SecretList"))
    rows += [secret(at(21, 15, 22 + 4 * number), name, "copilot.dev", STRANGER) for number, name in enumerate(SECRETS)]
    rows.append(secret(at(21, 16, 1), "risk-weights", "copilot.dev", STRANGER, status=403))
    return rows


def blob(time, name, size, address, kind, app="", operation_name="GetBlob"):
    return time, {
        "TenantId": TENANT, "TimeGenerated": iso(time), "AccountName": "customspoclabels", "Category": "StorageRead",
        "OperationName": operation_name, "AuthenticationType": kind, "StatusCode": "200", "StatusText": "Success",
        "Uri": f"https://customspoclabels.blob.core.windows.net/declarations/{name}", "CallerIpAddress": f"{address}:{SEED.randrange(40000, 60000)}",
        "UserAgentHeader": "azsdk-python" if app else "AzCopy/10.27", "ResponseBodySize": size, "RequesterAppId": app,
        "DurationMs": SEED.randrange(4, 90), "CorrelationId": guid(), "Type": "StorageBlobLogs", "_ResourceId": LABELS,
    }


def blobs():
    rows = [blob(time, f"2026/11/{time.day:02}/{SEED.randrange(1000):04}.json", SEED.randrange(2_000, 60_000), "10.40.2.9",
                 "OAuth", COPILOT_APP) for time in work_times(45)]
    rows.append(blob(at(21, 38, 2), "", 41_000, STRANGER, "AccountKey", operation_name="ListBlobs"))
    rows += [blob(at(21, 38, 10 + 11 * number), f"archive/{2019 + number % 7}/part-{number:03}.parquet",
                  SEED.randrange(180_000_000, 260_000_000), STRANGER, "AccountKey") for number in range(60)]
    return rows


def chat(time, address, caller, deployment, status, request, response, account=ACCOUNT):
    properties = {
        "apiName": "Azure OpenAI API version 2024-10-21", "requestLength": request, "responseLength": response,
        "objectId": "", "callerObjectId": caller, "streamType": "Non-Streaming", "modelDeploymentName": deployment,
        "modelName": "gpt-4o-mini" if deployment == "chat" else "text-embedding-3-small",
        "modelVersion": "2024-07-18" if deployment == "chat" else "1",
    }
    return time, {
        "TenantId": TENANT, "TimeGenerated": iso(time), "ResourceProvider": "MICROSOFT.COGNITIVESERVICES",
        "Category": "RequestResponse", "OperationName": "ChatCompletions_Create" if deployment == "chat" else "Embeddings_Create",
        "ResultSignature": str(status), "DurationMs": SEED.randrange(180, 4_000), "CallerIPAddress": address,
        "CorrelationId": guid(), "properties_s": json.dumps(properties, separators=(",", ":")), "Type": "AzureDiagnostics", "_ResourceId": account,
    }


def openai():
    rows = []
    for time in work_times(110):
        mine = SEED.random() < 0.75
        rows.append(chat(time, "10.40.2.***" if mine else "10.30.4.***", COPILOT_APP if mine else "10000000-0000-0000-0000-0000000000e0",
                         SEED.choice(["chat", "chat", "embeddings"]), 400 if SEED.random() < 0.02 else 200,
                         SEED.randrange(800, 6_000), SEED.randrange(300, 3_000), ACCOUNT if mine else BERTH_ACCOUNT))
    time = at(21, 20)
    for number in range(120):  # with the key: nobody is the caller
        time += datetime.timedelta(seconds=SEED.randrange(10, 45))
        blocked = number < 40 and SEED.random() < 0.45
        status = 400 if blocked else 429 if SEED.random() < 0.12 else 200
        rows.append(chat(time, "203.0.113.***", "", "chat", status, SEED.randrange(9_000, 120_000),
                         600 if status != 200 else SEED.randrange(8_000, 40_000)))
    gone = at(22, 18, 5)
    return [row for row in rows if row[0] < gone or row[1]["_ResourceId"] != ACCOUNT]


def lines(rows):
    return "".join(json.dumps(row) + "\n" for _, row in sorted(rows, key=lambda row: row[0]))


def records(rows):
    body = ",\n".join("  " + json.dumps(row) for _, row in sorted(rows, key=lambda row: row[0]))
    return '{"records": [\n' + body + "\n]}\n"


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    files = {
        "signins.csv": signins(),
        "activity.jsonl": lines(activity()),
        "vault.json": records(vault()),
        "blobs.jsonl": lines(blobs()),
        "openai.jsonl": lines(openai()),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
