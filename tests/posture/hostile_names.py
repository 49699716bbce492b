"""An export and policies whose every text wants to be a command: for tests of what reports print."""

import json

SCRIPT = "</script><script>window.owned=1</script><img src=x onerror=window.owned=1><!--"
TERMINAL = "\u001b[31m\u001b]0;owned\u0007\u202e\u2066\u009b31m"
MARKDOWN = "|`]] [x](http://evil.example) @everyone\n\n# Head\n<b>bold</b> {{data}}{{script}}"
LINES = "\u2028\u2029\r\n"
FORMULAS = ["=cmd|' -C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\uff1d1"]
ALL = SCRIPT + TERMINAL + MARKDOWN + LINES + "]]>&amp;'\""


def account(name):
    """A row of an export. A slash would be a segment of the id."""
    segment = name.replace("/", "\u2215")
    group = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/" + segment[:90]
    return {"id": f"{group}/providers/Microsoft.Storage/storageAccounts/{segment}", "name": name,
            "type": "Microsoft.Storage/storageAccounts", "location": ALL, "properties": {"publicNetworkAccess": ALL}}


def policy(name, display_name):
    rule = {"if": {"allOf": [{"field": "type", "equals": "Microsoft.Storage/storageAccounts"},
                             {"field": "location", "notEquals": "westeurope"}]},
            "then": {"effect": "audit"}}
    return {"name": name, "properties": {"displayName": display_name, "description": ALL, "mode": "All",
                                         "metadata": {"severity": "high", "category": ALL}, "policyRule": rule}}


def write(folder):
    """`export.jsonl`, and `policies/`."""
    (folder / "policies").mkdir(parents=True)
    names = [ALL, *FORMULAS, "x" * 100_000]
    rows = "\n".join(json.dumps(account(name)) for name in names)
    (folder / "export.jsonl").write_text(rows, encoding="utf-8")
    policies = [policy("hostile", ALL), policy("=hostile", "=1+1")]
    (folder / "policies/policies.json").write_text(json.dumps(policies), encoding="utf-8")
    (folder / "policies" / "note\u001b[31m.txt").write_text("", encoding="utf-8")
