#!/usr/bin/env python3
"""Writes the control lists of this folder, and azure-built-ins.json beside them.

    python3 content/frameworks/generate.py FOLDER [--out FOLDER]

FOLDER holds `frameworks/` and `azure-policy/` of the corpora (docs/corpora.md); README.md names the sources.
The same input gives the same bytes. Only ids and short titles go in: no text of ISO, AICPA or CIS.

A control has `id`, `title` and, where it applies:
    label      what people write where the id is a catalogue's own (NIST: id ac-2.1, label AC-2(1))
    parent     the control or group above it
    group      a function, category or technique that is judged by its members alone
    members    of a group whose members are not those that name it as their parent
    withdrawn  by its owner
    manual     no machine can judge it: it is about people, contracts, papers or buildings
"""

import argparse
import json
import pathlib
import re

SCHEMA = "redoubt.framework/1"

# What is about people, papers, contracts or buildings: prefixes of ids (a trailing `$` ends the id).
MANUAL = {
    "mcsb-v1": "GS- DS-1$ IR-1$ IR-7$ PA-5$ PA-6$ PA-8$ PV-7$ BR-4$ AM-4$",
    "mcsb-v2": "GS- DS-1$ IR-1$ IR-7$ PA-5$ PA-6$ PA-8$ PV-7$ BR-4$ AM-4$ AI-7$",
    "iso-27001": "A.5.1$ A.5.2$ A.5.3$ A.5.4$ A.5.5$ A.5.6$ A.5.8$ A.5.10$ A.5.11$ A.5.19$ A.5.20$ A.5.22$ A.5.24$ A.5.26$ "
    "A.5.27$ A.5.29$ A.5.31$ A.5.32$ A.5.35$ A.5.37$ A.6. A.7. A.8.30$ A.8.34$",
    "iso-42001": "A.2. A.3.3$ A.4.2$ A.4.6$ A.5. A.6.1. A.6.2.2$ A.6.2.3$ A.6.2.7$ A.8. A.9.3$ A.10.2$ A.10.4$",
    "soc-2": "CC1. CC2. CC3. CC4.2$ CC5.1$ CC5.3$ CC7.4$ CC7.5$ CC9.1$ A1.3$ P1. P2. P3. P5. P6. P7. P8. PI1.1$",
    "hipaa": "164.306 164.308(a)(1)(i)$ 164.308(a)(1)(ii)(A)$ 164.308(a)(1)(ii)(C)$ 164.308(a)(2) 164.308(a)(3) "
    "164.308(a)(4)(ii)(A)$ 164.308(a)(5)(i)$ 164.308(a)(5)(ii)(A)$ 164.308(a)(6)(i)$ 164.308(a)(7)(i)$ "
    "164.308(a)(7)(ii)(B)$ 164.308(a)(7)(ii)(C)$ 164.308(a)(7)(ii)(D)$ 164.308(a)(7)(ii)(E)$ 164.308(b) "
    "164.310(a) 164.310(b)$ 164.310(c)$ 164.310(d)(1)$ 164.310(d)(2)(i)$ 164.310(d)(2)(ii)$ 164.310(d)(2)(iii)$ "
    "164.312(a)(2)(ii)$ 164.314 164.316",
    "nist-800-53": "at- ca-1$ ca-2 ca-3 ca-5 ca-6 ca-8 cp-1$ cp-2 cp-3 cp-4 ir- ma-1$ ma-2 ma-3 ma-5 ma-6 mp- pe- pl- pm- ps- "
    "pt- ra-1$ ra-2 ra-3 ra-6 ra-7 ra-8 ra-9 ra-10 sa-1$ sa-2 sa-3 sa-4 sa-5 sa-8 sa-9 sa-15 sa-16 sa-17 sa-20 sa-21 "
    "sa-22 sa-23 sr-1$ sr-2 sr-5 sr-6 sr-7 sr-8 sr-10 sr-12 ac-1$ au-1$ cm-1$ ia-1$ sc-1$ si-1$",
    "nist-csf": "GV.OC GV.OV GV.PO GV.RM GV.RR GV.SC-01 GV.SC-02 GV.SC-03 GV.SC-04 GV.SC-05 GV.SC-06 GV.SC-08 GV.SC-09 "
    "GV.SC-10 ID.AM-05 ID.IM ID.RA-02 ID.RA-03 ID.RA-04 ID.RA-05 ID.RA-06 ID.RA-08 ID.RA-10 PR.AA-02 PR.AA-06 PR.AT "
    "PR.IR-02 PR.PS-03 DE.CM-02 DE.AE-04 DE.AE-08 RS.AN-03 RS.AN-08 RS.CO RS.MA RC.",
    "nist-ai-rmf": "GOVERN 1.1$ GOVERN 1.2$ GOVERN 1.3$ GOVERN 1.4$ GOVERN 1.5$ GOVERN 1.7$ GOVERN 2. GOVERN 3. GOVERN 4. "
    "GOVERN 5. GOVERN 6.2$ MAP 1. MAP 2. MAP 3. MAP 4.1$ MAP 5. MEASURE 1. MEASURE 2.1$ MEASURE 2.2$ MEASURE 2.3$ "
    "MEASURE 2.5$ MEASURE 2.8$ MEASURE 2.9$ MEASURE 2.11$ MEASURE 2.12$ MEASURE 2.13$ MEASURE 3.2$ MEASURE 3.3$ "
    "MEASURE 4. MANAGE 1. MANAGE 2.1$ MANAGE 2.2$ MANAGE 4.2$ MANAGE 4.3$",
    "eu-ai-act": "4$ 5$ 6$ 11$ 13$ 14$ 16$ 17$ 18$ 20$ 27$ 43$ 47$ 49$ 50$ 51$ 53$ 73$ Annex",
    "owasp-llm": "LLM09 ASI09",
    "atlas": "AML.M0000$ AML.M0003$ AML.M0006$ AML.M0009$ AML.M0018$ AML.M0021$ AML.M0022$ AML.M0034$",
}

