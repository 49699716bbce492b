#!/usr/bin/env python3
"""The example landing zone from outside: what its zone file promises is what scan, show and preflight say.

The expectations were worked out by hand from templates, definitions and assignments; README of the example tells why.
"""
import json
import os
import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ["REDOUBT_BINARY"]
EXAMPLE = "examples/harbor-ai"
ZONE = f"{EXAMPLE}/zone.yaml"
NOW = "2026-12-01T00:00:00Z"
FASTTRACK = "/subscriptions/00000000-0000-0000-0000-0000000000f1/resourceGroups/rg-customs-poc"
HARDENED = "/subscriptions/00000000-0000-0000-0000-0000000000e1/resourceGroups/rg-berth-prd"
PORTAL = "/subscriptions/00000000-0000-0000-0000-0000000000b1/resourceGroups/rg-berth-calendar"
OCTOBER = f"{EXAMPLE}/inventory/2026-10-31.export"
NOVEMBER = f"{EXAMPLE}/inventory/2026-11-30.export"


def run(*arguments):
    return subprocess.run([BINARY, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def answer(*arguments, code=0):
    done = run(*arguments, "-f", "json")
    assert done.returncode == code, (done.returncode, done.stderr)
    return json.loads(done.stdout)


def scan(*arguments, now=NOW):
    return answer("posture", "scan", "--zone", ZONE, *arguments, "--now", now)


def rows(report, state):
    return sorted((one["policy"]["name"], one["resource"]["name"]) for one in report["findings"] if one["state"] == state)


def preflight(path, at, scope, location="swedencentral", now=NOW, code=0):
    return answer("posture", "preflight", f"{EXAMPLE}/{path}", "--zone", ZONE, "--at", at, "--scope", scope,
                  "--location", location, "--now", now, code=code)


def met(entries, *keys):
    return sorted((one["definition"], one["assignment"], one["resource"]["name"], *(one.get(key) for key in keys))
                  for one in entries)


class Scan(unittest.TestCase):
    NONCOMPLIANT = [
        ("harbor-ai-keys-off", "oai-customs-poc"),
        ("harbor-content-filter", "oai-customs-poc/embeddings"),
        ("harbor-data-class", "cosmos-customs-poc"),
        ("harbor-data-class", "customs-poc-sql"),
        ("harbor-data-class", "customspocdocs"),
        ("harbor-data-class", "customspoclabels"),
        ("harbor-data-class", "customspocprompts"),
        ("harbor-data-class", "srch-customs-poc"),
        ("harbor-locations", "appi-berth-calendar"),
        ("harbor-model-processing", "oai-customs-poc/chat"),
        ("harbor-models", "oai-customs-poc/chat"),
        ("harbor-public-address", "customs-poc-agw-pip"),
        ("harbor-public-address", "customs-poc-scoring-lb-pip"),
        ("harbor-storage-https", "customspocdocs"),
        ("harbor-storage-https", "customspoclabels"),
        ("harbor-storage-https", "customspocprompts"),
        ("harbor-web-https", "app-berth-calendar"),
        ("redoubt-ai-private-endpoint", "mlw-customs-poc"),
        ("redoubt-cosmos-public-access", "cosmos-customs-poc"),
        ("redoubt-gpu-vm-encryption-at-host", "customs-poc-gpu01"),
        ("redoubt-key-vault-public-access", "customs-poc-kv"),
        ("redoubt-key-vault-purge-protection", "customs-poc-kv"),
        ("redoubt-ml-online-endpoint-public-access", "mlw-customs-poc/hs-code"),
        ("redoubt-registry-admin-user", "customspocacr"),
        ("redoubt-sql-minimum-tls", "customs-poc-sql"),
        ("redoubt-storage-shared-key", "customspoclabels"),
    ]
    # Of no template; the export alone has it.
    UNPLANNED = [
        ("harbor-data-class", "customspocscratch"),
        ("harbor-locations", "customspocscratch"),
        ("redoubt-storage-public-access", "customspocscratch"),
        ("redoubt-storage-shared-key", "customspocscratch"),
    ]
    EXEMPT = [("harbor-public-address", "pip-ng-berth-prd"), ("redoubt-search-public-access", "srch-customs-poc")]

    def test_templates_and_inventory(self):
        report = scan()
        self.assertEqual(rows(report, "noncompliant"), sorted(self.NONCOMPLIANT + self.UNPLANNED))
        self.assertEqual(rows(report, "exempt"), self.EXEMPT)
        self.assertEqual(report["summary"]["unknown"], 0)
        self.assertEqual(report["summary"]["error"], 0)

    def test_hardened_and_platform_are_clean(self):
        report = scan()
        for one in report["findings"]:
            subscription = one["resource"]["id"].split("/")[2][-2:]
            self.assertTrue(one["state"] == "exempt" or subscription in ("f1", "b1"), one)

    def test_however_a_path_is_spelled_its_template_is_placed(self):
        here = scan(f"{ROOT}/examples/harbor-ai/fasttrack/")
        self.assertEqual(here["summary"], scan("examples/harbor-ai/fasttrack")["summary"])

    def test_a_template_that_the_zone_does_not_place_is_told(self):
        found = answer("posture", "scan", "--zone", ZONE, "examples/harbor-zone/deployment", "--now", NOW, code=3)
        self.assertEqual([one["what"] for one in found["notLookedAt"] if "zone does not say" in one["why"]], ["/subscriptions/{subscription}"])

    def test_an_exemption_counts_until_it_ends(self):
        self.assertEqual(rows(scan(now="2026-09-29T00:00:00Z"), "exempt"),
                         sorted([*self.EXEMPT, ("redoubt-key-vault-public-access", "customs-poc-kv")]))
        self.assertEqual(rows(scan(now="2027-04-01T00:00:00Z"), "exempt"), self.EXEMPT[:1])

    def test_owners_and_environments(self):
        by_name = {one["resource"]["name"]: one for one in scan()["findings"]}
        self.assertEqual(by_name["customs-poc-kv"]["owner"], "customs-copilot@harbor.example")
        self.assertEqual(by_name["customs-poc-kv"]["environment"], "pilot")
        self.assertEqual(by_name["app-berth-calendar"]["owner"], "web@harbor.example")
        self.assertEqual(by_name["pip-ng-berth-prd"]["exemption"]["category"], "Mitigated")

    def test_where_an_effect_comes_from(self):
        by_policy = {one["policy"]["name"]: one for one in scan()["findings"]}
        self.assertEqual(by_policy["redoubt-sql-minimum-tls"]["effectSource"], "override")
        self.assertEqual(by_policy["redoubt-sql-minimum-tls"]["effect"], "deny")
        self.assertEqual(by_policy["redoubt-ml-online-endpoint-public-access"]["effect"], "audit")
        openai = by_policy["harbor-models"]["policy"]["assignments"]
        self.assertEqual([(one["name"], one["enforcementMode"]) for one in openai], [("openai", "DoNotEnforce")])

    def test_the_findings_have_the_form_of_their_schema(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        schema = json.loads((ROOT / "docs/reference/schemas/findings.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(scan("--all"))

    def test_the_starter_pack_still_finds_the_planted_mistakes_alone(self):
        planted = json.loads((ROOT / EXAMPLE / "expected-findings.json").read_text())
        report = answer("posture", "scan", EXAMPLE)
        self.assertEqual(rows(report, "noncompliant"), sorted((one["policy"], one["resource"]["name"]) for one in planted))
        self.assertEqual(len(report["findings"]), len(planted))


class Drift(unittest.TestCase):
    def test_what_november_brought(self):
        before = set(rows(scan(OCTOBER), "noncompliant"))
        after = set(rows(scan(NOVEMBER), "noncompliant"))
        self.assertEqual(sorted(after - before), sorted([
            ("harbor-ai-keys-off", "ais-berth-prd"),
            ("harbor-vault-logs", "kv-harbor-berth-prd"),
            ("redoubt-storage-public-access", "stberthprdmodel"),
            *Scan.UNPLANNED,
        ]))
        self.assertEqual(before - after, {("redoubt-sql-minimum-tls", "customs-poc-sql")})

    def test_nothing_in_the_exports_is_left_open(self):
        for export in (OCTOBER, NOVEMBER):
            summary = scan(export)["summary"]
            self.assertEqual((summary["unknown"], summary["error"]), (0, 0), export)


class PolicyStates(unittest.TestCase):
    """`az policy state list` of the inventory against what a scan of it says, pair by pair."""

    STATES = {"compliant": "Compliant", "noncompliant": "NonCompliant", "exempt": "Exempt"}

    @staticmethod
    def of_azure(name):
        listed = json.loads((ROOT / EXAMPLE / "inventory" / name).read_text())
        states = {(one["resourceId"].lower(), one["policyAssignmentId"].lower(),
                   (one["policyDefinitionReferenceId"] or "").lower()): one["complianceState"] for one in listed}
        assert len(states) == len(listed), "a key stands twice"
        return states

    def of_scan(self):
        return {(one["resource"]["id"].lower(), assignment["id"].lower(), assignment["referenceId"].lower()):
                self.STATES[one["state"]]
                for one in scan(NOVEMBER, "--all")["findings"] if one["state"] != "notApplicable"
                for assignment in one["policy"]["assignments"]}

    def test_full_agreement(self):
        self.assertEqual(self.of_scan(), self.of_azure("states.json"))

    def test_the_program_compares_them_so(self):
        for name, agreed in (("states.json", 158), ("states-one-disagreement.json", 157)):
            report = answer("posture", "compare", NOVEMBER, "--zone", ZONE, "--states", f"{EXAMPLE}/inventory/{name}", "--now", NOW)
            summary = report["summary"]
            self.assertEqual((summary["decided"], summary["agreed"], report["leftOut"]), (158, agreed, []), name)

    def test_one_planted_disagreement(self):
        ours, theirs = self.of_scan(), self.of_azure("states-one-disagreement.json")
        self.assertEqual(ours.keys(), theirs.keys())
        self.assertEqual([(key[0].rsplit("/", 1)[1], key[2], ours[key], theirs[key]) for key in ours if ours[key] != theirs[key]],
                         [("customs-poc-sql", "sqltls", "Compliant", "NonCompliant")])


class Show(unittest.TestCase):
    def test_tree(self):
        scopes = {one["displayName"]: one for one in answer("zone", "show", "--zone", ZONE)["scopes"]}
        self.assertEqual(len(scopes), 17)
        self.assertEqual(scopes["fasttrack"]["parents"], ["corp", "landingzones", "harbor"])
        self.assertEqual(scopes["logs"]["parents"], ["management", "platform", "harbor"])
        assigned = {name: [one["name"] for one in scope["assignments"]] for name, scope in scopes.items()}
        everywhere = ["public-address", "https", "logs"]
        workloads = [*everywhere, "locations", "data-class", "data-protection", "openai"]
        self.assertEqual(assigned["hub"], ["https", "logs"])  # notScopes
        self.assertEqual(assigned["domain-controllers"], [*everywhere, "subnet-guard"])
        self.assertEqual(assigned["portal"], workloads)
        self.assertEqual(assigned["hardened"], [*workloads, "ai-keys-off", "closed-endpoints", "ai-private-link"])
        self.assertEqual(assigned["fasttrack"], [*assigned["hardened"], "registry-admin"])
        self.assertEqual(assigned["tryout"], [*everywhere, "no-peering"])

    def test_counts_at_a_scope(self):
        view = answer("zone", "show", "--zone", ZONE, "--at", "fasttrack")
        self.assertEqual(view["counts"]["pairs"], 29)
        self.assertEqual(view["counts"]["byEffect"]["DoNotEnforce"], {"deny": 3})
        self.assertEqual(view["counts"]["byEffect"]["Default"], {
            "append": 2,
            "audit": 7,  # five of data-protection, onlineEndpoint, registry-admin
            "auditifnotexists": 1,
            "deny": 12,
            "deployifnotexists": 2,
            "modify": 2,
        })

    def why(self, at, definition):
        return answer("zone", "show", "--zone", ZONE, "--at", at, "--why", definition)["why"]

    def test_why_an_override(self):
        (way,) = self.why("fasttrack", "sqlTls")
        self.assertEqual((way["definition"], way["assignment"], way["effect"]), ("redoubt-sql-minimum-tls", "data-protection", "deny"))
        self.assertEqual(way["steps"][-1], "an override of the assignment makes it Deny")

    def test_why_an_expression_of_the_initiative(self):
        self.assertEqual([way["effect"] for way in self.why("hardened", "redoubt-storage-minimum-tls")], ["deny"])
        self.assertEqual([way["effect"] for way in self.why("hardened", "onlineEndpoint")], ["audit"])
        self.assertEqual([way["effect"] for way in self.why("hardened", "redoubt-search-public-access")], ["deny"])

    def test_why_nothing(self):
        self.assertEqual(self.why("hub", "harbor-public-address"), [])


class Preflight(unittest.TestCase):
    def test_fasttrack(self):
        report = preflight("fasttrack", "fasttrack", FASTTRACK, code=1)
        closed = "Services of corp must be reached through private endpoints."
        self.assertEqual(met(report["denied"], "path", "message"), [
            *(("harbor-public-address", "public-address", name, "type", "Traffic from outside must enter through the firewall of the hub.")
              for name in ("customs-poc-agw-pip", "customs-poc-scoring-lb-pip")),
            ("redoubt-cosmos-public-access", "closed-endpoints", "cosmos-customs-poc", "properties.publicNetworkAccess", closed),
            ("redoubt-key-vault-public-access", "closed-endpoints", "customs-poc-kv", "properties.publicNetworkAccess", closed),
            ("redoubt-sql-minimum-tls", "data-protection", "customs-poc-sql", "properties.minimalTlsVersion",
             "SQL servers must refuse TLS below 1.2: the audit of last spring."),
        ])
        stores = ["cosmos-customs-poc", "customs-poc-sql", "customspocdocs", "customspoclabels", "customspocprompts", "srch-customs-poc"]
        self.assertEqual(met(report["modified"], "path", "value"), [
            ("harbor-ai-keys-off", "ai-keys-off", "oai-customs-poc", "properties.disableLocalAuth", True),
            *(("harbor-data-class", "data-class", name, "tags.dataClass", "unclassified") for name in stores),
            *(("harbor-storage-https", "https", name, "properties.supportsHttpsTrafficOnly", True) for name in stores[2:5]),
        ])
        self.assertEqual(met(report["remediated"]), [("harbor-search-logs", "logs", "srch-customs-poc")])
        self.assertEqual([one["name"] for one in report["remediated"][0]["creates"]], ["harbor-logs"])
        self.assertEqual(met(report["reported"], "why", "effect"), [
            ("harbor-content-filter", "openai", "oai-customs-poc/embeddings", "doNotEnforce", "deny"),
            ("harbor-model-processing", "openai", "oai-customs-poc/chat", "doNotEnforce", "deny"),
            ("harbor-models", "openai", "oai-customs-poc/chat", "doNotEnforce", "deny"),
            ("redoubt-ai-private-endpoint", "ai-private-link", "mlw-customs-poc", "audit", "auditIfNotExists"),
            ("redoubt-gpu-vm-encryption-at-host", "data-protection", "customs-poc-gpu01", "audit", "audit"),
            ("redoubt-key-vault-purge-protection", "data-protection", "customs-poc-kv", "audit", "audit"),
            ("redoubt-ml-online-endpoint-public-access", "closed-endpoints", "mlw-customs-poc/hs-code", "audit", "audit"),
            ("redoubt-registry-admin-user", "registry-admin", "customspocacr", "audit", "audit"),
            ("redoubt-storage-shared-key", "data-protection", "customspoclabels", "audit", "audit"),
        ])
        self.assertEqual({one["message"] for one in report["reported"] if one["assignment"] == "openai"},
                         {"Model deployments should follow the guardrails of generative AI."})
        self.assertEqual(report["unknown"], [])
        self.assertEqual(met(report["exempted"], "exemption"),
                         [("redoubt-search-public-access", "closed-endpoints", "srch-customs-poc", "search-until-pilot")])

    def test_fasttrack_while_the_vault_was_moving(self):
        report = preflight("fasttrack/platform", "fasttrack", FASTTRACK, now="2026-09-01T00:00:00Z", code=1)
        self.assertEqual(met(report["exempted"], "exemption"),
                         [("redoubt-key-vault-public-access", "closed-endpoints", "customs-poc-kv", "vault-while-moving")])

    def test_hardened(self):
        report = preflight("hardened", "hardened", HARDENED)
        for section in ("denied", "modified", "remediated", "reported", "unknown"):
            self.assertEqual(report[section], [], section)
        self.assertEqual(met(report["exempted"], "category"),
                         [("harbor-public-address", "public-address", "pip-ng-berth-prd", "Mitigated")])

    def test_portal(self):
        report = preflight("portal", "portal", PORTAL, "northeurope", code=1)
        self.assertEqual(met(report["denied"], "path", "value", "message"), [
            ("harbor-locations", "locations", "appi-berth-calendar", "location", "uksouth",
             "Resources must lie in the European Union; ask the data office for anything else.")])
        self.assertEqual(met(report["modified"], "effect", "path", "value"),
                         [("harbor-web-https", "https", "app-berth-calendar", "append", "properties.httpsOnly", True)])
        for section in ("remediated", "reported", "unknown", "exempted"):
            self.assertEqual(report[section], [], section)

    def test_platform(self):
        for name, subscription, group in (("connectivity", "c1", "rg-harbor-hub"), ("identity", "d1", "rg-harbor-identity"),
                                          ("management", "a1", "rg-harbor-management")):
            scope = f"/subscriptions/00000000-0000-0000-0000-0000000000{subscription}/resourceGroups/{group}"
            report = preflight(f"platform/{name}", name, scope)
            for section in ("denied", "modified", "remediated", "reported", "unknown", "exempted"):
                self.assertEqual(report[section], [], (name, section))

    def test_the_hub_would_not_fit_elsewhere(self):
        scope = "/subscriptions/00000000-0000-0000-0000-0000000000d1/resourceGroups/rg-harbor-identity"
        report = preflight("platform/connectivity", "identity", scope, code=1)
        self.assertEqual(met(report["denied"]), [("harbor-public-address", "public-address", "pip-afw-harbor-hub")])

    def test_sandbox_and_decommissioned(self):
        scope = "/subscriptions/00000000-0000-0000-0000-000000000051/resourceGroups/rg-try"
        report = preflight("platform/identity", "tryout", scope, code=1)
        self.assertEqual(met(report["denied"]), [("harbor-types-refused", "no-peering", "vnet-harbor-identity/to-hub")])
        scope = "/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-old"
        report = preflight("platform/identity", "decommissioned", scope, code=1)
        self.assertEqual({(one["assignment"]) for one in report["denied"]}, {"nothing-new"})
        self.assertEqual(len(report["denied"]), 7)


if __name__ == "__main__":
    unittest.main()
