"""Policy rules in words: what a definition looks at, when it reports a resource, and what a missing property means.

Operators and what they say of a missing field: Azure Policy documentation, "Azure Policy definition structure policy
rule", sections "Conditions" and "Count". An operator that is not here is an error, so that no page leaves one out.
"""

import re

# What is said of a field; the negative ones hold for a missing field too.
WORDS = {
    "equals": "is {}", "in": "is one of {}", "contains": "contains {}", "like": "is like {}",
    "notEquals": "is missing or not {}", "notIn": "is missing or none of {}", "notContains": "is missing or without {}",
    "less": "is less than {}", "greater": "is greater than {}", "greaterOrEquals": "is at least {}",
}
OF_MISSING = {
    "equals": False, "in": False, "contains": False, "like": False, "notEquals": True, "notIn": True, "notContains": True,
}
COUNTS = {
    "equals": lambda found, wanted: found == wanted, "less": lambda found, wanted: found < wanted,
    "greater": lambda found, wanted: found > wanted, "greaterOrEquals": lambda found, wanted: found >= wanted,
}
ALWAYS_THERE = {"type", "id", "name"}


def operator_of(condition):
    """Operator and what stands behind it."""
    (found,) = [one for one in condition.items() if one[0] not in ("field", "value", "count")]
    return found


def literal(value):
    """A value as it is written in a template, or the parameter or expression that gives it."""
    if isinstance(value, list):
        return ", ".join(literal(one) for one in value)
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    text = str(value)
    if parameter := re.fullmatch(r"\[parameters\('(\w+)'\)\]", text):
        return f"the parameter `{parameter[1]}`"
    return f"`{text[1:-1] if text.startswith('[') and text.endswith(']') else text}`"


class Rule:
    """One type that a definition looks at, and the conditions that all hold of a resource that is reported."""

    def __init__(self, node, types):
        parts = node.get("allOf", [node])
        (self.type,) = [part["equals"] for part in parts if part.get("field") == "type"]
        self.conditions = [part for part in parts if part.get("field") != "type"]
        self.types = sorted(types, key=len, reverse=True)

    def field(self, alias):
        """The alias without its type."""
        for one in self.types:
            if alias.lower().startswith(one.lower() + "/"):
                return alias[len(one) + 1:]
        return alias

    def lines(self, node, depth=0):
        """Nested list items that say when a node holds."""
        indent = "  " * depth
        for word, label in (("allOf", "all of these"), ("anyOf", "any of these")):
            if word in node:
                if len(node[word]) == 1:
                    return self.lines(node[word][0], depth)
                return [f"{indent}- {label}:"] + [line for one in node[word] for line in self.lines(one, depth + 1)]
        if "count" in node:
            return self.count_lines(node, depth)
        operator, wanted = operator_of(node)
        if "value" in node:
            return [f"{indent}- {literal(node['value'])} {WORDS[operator].format(literal(wanted))}"]
        subject = f"{indent}- `{self.field(node['field'])}`"
        if operator == "exists":
            return [f"{subject} is {'there' if wanted else 'missing'}"]
        words = WORDS[operator].format(literal(wanted))
        return [f"{subject} {words.replace('missing or ', '') if node['field'] in ALWAYS_THERE else words}"]

    def count_lines(self, node, depth):
        operator, wanted = operator_of(node)
        if (operator, wanted) in (("less", 1), ("equals", 0)):
            how_many = "no item"
        elif (operator, wanted) in (("greater", 0), ("greaterOrEquals", 1)):
            how_many = "an item"
        else:
            raise ValueError(f"a count without words: {operator} {wanted}")
        count = node["count"]
        items = f"`{self.field(count['field'])}`" if "field" in count else literal(count["value"])
        line = f"{'  ' * depth}- {how_many} of {items} is there"
        if "where" not in count:
            return [line]
        return [line + " for which:", *self.lines(count["where"], depth + 1)]

    def fields(self):
        """Fields that a template may leave out, each once; of an array the array itself."""
        found = []

        def walk(node):
            for child in node.get("allOf", []) + node.get("anyOf", []):
                walk(child)
            count = node.get("count", {})
            for alias in (node.get("field"), count.get("field")):
                if alias and alias not in ALWAYS_THERE and root(alias) not in found:
                    found.append(root(alias))
            if "value" in count:
                walk(count.get("where", {}))

        for condition in self.conditions:
            walk(condition)
        return found

    def reports_missing(self, field):
        """Whether a resource without the field is reported where all else speaks for it; None when that decides."""
        answers = [one for one in (holds(condition, field) for condition in self.conditions) if one is not None]
        return all(answers) if answers else None


def root(alias):
    return alias.partition("[*]")[0]


def holds(node, missing):
    """Whether a condition holds when a field is missing; None when other things decide."""
    for word, decides in (("allOf", False), ("anyOf", True)):
        if word in node:
            answers = [holds(one, missing) for one in node[word]]
            return decides if decides in answers else None if None in answers else not decides
    operator, wanted = operator_of(node)
    if "count" in node:
        count = node["count"]
        none_counts = root(count["field"]) == missing if "field" in count else holds(count["where"], missing) is False
        return COUNTS[operator](0, wanted) if none_counts else None
    if root(node.get("field", "")) != missing:
        return None
    return not wanted if operator == "exists" else OF_MISSING[operator]


def types_in(node):
    if isinstance(node, list):
        return {one for child in node for one in types_in(child)}
    if not isinstance(node, dict):
        return set()
    own = {node["equals"]} if node.get("field") == "type" else set()
    return own.union(*(types_in(child) for child in node.values()))


def rules_of(policy_rule):
    """The rules of a definition, one a type."""
    condition = policy_rule["if"]
    details = policy_rule["then"].get("details", {})
    types = types_in(condition) | ({details["type"]} if details else set())
    branches = condition["anyOf"] if "anyOf" in condition else [condition]
    return [Rule(branch, types) for branch in branches]


def judged(policy_rule):
    """Lines of Markdown that say which resources are reported."""
    out = []
    details = policy_rule["then"].get("details")
    for rule in rules_of(policy_rule):
        lines = [line for one in rule.conditions for line in rule.lines(one)]
        if details:
            where = " in the subscription" if details.get("existenceScope") == "subscription" else " of its own"
            lines.append(f"- it has no `{details['type']}`{where} for which:")
            lines += rule.lines(details["existenceCondition"], 1)
        top = sum(not line.startswith(" ") for line in lines)
        out += [f"A resource of the type `{rule.type}` is reported when{' all of these hold' if top > 1 else ''}:", "", *lines, ""]
    return out


def missing(policy_rule):
    """What is said of a resource that does not write a property; empty when that never decides alone."""
    said = {True: [], False: []}
    for rule in rules_of(policy_rule):
        for field in rule.fields():
            answer = rule.reports_missing(field)
            if answer is not None:
                said[answer].append(f"`{rule.field(field)}`")
    return [f"{words} without {', '.join(said[answer])}."
            for answer, words in ((True, "Reported"), (False, "Not reported")) if said[answer]]