# File of the corpora, where its list is, what the members are called there.
LISTS = {
    "mcsb-v1": ("azure-policy/mcsb-controls.json", "controls", "id", "title"),
    "mcsb-v2": ("frameworks/mcsb-v2.json", "controls", "id", "title"),
    "iso-27001": ("frameworks/iso-27001-2022-annex-a.json", "controls", "id", "title"),
    "iso-42001": ("frameworks/iso-42001-2023-annex-a.json", "controls", "id", "title"),
    "soc-2": ("frameworks/soc2-tsc-2017.json", "criteria", "id", "label"),
    "hipaa": ("frameworks/hipaa-security-rule.json", "items", "cite", "title"),
    "nist-800-53": ("frameworks/nist-800-53-r5.json", "controls", "id", "title"),
    "nist-csf": ("frameworks/nist-csf-2.0.json", "items", "id", "title"),
    "nist-ai-rmf": ("frameworks/nist-ai-rmf-1.0.json", "items", "id", "label"),
    "eu-ai-act": ("frameworks/eu-ai-act-2024-1689.json", "articles", "article", "title"),
    "owasp-llm": ("frameworks/owasp-llm-2025.json", "items", "id", "title"),
    "atlas": ("frameworks/atlas.json", "mitigations", "id", "name"),
}

HEADS = {
    "mcsb-v1": ("Microsoft cloud security benchmark", "v1", "MicrosoftDocs/SecurityBenchmarks 8b9505a618cf9aa1046eb6c589008663d42f7d4f", "CC BY 4.0, (c) Microsoft; ids and titles"),
    "mcsb-v2": ("Microsoft cloud security benchmark", "v2 (preview)", "Azure/azure-policy MCSBv2.json f4a50bac (ids); MicrosoftDocs/SecurityBenchmarks 8b9505a6 (titles)", "MIT (ids), CC BY 4.0 (titles), (c) Microsoft"),
    "iso-27001": ("ISO/IEC 27001 Annex A", "2022", "ids and short titles, own compilation", "ids and titles as facts; the text belongs to ISO and is not here"),
    "iso-42001": ("ISO/IEC 42001 Annex A", "2023", "ids and short titles, own compilation", "ids and titles as facts; the text belongs to ISO and is not here"),
    "soc-2": ("SOC 2, Trust Services Criteria", "2017 (points of focus 2022)", "criterion ids; labels in our own words", "ids as facts; the text belongs to AICPA and is not here"),
    "hipaa": ("HIPAA Security Rule", "45 CFR Part 164 Subpart C", "45 CFR Part 164 Subpart C", "public domain (US federal regulation)"),
    "nist-800-53": ("NIST SP 800-53", "Rev. 5", "usnistgov/oscal-content a849dbc, 88bb8de", "public domain, CC0 1.0"),
    "nist-csf": ("NIST Cybersecurity Framework", "2.0", "usnistgov/oscal-content 3b3cdee", "public domain, CC0 1.0"),
    "nist-ai-rmf": ("NIST AI Risk Management Framework", "1.0", "NIST AI 100-1; labels in our own words", "public domain (US Government work)"),
    "eu-ai-act": ("EU AI Act", "Regulation (EU) 2024/1689", "EUR-Lex; articles that a platform can evidence", "reuse permitted (Decision 2011/833/EU); titles only"),
    "owasp-llm": ("OWASP Top 10 for LLM and agentic applications", "LLM 2025, Agentic 2026", "OWASP GenAI Security Project", "CC BY-SA 4.0; ids and titles only"),
    "atlas": ("MITRE ATLAS", "5.6.0", "mitre-atlas/atlas-data 8ee2c689a7d3c65ddf2bfe4950a4f3ecffa6f48b", "Apache-2.0, Copyright 2021-2025 MITRE"),
}

