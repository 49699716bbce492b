#!/usr/bin/env python3
"""What a deployment meets in a small landing zone: each case says every denial, change, repair and report, and no other."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from preflight_zone import *  # noqa: E402, F403

STORAGE = "Microsoft.Storage/storageAccounts"
TLS = f"{STORAGE}/minimumTlsVersion"
OLD_TLS = is_type(STORAGE, {"field": TLS, "notEquals": "TLS1_2"})
ANY_STORAGE = is_type(STORAGE)
DENY_TLS = definition("deny-tls", OLD_TLS, "deny")


def writes(name, value, condition=OLD_TLS, field=TLS, operation="addOrReplace", conflict=None, mode="All", **operation_parts):
    details = {"roleDefinitionIds": [], "operations": [{"operation": operation, "field": field, **operation_parts}]}
    if value is not None:
        details["operations"][0]["value"] = value
    if conflict:
        details["conflictEffect"] = conflict
    return definition(name, condition, "modify", details, mode=mode)


def appends(name, field, value, condition=ANY_STORAGE):
    return definition(name, condition, "append", [{"field": field, "value": value}])


class Case(unittest.TestCase):
    maxDiff = None

    def check(self, outcome, unread=False, **want):
        """Every section, exactly; those not named are empty."""
        open_end = unread or any("resource" not in one for one in outcome.report.get("unknown", []))
        self.assertEqual(outcome.code, 1 if outcome.denied else 3 if open_end else 0, outcome.err)
        for section in SECTIONS:
            self.assertEqual(getattr(outcome, section), sorted(want.get(section, [])), f"{section}\n{outcome.out}")

    def one(self, outcome, section):
        self.assertEqual(len(outcome.report[section]), 1, outcome.out)
        return outcome.report[section][0]


class Order(Case):
    def test_deny_alone(self):
        found = preflight(template(storage(properties={"minimumTlsVersion": "TLS1_0"})), [DENY_TLS, assignment("a", "deny-tls")])
        self.check(found, denied=["deny-tls@a st1"])
        self.assertEqual(self.one(found, "denied")["path"], "properties.minimumTlsVersion")
        self.assertEqual(self.one(found, "denied")["value"], "TLS1_0")

    def test_modify_saves_from_deny(self):
        rows = [DENY_TLS, assignment("a", "deny-tls"), writes("fix", "TLS1_2"), assignment("m", "fix")]
        self.check(preflight(template(storage()), rows), modified=['fix@m st1 properties.minimumTlsVersion="TLS1_2"'])

    def test_append_is_seen_by_deny(self):
        rows = [DENY_TLS, assignment("a", "deny-tls"), appends("add", TLS, "TLS1_2"), assignment("m", "add")]
        self.check(preflight(template(storage()), rows), modified=['add@m st1 properties.minimumTlsVersion="TLS1_2"'])

    def test_append_can_bring_a_denial(self):
        rows = [DENY_TLS, assignment("a", "deny-tls"), appends("add", TLS, "TLS1_0"), assignment("m", "add")]
        self.check(preflight(template(storage()), rows), denied=["deny-tls@a st1"],
                   modified=['add@m st1 properties.minimumTlsVersion="TLS1_0"'])

    def test_append_over_a_value_of_the_request_denies(self):
        repair = definition("repair", ANY_STORAGE, "deployIfNotExists",
                            {"type": "Microsoft.Insights/diagnosticSettings", "roleDefinitionIds": [],
                             "deployment": {"properties": {"mode": "incremental", "template": template()}}})
        rows = [appends("add", TLS, "TLS1_2"), assignment("m", "add"), repair, assignment("r", "repair")]
        found = preflight(template(storage(properties={"minimumTlsVersion": "TLS1_0"})), rows)
        self.check(found, denied=["add@m st1"])  # and what is refused is not repaired
        self.assertEqual(self.one(found, "denied")["path"], "properties.minimumTlsVersion")

    def test_append_of_the_value_that_is_there_does_nothing(self):
        rows = [appends("add", TLS, "TLS1_2"), assignment("m", "add")]
        self.check(preflight(template(storage(properties={"minimumTlsVersion": "TLS1_2"})), rows))

    def test_without_enforcement_nothing_changes_and_nothing_is_denied(self):
        off = {"enforcementMode": "DoNotEnforce"}
        rows = [DENY_TLS, assignment("a", "deny-tls"), writes("fix", "TLS1_2"), assignment("m", "fix", **off),
                appends("add", f"{STORAGE}/allowBlobPublicAccess", False), assignment("p", "add", **off),
                definition("deny-name", is_type(STORAGE, {"field": "name", "like": "st*"}), "deny"), assignment("n", "deny-name", **off)]
        self.check(preflight(template(storage()), rows), denied=["deny-tls@a st1"],
                   reported=["fix@m st1 modify/doNotEnforce", "add@p st1 append/doNotEnforce", "deny-name@n st1 deny/doNotEnforce"])

    def test_audit_and_disabled(self):
        rows = [definition("look", OLD_TLS, "[parameters('effect')]", parameters={"effect": {"type": "String", "defaultValue": "audit"}}),
                assignment("a", "look"), assignment("b", "look", parameters={"effect": "Disabled"}), assignment("c", "look", parameters={"effect": "Deny"})]
        self.check(preflight(template(storage()), rows), denied=["look@c st1"], reported=["look@a st1 audit/audit"])

    def test_a_rule_that_fails_denies_where_it_is_enforced(self):
        failing = definition("bad", is_type(STORAGE, {"field": f"{STORAGE}/sku.name", "less": 5}), "audit")
        rows = [failing, assignment("a", "bad"), assignment("b", "bad", enforcementMode="DoNotEnforce")]
        self.check(preflight(template(storage()), rows), denied=["bad@a st1"], unknown=["bad@b st1"])

    def test_deny_action_is_not_about_writes(self):
        rows = [definition("keep", ANY_STORAGE, "denyAction", {"actionNames": ["delete"], "cascadeBehaviors": {"resourceGroup": "deny"}}),
                assignment("a", "keep")]
        self.check(preflight(template(storage()), rows))

    def test_manual_needs_an_attestation(self):
        rows = [definition("ask", ANY_STORAGE, "manual", {"defaultState": "Unknown"}), assignment("a", "ask")]
        found = preflight(template(storage()), rows)
        self.check(found, unknown=["ask@a st1"])
        self.assertEqual(self.one(found, "unknown")["reason"], "needs an attestation")

    def test_a_false_condition_is_not_judged(self):
        rows = [DENY_TLS, assignment("a", "deny-tls")]
        self.check(preflight(template(storage(condition=False), storage("st2", condition="[equals('a','b')]")), rows))

    def test_existing_is_not_judged(self):
        deployed = template(languageVersion="2.0")
        deployed["resources"] = {"old": {**storage("old"), "existing": True}, "new": storage("new")}
        self.check(preflight(deployed, [DENY_TLS, assignment("a", "deny-tls")]), denied=["deny-tls@a new"])

    def test_an_open_condition_is_judged_and_marked(self):
        deployed = template(storage(condition="[parameters('on')]"), parameters={"on": {"type": "bool"}})
        found = preflight(deployed, [DENY_TLS, assignment("a", "deny-tls")])
        self.check(found, denied=["deny-tls@a st1"])
        self.assertTrue(self.one(found, "denied")["ifDeployed"])

    def test_an_open_value_is_unknown_and_named(self):
        deployed = template(storage(properties={"minimumTlsVersion": "[parameters('tls')]"}), parameters={"tls": {"type": "string"}})
        found = preflight(deployed, [DENY_TLS, assignment("a", "deny-tls")])
        self.check(found, unknown=["deny-tls@a st1"])
        self.assertIn("tls", self.one(found, "unknown")["reason"])


class Conflicts(Case):
    """Two modify policies that write different values to one property."""

    def run_with(self, first, second, values=("TLS1_2", "TLS1_3")):
        rows = [writes("one", values[0], ANY_STORAGE, conflict=first), writes("two", values[1], ANY_STORAGE, conflict=second),
                assignment("a", "one", mg("root")), assignment("b", "two", mg("corp"))]
        return preflight(template(storage()), rows)

    def test_deny_and_deny(self):
        self.check(self.run_with("deny", "deny"), denied=["one@a st1", "two@b st1"])

    def test_deny_is_the_default(self):
        self.check(self.run_with(None, None), denied=["one@a st1", "two@b st1"])

    def test_deny_wins_over_audit_in_either_order(self):
        self.check(self.run_with("deny", "audit"), modified=['one@a st1 properties.minimumTlsVersion="TLS1_2"'],
                   reported=["two@b st1 modify/conflict"])
        self.check(self.run_with("audit", "deny"), modified=['two@b st1 properties.minimumTlsVersion="TLS1_3"'],
                   reported=["one@a st1 modify/conflict"])

    def test_audit_and_audit_change_nothing(self):
        self.check(self.run_with("audit", "audit"), reported=["one@a st1 modify/conflict", "two@b st1 modify/conflict"])

    def test_the_same_value_is_no_conflict(self):
        self.check(self.run_with("deny", "deny", ("TLS1_2", "TLS1_2")),
                   modified=['one@a st1 properties.minimumTlsVersion="TLS1_2"', 'two@b st1 properties.minimumTlsVersion="TLS1_2"'])

    def test_one_that_is_not_enforced_has_no_part(self):
        rows = [writes("one", "TLS1_2", ANY_STORAGE), writes("two", "TLS1_3", ANY_STORAGE),
                assignment("a", "one"), assignment("b", "two", enforcementMode="DoNotEnforce")]
        self.check(preflight(template(storage()), rows), modified=['one@a st1 properties.minimumTlsVersion="TLS1_2"'],
                   reported=["two@b st1 modify/doNotEnforce"])

    def test_an_exempted_one_has_no_part(self):
        rows = [writes("one", "TLS1_2", ANY_STORAGE), writes("two", "TLS1_3", ANY_STORAGE),
                assignment("a", "one"), assignment("b", "two"), exemption("x", "b")]
        self.check(preflight(template(storage()), rows), modified=['one@a st1 properties.minimumTlsVersion="TLS1_2"'], exempted=["two@b st1"])

    def test_a_loser_skips_all_its_operations(self):
        both = definition("both", ANY_STORAGE, "modify", {"roleDefinitionIds": [], "conflictEffect": "audit", "operations": [
            {"operation": "addOrReplace", "field": TLS, "value": "TLS1_3"}, {"operation": "add", "field": "tags['x']", "value": "1"}]})
        rows = [both, assignment("a", "both"), writes("one", "TLS1_2", ANY_STORAGE), assignment("b", "one")]
        self.check(preflight(template(storage()), rows), modified=['one@b st1 properties.minimumTlsVersion="TLS1_2"'],
                   reported=["both@a st1 modify/conflict"])


class Changes(Case):
    def modified(self, deployed, *definitions):
        rows = list(definitions) + [assignment(f"a{i}", one["name"]) for i, one in enumerate(definitions)]
        return preflight(deployed, rows)

    def test_tags_are_added_once(self):
        tag = writes("tag", "dev", ANY_STORAGE, "tags['env']", "add", mode="Indexed")
        self.check(self.modified(template(storage()), tag), modified=['tag@a0 st1 tags.env="dev"'])
        self.check(self.modified(template(storage(tags={"ENV": "prod"})), tag))

    def test_tags_are_replaced(self):
        tag = writes("tag", "dev", ANY_STORAGE, "tags['env']", mode="Indexed")
        found = self.modified(template(storage(tags={"env": "prod"})), tag)
        self.check(found, modified=['tag@a0 st1 tags.env="dev"'])
        self.assertEqual(self.one(found, "modified")["before"], "prod")
        self.check(self.modified(template(storage(tags={"env": "dev"})), tag))

    def test_tags_are_removed_and_a_later_rule_sees_it(self):
        drop = writes("drop", None, ANY_STORAGE, "tags['temp']", "remove", mode="Indexed")
        deny = definition("deny", is_type(STORAGE, {"field": "tags['temp']", "exists": "true"}), "deny")
        self.check(self.modified(template(storage(tags={"temp": "1", "a": "b"})), drop, deny), modified=["drop@a0 st1 tags.temp=null"])
        self.check(self.modified(template(storage(tags={"a": "b"})), drop, deny))

    def test_conditions_of_operations(self):
        by_version = "[greaterOrEquals(requestContext().apiVersion, '2023-01-01')]"
        rule = writes("fix", "TLS1_2")
        rule["properties"]["policyRule"]["then"]["details"]["operations"][0]["condition"] = by_version
        self.check(self.modified(template(storage()), rule), modified=['fix@a0 st1 properties.minimumTlsVersion="TLS1_2"'])
        self.check(self.modified(template({**storage(), "apiVersion": "2019-06-01"}), rule))

    def test_a_new_member_of_an_array(self):
        member = {"value": "10.0.0.1", "action": "Allow"}
        rules = f"{STORAGE}/networkAcls.ipRules[*]"
        found = self.modified(template(storage(properties={"networkAcls": {"ipRules": [{"value": "10.9.9.9", "action": "Allow"}]}})),
                              appends("ip", rules, member), writes("ip2", {"value": "10.0.0.2"}, ANY_STORAGE, rules, "add"))
        self.check(found, modified=[f"ip@a0 st1 properties.networkAcls.ipRules[1]={json.dumps(member)}",
                                    'ip2@a1 st1 properties.networkAcls.ipRules[2]={"value": "10.0.0.2"}'])

    def test_two_members_of_one_array_do_not_conflict_and_are_both_seen(self):
        rules = f"{STORAGE}/networkAcls.ipRules[*]"
        two = definition("two", is_type(STORAGE, {"count": {"field": rules}, "greaterOrEquals": 2}), "deny")
        found = self.modified(template(storage()), appends("one", rules, {"value": "10.0.0.1"}), appends("other", rules, {"value": "10.0.0.2"}), two)
        self.check(found, denied=["two@a2 st1"], modified=['one@a0 st1 properties.networkAcls.ipRules[0]={"value": "10.0.0.1"}',
                                                           'other@a1 st1 properties.networkAcls.ipRules[1]={"value": "10.0.0.2"}'])

    def test_a_property_of_every_member(self):
        field = f"{STORAGE}/networkAcls.ipRules[*].action"
        found = self.modified(template(storage(properties={"networkAcls": {"ipRules": [{"value": "1"}, {"value": "2", "action": "Deny"}, {"action": "Allow"}]}})),
                              writes("all", "Allow", ANY_STORAGE, field))
        self.check(found, modified=['all@a0 st1 properties.networkAcls.ipRules[0].action="Allow"',
                                    'all@a0 st1 properties.networkAcls.ipRules[1].action="Allow"'])

    def test_what_one_policy_writes_another_sees(self):
        # Not there in the request, so the first makes the second be at work.
        second = writes("second", "TLS1_2", is_type(STORAGE, {"field": f"{STORAGE}/allowBlobPublicAccess", "equals": False}))
        found = self.modified(template(storage()), writes("first", False, ANY_STORAGE, f"{STORAGE}/allowBlobPublicAccess"), second)
        self.check(found, modified=["first@a0 st1 properties.allowBlobPublicAccess=false", 'second@a1 st1 properties.minimumTlsVersion="TLS1_2"'])


class Related(Case):
    DIAGNOSTICS = "Microsoft.Insights/diagnosticSettings"

    def rule(self, effect, **details):
        details = {"type": self.DIAGNOSTICS, "roleDefinitionIds": [], "existenceCondition": {
            "field": f"{self.DIAGNOSTICS}/workspaceId", "exists": "true"}, **details}
        if effect == "deployIfNotExists":
            details["deployment"] = {"properties": {"mode": "incremental", "template": template()}}
        return [definition("logs", ANY_STORAGE, effect, details), assignment("a", "logs")]

    def setting(self, name="logs", of="st1", **properties):
        return {"type": self.DIAGNOSTICS, "apiVersion": "2021-05-01-preview", "name": name,
                "scope": f"[resourceId('{STORAGE}', '{of}')]", "properties": {"workspaceId": "/w", **properties}}

    def test_missing(self):
        self.check(preflight(template(storage()), self.rule("deployIfNotExists")), remediated=["logs@a st1"])
        self.check(preflight(template(storage()), self.rule("auditIfNotExists")), reported=["logs@a st1 auditIfNotExists/audit"])

    def test_there_beside_it(self):
        self.check(preflight(template(storage(), self.setting()), self.rule("deployIfNotExists")))
        self.check(preflight(template(storage(), self.setting()), self.rule("auditIfNotExists")))

    def test_of_another_resource(self):
        found = preflight(template(storage(), storage("st2"), self.setting(of="st2")), self.rule("deployIfNotExists"))
        self.check(found, remediated=["logs@a st1"])

    def test_in_a_nested_deployment(self):
        self.check(preflight(template(storage(), nested("n", [self.setting()])), self.rule("deployIfNotExists")))

    def test_that_does_not_satisfy(self):
        lacking = self.setting()
        del lacking["properties"]["workspaceId"]
        self.check(preflight(template(storage(), lacking), self.rule("deployIfNotExists")), remediated=["logs@a st1"])

    def test_existing_ones_are_unknown(self):
        deployed = template(languageVersion="2.0")
        deployed["resources"] = {"st": storage(), "old": {**self.setting(), "existing": True}}
        self.check(preflight(deployed, self.rule("deployIfNotExists")), unknown=["logs@a st1"])

    def test_without_enforcement_it_is_reported(self):
        rows = self.rule("deployIfNotExists")
        rows[1]["properties"]["enforcementMode"] = "DoNotEnforce"
        self.check(preflight(template(storage()), rows), reported=["logs@a st1 deployIfNotExists/doNotEnforce"])

    def test_what_is_denied_is_not_repaired(self):
        self.check(preflight(template(storage(), storage("st2", {"minimumTlsVersion": "TLS1_2"})),
                             [DENY_TLS, assignment("d", "deny-tls"), *self.rule("deployIfNotExists")]),
                   denied=["deny-tls@d st1"], remediated=["logs@a st2"])

    def test_modify_on_the_related_resource_counts(self):
        change = writes("fix", "/w", is_type(self.DIAGNOSTICS), f"{self.DIAGNOSTICS}/workspaceId")
        lacking = self.setting()
        del lacking["properties"]["workspaceId"]
        self.check(preflight(template(storage(), lacking), [*self.rule("deployIfNotExists"), change, assignment("m", "fix")]),
                   modified=['fix@m logs properties.workspaceId="/w"'])


class DataPlane(Case):
    def unknown(self, mode, object_type, resource, effect="deny", **properties):
        rule = definition("objects", {"field": "type", "equals": object_type}, effect, mode=mode)
        return preflight(template(resource), [rule, assignment("a", "objects", **properties)])

    def resource(self, type_, name="kv1"):
        return {"type": type_, "apiVersion": "2023-07-01", "name": name, "location": "swedencentral", "properties": {}}

    def test_vaults_and_their_objects(self):
        for kind in ("secrets", "keys", "certificates"):
            for resource in (self.resource("Microsoft.KeyVault/vaults"), self.resource(f"Microsoft.KeyVault/vaults/{kind}", "kv1/x")):
                found = self.unknown("Microsoft.KeyVault.Data", f"Microsoft.KeyVault.Data/vaults/{kind}", resource)
                self.check(found, unknown=[f"objects@a {resource['name']}"])
        self.check(self.unknown("Microsoft.KeyVault.Data", "Microsoft.KeyVault.Data/vaults/keys", self.resource("Microsoft.KeyVault/vaults/secrets", "kv1/x")))

    def test_managed_hsm(self):
        found = self.unknown("Microsoft.ManagedHSM.Data", "Microsoft.ManagedHSM.Data/managedHsms/keys", self.resource("Microsoft.KeyVault/managedHSMs"))
        self.check(found, unknown=["objects@a kv1"])

    def test_kubernetes(self):
        kind = "Microsoft.ContainerService/managedClusters"
        self.check(self.unknown("Microsoft.Kubernetes.Data", kind, self.resource(kind, "aks")), unknown=["objects@a aks"])
        self.check(self.unknown("Microsoft.Kubernetes.Data", kind, storage()))

    def test_machine_learning(self):
        deployments = "Microsoft.MachineLearningServices.v2.Data/workspaces/deployments"
        for kind, name in (("workspaces", "w"), ("workspaces/onlineEndpoints/deployments", "w/e/d")):
            found = self.unknown("Microsoft.MachineLearningServices.v2.Data", deployments, self.resource(f"Microsoft.MachineLearningServices/{kind}", name))
            self.check(found, unknown=[f"objects@a {name}"])

    def test_a_rule_without_a_type(self):
        rule = definition("objects", {"field": "Microsoft.MachineLearningServices.Data/workspaces/allowed", "exists": "true"}, "audit",
                          mode="Microsoft.MachineLearningServices.Data")
        rows = [rule, assignment("a", "objects")]
        self.check(preflight(template(self.resource("Microsoft.MachineLearningServices/workspaces", "w"), storage()), rows), unknown=["objects@a w"])

    def test_exemptions_are_for_some_of_them(self):
        for provider, unknown in (("KeyVault", []), ("MachineLearningServices", ["objects@a kv1"])):
            rule = definition("objects", {"field": "type", "equals": f"Microsoft.{provider}.Data/vaults/keys"}, "deny",
                              mode=f"Microsoft.{provider}.Data")
            rows = [rule, assignment("a", "objects"), exemption("x", "a")]
            self.check(preflight(template(self.resource(f"Microsoft.{provider}/vaults")), rows), unknown=unknown,
                       exempted=[] if unknown else ["objects@a kv1"])

    def test_disabled_and_excluded_ones_are_silent(self):
        vault = self.resource("Microsoft.KeyVault/vaults")
        keys = ("Microsoft.KeyVault.Data", "Microsoft.KeyVault.Data/vaults/keys", vault)
        self.check(self.unknown(*keys, effect="disabled"))
        self.check(self.unknown(*keys, notScopes=[GROUP]))


class Scopes(Case):
    def denied(self, at="corp", *options, **parts):
        """Names of the assignments that deny."""
        rows = [DENY_TLS, *parts.pop("rows")]
        found = preflight(template(storage()), rows, *options, at=at)
        return sorted(one["assignment"] for one in found.report["denied"])

    def test_what_is_assigned_above_reaches_and_beside_does_not(self):
        rows = [assignment(name, "deny-tls", scope) for name, scope in (
            ("root", mg("ROOT")), ("corp", mg("corp")), ("online", mg("online")), ("sub", SUB.upper()), ("group", GROUP),
            ("other", f"{SUB}/resourceGroups/rg-other"), ("elsewhere", "/subscriptions/00000000-0000-0000-0000-0000000000bb"),
            ("resource", f"{GROUP}/providers/{STORAGE}/st1"), ("neighbour", f"{GROUP}/providers/{STORAGE}/st2"))]
        self.assertEqual(self.denied(rows=rows), ["corp", "group", "resource", "root", "sub"])
        self.assertEqual(self.denied("online", rows=rows), ["group", "online", "resource", "root", "sub"])
        self.assertEqual(self.denied("Landing zones", rows=rows), ["group", "resource", "root", "sub"])

    def test_not_scopes(self):
        for scope in (mg("root"), mg("Corp"), SUB, SUB + "/", GROUP.upper(), f"{GROUP}/providers/{STORAGE}/ST1"):
            self.assertEqual(self.denied(rows=[assignment("a", "deny-tls", mg("root"), notScopes=[scope])]), [], scope)
        for scope in (mg("online"), f"{SUB}/resourceGroups/rg-a", f"{GROUP}/providers/{STORAGE}/st", ""):
            self.assertEqual(self.denied(rows=[assignment("a", "deny-tls", mg("root"), notScopes=[scope])]), ["a"], scope)

    def test_exemptions_at_every_level(self):
        for scope in (mg("landingzones"), mg("corp"), SUB, GROUP, GROUP.upper(), f"{GROUP}/providers/{STORAGE}/st1"):
            found = preflight(template(storage()), [DENY_TLS, assignment("a", "deny-tls"), exemption("x", "a", scope)])
            self.check(found, exempted=["deny-tls@a st1"])
            self.assertEqual(found.err, "")
            self.assertEqual((self.one(found, "exempted")["exemption"], self.one(found, "exempted")["category"]), ("x", "Waiver"))
        for scope in (mg("online"), f"{SUB}/resourceGroups/rg-b", f"{GROUP}/providers/{STORAGE}/st2"):
            found = preflight(template(storage()), [DENY_TLS, assignment("a", "deny-tls"), exemption("x", "a", scope)])
            self.check(found, denied=["deny-tls@a st1"])

    def test_exemptions_end(self):
        rows = [DENY_TLS, assignment("a", "deny-tls"), exemption("x", "a", expiresOn="2026-06-30T00:00:00Z")]
        self.check(preflight(template(storage()), rows, "--now", "2026-06-29T23:59:59Z"), exempted=["deny-tls@a st1"])
        self.check(preflight(template(storage()), rows, "--now", "2026-06-30T00:00:00Z"), denied=["deny-tls@a st1"])
        self.check(preflight(template(storage()), [*rows, exemption("y", "a", SUB)], "--now", "2026-07-30T00:00:00Z"), exempted=["deny-tls@a st1"])

    def test_an_end_that_is_no_time_exempts_nothing(self):
        found = preflight(template(storage()), [DENY_TLS, assignment("a", "deny-tls"), exemption("x", "a", expiresOn="soon")])
        self.check(found, unread=True, denied=["deny-tls@a st1"])
        self.assertIn("POL0404", found.err)

    def test_a_waiver_of_one_reference(self):
        rows = [DENY_TLS, definition("deny-name", is_type(STORAGE, {"field": "name", "like": "st*"}), "deny"),
                initiative("set", [("tls", "deny-tls", {}), ("name", "deny-name", {})]),
                assignment("a", "set", initiative=True), exemption("x", "a", policyDefinitionReferenceIds=["TLS"])]
        self.check(preflight(template(storage()), rows), denied=["deny-name@a st1"], exempted=["deny-tls@a st1"])

    def test_exemptions_of_what_is_not_there_or_elsewhere_warn(self):
        rows = [DENY_TLS, assignment("a", "deny-tls", mg("corp")), exemption("x", "b"), exemption("y", "a", mg("online"), at=mg("corp"))]
        found = preflight(template(storage()), rows)
        self.check(found, denied=["deny-tls@a st1"])
        self.assertIn("POS0011", found.err)
        self.assertIn("POS0012", found.err)

    def test_assignments_without_a_place_warn(self):
        lost = assignment("a", "deny-tls")
        del lost["id"], lost["properties"]["scope"]
        found = preflight(template(storage()), [DENY_TLS, lost, assignment("b", "deny-tls", mg("nowhere"))])
        self.check(found)
        self.assertEqual(found.err.count("POS0010"), 2, found.err)


class Selectors(Case):
    def by(self, *selectors, deployed=None, **more):
        selector = [{"name": "s", "selectors": list(selectors)}]
        return preflight(deployed or template(storage(), storage("st2", location="North Europe")),
                         [DENY_TLS, assignment("a", "deny-tls", resourceSelectors=selector, **more)])

    def test_by_location(self):
        self.check(self.by({"kind": "resourceLocation", "in": ["northeurope"]}), denied=["deny-tls@a st2"])
        self.check(self.by({"kind": "resourceLocation", "notIn": ["North Europe"]}), denied=["deny-tls@a st1"])

    def test_by_type(self):
        self.check(self.by({"kind": "resourceType", "in": [STORAGE.lower()]}), denied=["deny-tls@a st1", "deny-tls@a st2"])
        self.check(self.by({"kind": "resourceType", "notIn": [STORAGE]}))

    def test_all_selectors_of_one_and_any_of_several(self):
        self.check(self.by({"kind": "resourceType", "in": [STORAGE]}, {"kind": "resourceLocation", "in": ["swedencentral"]}), denied=["deny-tls@a st1"])
        several = [{"name": "x", "selectors": [{"kind": "resourceLocation", "in": ["swedencentral"]}]},
                   {"name": "y", "selectors": [{"kind": "resourceLocation", "in": ["northeurope"]}]}]
        found = preflight(template(storage(), storage("st2", location="North Europe"), storage("st3", location="westus")),
                          [DENY_TLS, assignment("a", "deny-tls", resourceSelectors=several)])
        self.check(found, denied=["deny-tls@a st1", "deny-tls@a st2"])

    def test_without_location_means_at_the_subscription(self):
        without = {"kind": "resourceWithoutLocation", "in": ["subscriptionLevelResources"]}
        blobs = {"type": f"{STORAGE}/blobServices", "apiVersion": "2023-01-01", "name": "st1/default", "properties": {}}
        lock = {"type": "Microsoft.Authorization/locks", "apiVersion": "2020-05-01", "name": "l", "properties": {"level": "ReadOnly"}}
        for deployed, want in ((template(blobs), []), (template(lock, subscription=True), ["any@a l"])):
            rows = [definition("any", {"field": "name", "exists": "true"}, "deny"),
                    assignment("a", "any", resourceSelectors=[{"name": "s", "selectors": [without]}])]
            self.check(preflight(deployed, rows), denied=want)

    def test_an_open_location_is_unknown(self):
        deployed = template(storage(location="[parameters('where')]"), parameters={"where": {"type": "string"}})
        found = self.by({"kind": "resourceLocation", "in": ["northeurope"]}, deployed=deployed)
        self.check(found, unknown=["deny-tls@a st1"])
        rows = [writes("fix", "TLS1_2"), assignment("m", "fix", resourceSelectors=[{"name": "s", "selectors": [{"kind": "resourceLocation", "in": ["x"]}]}])]
        self.check(preflight(deployed, rows), unknown=["fix@m st1"])

    def test_exemptions_have_them_too(self):
        at_home = [{"name": "s", "selectors": [{"kind": "resourceLocation", "in": ["SwedenCentral"]}]}]
        rows = [DENY_TLS, assignment("a", "deny-tls"), exemption("x", "a", resourceSelectors=at_home)]
        self.check(preflight(template(storage(), storage("st2", location="westus")), rows), denied=["deny-tls@a st2"], exempted=["deny-tls@a st1"])
        deployed = template(storage(location="[parameters('where')]"), parameters={"where": {"type": "string"}})
        self.check(preflight(deployed, rows), unknown=["deny-tls@a st1"])


class Overrides(Case):
    SET = initiative("set", [("tls", "deny-tls", {}), ("name", "deny-name", {})])
    NAME = definition("deny-name", is_type(STORAGE, {"field": "name", "like": "st*"}), "deny")

    def over(self, *overrides):
        rows = [DENY_TLS, self.NAME, self.SET, assignment("a", "set", initiative=True, overrides=list(overrides))]
        return preflight(template(storage(), storage("st2", location="westus")), rows)

    def effect(self, value, *selectors):
        return {"kind": "policyEffect", "value": value, **({"selectors": list(selectors)} if selectors else {})}

    def reference(self, *names):
        return {"kind": "policyDefinitionReferenceId", "in": list(names)}

    def test_of_everything(self):
        self.check(self.over(self.effect("disabled")))

    def test_by_reference(self):
        self.check(self.over(self.effect("audit", self.reference("TLS"))), denied=["deny-name@a st1", "deny-name@a st2"],
                   reported=["deny-tls@a st1 audit/audit", "deny-tls@a st2 audit/audit"])

    def test_the_first_that_fits_counts(self):
        west = {"kind": "resourceLocation", "in": ["West US"]}
        self.check(self.over(self.effect("disabled", self.reference("TLS"), west), self.effect("audit", self.reference("TLS")), self.effect("disabled")),
                   reported=["deny-tls@a st1 audit/audit"])
        self.check(self.over(self.effect("audit", self.reference("TLS")), self.effect("disabled", self.reference("TLS"), west), self.effect("disabled")),
                   reported=["deny-tls@a st1 audit/audit", "deny-tls@a st2 audit/audit"])

    def test_by_location(self):
        self.check(self.over(self.effect("disabled", {"kind": "resourceLocation", "in": ["West US"]})), denied=["deny-name@a st1", "deny-tls@a st1"])

    def test_both(self):
        self.check(self.over(self.effect("disabled", self.reference("name"), {"kind": "resourceLocation", "notIn": ["westus"]})),
                   denied=["deny-name@a st2", "deny-tls@a st1", "deny-tls@a st2"])

    def test_the_first_that_fits_counts(self):
        self.check(self.over(self.effect("audit", self.reference("name")), self.effect("disabled")),
                   reported=["deny-name@a st1 audit/audit", "deny-name@a st2 audit/audit"])
        self.check(self.over(self.effect("disabled", {"kind": "resourceLocation", "in": ["westus"]}), self.effect("audit")),
                   reported=["deny-name@a st1 audit/audit", "deny-tls@a st1 audit/audit"])

    def test_of_versions_change_no_effect(self):
        self.check(self.over({"kind": "policyVersion", "value": "2.0.0"}, {"kind": "definitionVersion", "value": "2.0.0"}),
                   denied=["deny-name@a st1", "deny-name@a st2", "deny-tls@a st1", "deny-tls@a st2"])

    def test_an_effect_that_is_none_is_unknown_and_told(self):
        found = self.over(self.effect("forbid", self.reference("tls")))
        self.check(found, denied=["deny-name@a st1", "deny-name@a st2"], unknown=["deny-tls@a"])
        self.assertIn("POS0005", found.err)


class Subscriptions(Case):
    GROUP_TYPE = "Microsoft.Resources/subscriptions/resourceGroups"

    def group(self, name="rg-new", location="swedencentral", **parts):
        return {"type": "Microsoft.Resources/resourceGroups", "apiVersion": "2022-09-01", "name": name, "location": location, **parts}

    def test_allowed_locations_of_resource_groups(self):
        rule = definition("places", is_type(self.GROUP_TYPE, {"field": "location", "notIn": ["Sweden Central"]}), "deny")
        rows = [rule, assignment("a", "places")]
        self.check(preflight(template(self.group(), self.group("rg-far", "westus"), subscription=True), rows), denied=["places@a rg-far"])

    def test_indexed_rules_skip_resource_groups(self):
        rule = definition("tagged", {"field": "tags['env']", "exists": "false"}, "deny", mode="Indexed")
        self.check(preflight(template(self.group(), subscription=True), [rule, assignment("a", "tagged")]))

    def test_tags_are_inherited_from_a_group_of_the_template(self):
        inherit = definition("inherit", {"allOf": [
            {"field": "tags['env']", "notEquals": "[resourceGroup().tags['env']]"}, {"value": "[resourceGroup().tags['env']]", "notEquals": ""}]},
            "modify", {"roleDefinitionIds": [], "operations": [
                {"operation": "addOrReplace", "field": "tags['env']", "value": "[resourceGroup().tags['env']]"}]}, mode="Indexed")
        deployed = template(self.group(tags={"env": "prod"}), nested("n", [storage()], "rg-new"), subscription=True)
        self.check(preflight(deployed, [inherit, assignment("a", "inherit")]), modified=['inherit@a st1 tags.env="prod"'])

    def test_tags_that_a_policy_gives_the_group_are_inherited_too(self):
        give = writes("give", "prod", {"field": "type", "equals": self.GROUP_TYPE}, "tags['env']", "add")
        inherit = definition("inherit", {"allOf": [{"field": "tags['env']", "notEquals": "[resourceGroup().tags['env']]"}]}, "modify",
                             {"roleDefinitionIds": [], "operations": [{"operation": "addOrReplace", "field": "tags['env']", "value": "[resourceGroup().tags['env']]"}]},
                             mode="Indexed")
        deployed = template(self.group(tags={}), nested("n", [storage()], "rg-new"), subscription=True)
        self.check(preflight(deployed, [inherit, give, assignment("a", "inherit"), assignment("b", "give")]),
                   modified=['give@b rg-new tags.env="prod"', 'inherit@a st1 tags.env="prod"'])

    def test_nested_deployments_into_other_groups(self):
        deployed = template(storage(), nested("n", [storage("st2")], "rg-other"))
        rows = [DENY_TLS, assignment("here", "deny-tls", GROUP), assignment("there", "deny-tls", f"{SUB}/resourceGroups/RG-other"),
                assignment("above", "deny-tls", notScopes=[f"{SUB}/resourceGroups/rg-other"])]
        self.check(preflight(deployed, rows), denied=["deny-tls@above st1", "deny-tls@here st1", "deny-tls@there st2"])

    def test_another_subscription_is_told(self):
        other = "00000000-0000-0000-0000-0000000000cc"
        deployed = template(nested("n", [storage("st2")], "rg-x", subscriptionId=other))
        rows = [DENY_TLS, assignment("above", "deny-tls"), assignment("there", "deny-tls", f"/subscriptions/{other}")]
        found = preflight(deployed, rows)
        self.check(found, denied=["deny-tls@there st2"])
        self.assertIn("POS0013", found.err)


class Initiatives(Case):
    def test_parameters_are_passed_on_through_expressions(self):
        rule = definition("places", is_type(STORAGE, {"field": "location", "notIn": "[parameters('allowed')]"}), "[parameters('effect')]",
                          parameters={"allowed": {"type": "Array"}, "effect": {"type": "String", "defaultValue": "audit"}})
        group = initiative("set", [("one", "places", {"allowed": "[parameters('regions')]", "effect": "[if(contains(parameters('hard'),'one'),'deny','disabled')]"}),
                                   ("two", "places", {"allowed": "[createArray(first(parameters('regions')))]", "effect": "[if(contains(parameters('hard'),'two'),'deny','disabled')]"})],
                           {"regions": {"type": "Array"}, "hard": {"type": "Array", "defaultValue": []}})
        deployed = template(storage(), storage("st2", location="westus"))
        regions = ["westus", "swedencentral"]
        for hard, want in (([], []), (["one"], []), (["two"], ["places@a st1"])):
            rows = [rule, group, assignment("a", "set", initiative=True, parameters={"regions": regions, "hard": hard})]
            self.check(preflight(deployed, rows), denied=want)

    def test_a_parameter_without_a_value_is_unknown(self):
        rule = definition("places", is_type(STORAGE, {"field": "location", "notIn": "[parameters('allowed')]"}), "deny", parameters={"allowed": {"type": "Array"}})
        group = initiative("set", [("one", "places", {"allowed": "[parameters('regions')]"})], {"regions": {"type": "Array"}})
        self.check(preflight(template(storage()), [rule, group, assignment("a", "set", initiative=True)]), unknown=["places@a st1"])

    def test_a_definition_that_is_not_at_hand_is_unknown_and_told(self):
        found = preflight(template(storage()), [DENY_TLS, initiative("set", ["deny-tls", "elsewhere"]),
                                                assignment("a", "set", initiative=True), assignment("b", "gone"), assignment("c", "no-set", initiative=True),
                                                assignment("far", "gone", mg("online"))])
        self.check(found, denied=["deny-tls@a st1"], unknown=["elsewhere@a", "gone@b", "no-set@c"])
        self.assertEqual(found.err.count("POS0001"), 4, found.err)

    def test_values_for_another_version_of_a_definition_are_taken(self):
        rule = definition("look", ANY_STORAGE, "[parameters('effect')]", parameters={"effect": {"type": "String", "allowedValues": ["Audit", "Disabled"]}})
        rule["properties"]["version"] = "9.0.0"
        for pin, denied, unknown in (("8.*.*", ["look@a st1"], []), ("9.*.*", [], ["look@a"])):
            group = initiative("set", [("one", "look", {"effect": "deny"})])
            group["properties"]["policyDefinitions"][0]["definitionVersion"] = pin
            self.check(preflight(template(storage()), [rule, group, assignment("a", "set", initiative=True)]), denied=denied, unknown=unknown)

    def test_allowed_values_in_another_case_are_taken(self):
        rule = definition("look", ANY_STORAGE, "[parameters('effect')]", parameters={"effect": {"type": "String", "allowedValues": ["Audit", "Deny"]}})
        self.check(preflight(template(storage()), [rule, assignment("a", "look", parameters={"effect": "deny"})]), denied=["look@a st1"])
        self.check(preflight(template(storage()), [rule, assignment("a", "look", parameters={"effect": "disabled"})]), unknown=["look@a"])

    def test_one_of_metadata_alone_says_nothing(self):
        static = definition("read", {"field": "type", "equals": STORAGE}, "audit")
        static["properties"]["policyType"] = "Static"
        self.check(preflight(template(storage()), [static, initiative("set", ["read"]), initiative("empty", []),
                                                   assignment("a", "set", initiative=True), assignment("b", "empty", initiative=True)]))

    def test_sets_that_contain_sets_and_assignments_of_themselves(self):
        circle = initiative("set", [])
        circle["properties"]["policyDefinitions"] = [{"policyDefinitionId": circle["id"], "policyDefinitionReferenceId": "self"}]
        own = assignment("own", "x")
        own["properties"]["policyDefinitionId"] = own["id"]
        found = preflight(template(storage()), [circle, own, assignment("a", "set", initiative=True)])
        self.check(found, unknown=["set@a", "own@own"])

    def test_messages_are_chosen_by_reference(self):
        rows = [DENY_TLS, initiative("set", [("tls", "deny-tls", {})]), assignment("a", "set", initiative=True, nonComplianceMessages=[
            {"message": "It {enforcementMode} be so."}, {"message": "TLS {enforcementMode} be 1.2.", "policyDefinitionReferenceId": "TLS"}])]
        found = preflight(template(storage()), rows)
        self.assertEqual(self.one(found, "denied")["message"], "TLS must be 1.2.")


class ManagementGroups(Case):
    def test_a_deployment_to_a_management_group(self):
        deployed = {"$schema": "https://schema.management.azure.com/schemas/2019-08-01/managementGroupDeploymentTemplate.json#", "contentVersion": "1.0.0.0",
                    "resources": [{"type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "r", "properties": {"roleDefinitionId": "/owner"}}]}
        rule = definition("roles", is_type("Microsoft.Authorization/roleAssignments"), "deny")
        rows = [rule, assignment("above", "roles", mg("root")), assignment("here", "roles", mg("corp")), assignment("beside", "roles", mg("online"))]
        self.check(preflight(deployed, rows, scope=mg("corp")), denied=["roles@above r", "roles@here r"])


class Secrets(Case):
    def test_are_never_printed(self):
        field = f"{STORAGE}/minimumTlsVersion"
        deployed = template(storage(properties={"minimumTlsVersion": "[parameters('p')]", "dnsEndpointType": "[concat('x', parameters('p'))]"}),
                            parameters={"p": {"type": "secureString", "defaultValue": "hunter2-default"}})
        rows = [definition("eq", is_type(STORAGE, {"field": field, "notEquals": "x"}), "deny"), assignment("a", "eq"),
                appends("add", field, "TLS1_2"), assignment("b", "add"), writes("fix", "y", ANY_STORAGE, f"{STORAGE}/dnsEndpointType"), assignment("c", "fix")]
        for parameters in (None, {"p": "hunter2-given"}):
            found = preflight(deployed, rows, parameters=parameters)
            self.assertIn(found.code, (0, 1), found.err)
            self.assertNotIn("hunter2", found.out + found.err)


if __name__ == "__main__":
    unittest.main()