# What the table of shares shows by itself, too: the controls whose ids begin so.
PARTS = {"mcsb-v2": [{"title": "AI domain", "prefix": "AI-"}]}

# Azure's initiatives of a framework, and how an id of theirs is one of ours. HIPAA, ISO 42001, OWASP and ATLAS have
# none: HITRUST/HIPAA numbers HITRUST's controls.
RMF_FUNCTIONS = {"1": "GOVERN", "2": "MAP", "3": "MEASURE", "4": "MANAGE"}
INITIATIVES = {
    "mcsb-v1": (["1f3afdf9-d0c9-4c3d-847f-89da613e70a8"], lambda id: id),
    "mcsb-v2": (["e3ec7e09-768c-4b64-882c-fcada3772047"], lambda id: id),
    "iso-27001": (["e3030e83-88d5-4f23-8734-6577a2c97a32"], lambda id: f"A.{id}"),
    "soc-2": (["4054785f-702b-4a98-9215-009cbd58b141", "53ad89f5-8542-49e9-ba81-1cbd686e0d52"], lambda id: id),
    "nist-800-53": (
        ["179d1daa-458f-4e47-8086-2a68d0d6c38f", "60205a79-6280-4e20-a147-e2011e09dc78"],
        lambda id: re.sub(r"\((\d+)\)", r".\1", re.sub(r"^([A-Z]{2})\.", r"\1-", id)).lower(),
    ),
    "nist-csf": (["184a0e05-7b06-4a68-bbbe-13b8353bc613"], lambda id: id.replace("_", "-")),
    "nist-ai-rmf": (
        ["f58a876c-ec25-417e-9634-58d2a93e3fe2"],
        lambda id: f"{RMF_FUNCTIONS[id[0]]} {id[2:]}".strip(),
    ),
    "eu-ai-act": (["1308bccf-446a-4283-a4e0-0c983fe7a572"], lambda id: id.split(".")[0]),
}

# Related types whose content is another system's finding about the resource: the policy repeats it.
OTHERS_RESULTS = {
    "microsoft.security/assessments",
    "microsoft.security/assessments/subassessments",
    "microsoft.guestconfiguration/guestconfigurationassignments",
}


def is_manual(framework, id):
    # A space is part of AI RMF's ids: a prefix there is two words.
    words = MANUAL[framework].split()
    if framework == "nist-ai-rmf":
        words = [" ".join(pair) for pair in zip(words[::2], words[1::2])]

    def fits(prefix):
        if prefix.endswith("$"):
            return id == prefix[:-1]
        return id.startswith(prefix) and not (prefix[-1].isdigit() and id[len(prefix) :][:1].isdigit())

    return any(fits(word) for word in words)


def controls_of(framework, root):
    file, key, id_name, title_name = LISTS[framework]
    document = json.loads((root / file).read_text(encoding="utf-8"))
    for row in document[key]:
        control = {"id": row[id_name], "title": re.sub(r"\s+", " ", row.get(title_name) or row.get("statement")).strip()}
        if "label" in row and title_name != "label":
            control["label"] = row["label"]
        if framework == "nist-ai-rmf" and row["kind"] == "subcategory":
            control["parent"] = row["id"].rsplit(".", 1)[0]
        elif row.get("parent"):
            control["parent"] = row["parent"]
        if row.get("kind") in ("function", "category"):
            control["group"] = True
        elif row.get("withdrawn"):
            control["withdrawn"] = True
        elif is_manual(framework, control["id"]):
            control["manual"] = True
        yield control
    if framework == "atlas":
        yield from atlas_techniques(document)


def atlas_techniques(document):
    """A technique is judged by the mitigations that ATLAS names for it."""
    for row in document["techniques"]:
        control = {"id": row["id"], "title": row["name"], "group": True}
        if row.get("parent"):
            control["parent"] = row["parent"]
        control["members"] = sorted(m["id"] for m in document["mitigations"] if row["id"] in m["techniques"])
        yield control


def one_a_line(document, lists):
    """JSON with a line for each item of the named lists, so that differences stay readable."""
    parts = []
    for key, value in document.items():
        if key in lists:
            items = ",\n".join(json.dumps(item, ensure_ascii=False) for item in value)
            parts.append(f"{json.dumps(key)}: [\n{items}\n]")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def framework_document(framework, root):
    title, version, source, licence = HEADS[framework]
    head = {"schema": SCHEMA, "id": framework, "title": title, "version": version, "source": source, "licence": licence}
    if framework in PARTS:
        head["parts"] = PARTS[framework]
    return head | {"controls": list(controls_of(framework, root))}


def definitions(root):
    """Name of each built-in -> its rule's effect and related type."""
    out = {}
    for line in (root / "azure-policy/definitions.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        body = row["definition"].get("properties", row["definition"])
        then = body["policyRule"]["then"]
        details = then.get("details")
        related = details.get("type", "") if isinstance(details, dict) else ""
        out[row["name"]] = ((row["effectDefault"] or then["effect"]).lower(), related.lower())
    return out


def azure_document(root, known):
    """Which built-ins Azure's own initiatives name for a control. Manual ones ask a person and are left out."""
    azure = json.loads((root / "frameworks/azure-initiatives.json").read_text(encoding="utf-8"))
    by_id = {one["id"]: one for one in azure["initiatives"]}
    rules = definitions(root)
    others, frameworks = set(), []
    for framework, (ids, cut) in INITIATIVES.items():
        controls = {}
        for id in ids:
            for theirs, numbers in by_id[id]["map"].items():
                if cut(theirs) in known[framework]:
                    controls.setdefault(cut(theirs), set()).update(azure["policies"][number]["id"] for number in numbers)
        rows = []
        for control in sorted(controls):
            names = sorted(name for name in controls[control] if rules[name][0] != "manual")
            others.update(name for name in names if rules[name][1] in OTHERS_RESULTS)
            if names:
                rows.append({"control": control, "policies": names})
        frameworks.append(
            {
                "framework": framework,
                "initiatives": [{"name": id, "displayName": by_id[id]["name"], "version": by_id[id]["version"]} for id in ids],
                "controls": rows,
            }
        )
    return {
        "schema": "redoubt.azure-controls/1",
        "source": "Azure/azure-policy f4a50bacae07ddb096943c597669bcae494a6e29 (2026-04-29), policyDefinitionGroups",
        "licence": "MIT, (c) Microsoft Corporation",
        "othersResults": sorted(others),
        "frameworks": frameworks,
    }


def azure_text(document):
    """Names of policies as numbers into one list: they stand in several frameworks."""
    names = sorted({name for one in document["frameworks"] for row in one["controls"] for name in row["policies"]})
    number = {name: index for index, name in enumerate(names)}
    head = {key: document[key] for key in ("schema", "source", "licence")}
    others = [number[name] for name in document["othersResults"]]
    text = json.dumps(head, ensure_ascii=False, indent=0)[:-2] + ',\n"policies": [\n'
    text += ",\n".join(json.dumps(name) for name in names) + f'\n],\n"othersResults": {json.dumps(others)},\n"frameworks": [\n'
    blocks = []
    for one in document["frameworks"]:
        rows = ",\n".join(
            json.dumps({"id": row["control"], "policies": [number[name] for name in row["policies"]]}) for row in one["controls"]
        )
        blocks.append(
            f'{{"framework": {json.dumps(one["framework"])},\n"initiatives": {json.dumps(one["initiatives"])},\n"controls": [\n{rows}\n]}}'
        )
    return text + ",\n".join(blocks) + "\n]\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    arguments = parser.parse_args()
    known = {}
    for framework in LISTS:
        document = framework_document(framework, arguments.folder)
        known[framework] = {control["id"] for control in document["controls"]}
        (arguments.out / f"{framework}.json").write_text(one_a_line(document, {"controls"}), encoding="utf-8")
    azure = azure_text(azure_document(arguments.folder, known))
    (arguments.out / "azure-built-ins.json").write_text(azure, encoding="utf-8")


if __name__ == "__main__":
    main()
