#!/usr/bin/env python3
"""Writes aliases.bin and types.bin: the tables of Azure Policy aliases and resource types in the binary.

    python3 content/azure/generate.py FOLDER [--out FOLDER]

FOLDER holds aliases.json.gz, aliases-used.json and resource-types.jsonl; NOTICE.md names their sources.
The same input gives the same bytes.

Both files have one form, read in place by src/policy/detail/record_table.h. Numbers in the header are
little endian, all others are LEB128 (seven bits a byte, lowest first).

    header    "RDTB", kind (1 byte), format (1), records a block (2), records (4), blocks (4),
              pool texts (4), pool bytes (4), record bytes (4), zero (4)
    blocks    offset of each block's first record (4 bytes each)
    pool      offset of each text and the end of the last (4 bytes each), then the texts
    records   in order of the lower-case name: bytes shared with the record before (0 at a block's start),
              length of the rest, the rest, then what the kind adds

In packed text a byte of 128 or more stands for the pool text of that number less 128. The rest of a name is
packed except at a block's start, where names are compared in place.

A type adds flags (1 tags, 2 location), scopes, and the pool number of its newest api version.

An alias adds a tag byte: bits 0-1 form of its path, bits 2-3 Modifiable (0 not known, 1 no, 2 yes),
bit 4 variants follow, bits 5-6 provenance. `short` is the name after its last slash. Forms of the path:
    0  "properties." + short
    1  short
    2  A, K: the first A bytes of the path before in the block, the last K bytes of short
    3  A, K, L, L bytes: the same with a packed text between
Variants: their number, and for each: pool number of the resource type + 1 (0: any), length of the path, the
path, Modifiable, number of api versions (0: any), the pool number of each, pool number of the pattern's
phrase + 1 (0: no pattern) and, if there is one, of its variable.
"""

import argparse
import collections
import gzip
import json
import pathlib
import re
import struct

FORMAT = 1
ALIASES_A_BLOCK = 32
TYPES_A_BLOCK = 32
WORDS = 128  # that packed text can name
TOKEN = re.compile(r"[./]?[A-Za-z0-9#$-]+|\[\*\]|.")

PROVENANCE = {"dump": 0, "bicep-types": 1, "rule-dataplane": 2, "rule-properties": 3}

# An image of the marketplace, as its resource id spells publisher, offer, sku and version
# (REST API reference, Microsoft.Compute disks, ImageDiskReference.id). A disk has nothing but this id.
IMAGE_ID = (
    "/Subscriptions/{subscription}/Providers/Microsoft.Compute/Locations/{location}/Publishers/{publisher}"
    "/ArtifactTypes/VMImage/Offers/{offer}/Skus/{sku}/Versions/{version}"
)
IMAGE_ID_PARTS = {
    "imagePublisher": "publisher",
    "imageOffer": "offer",
    "imageSku": "sku",
    "imageVersion": "version",
}

# Aliases of properties that are newer than the list; their paths are those of the resource types' own schemas.
NEWER_THAN_THE_LIST = {
    "Microsoft.CognitiveServices/accounts/connections/authType": "properties.authType",
    "Microsoft.CognitiveServices/accounts/defenderForAISettings/state": "properties.state",
    "Microsoft.CognitiveServices/accounts/networkAcls.bypass": "properties.networkAcls.bypass",
    "Microsoft.CognitiveServices/accounts/networkInjections": "properties.networkInjections",
    "Microsoft.CognitiveServices/accounts/networkInjections[*]": "properties.networkInjections[*]",
    "Microsoft.CognitiveServices/accounts/networkInjections[*].scenario": "properties.networkInjections[*].scenario",
    "Microsoft.CognitiveServices/accounts/networkInjections[*].subnetArmId": "properties.networkInjections[*].subnetArmId",
    "Microsoft.CognitiveServices/accounts/raiPolicies/contentFilters": "properties.contentFilters",
    "Microsoft.CognitiveServices/accounts/raiPolicies/contentFilters[*]": "properties.contentFilters[*]",
    "Microsoft.CognitiveServices/accounts/raiPolicies/contentFilters[*].blocking": "properties.contentFilters[*].blocking",
    "Microsoft.CognitiveServices/accounts/raiPolicies/contentFilters[*].enabled": "properties.contentFilters[*].enabled",
    "Microsoft.CognitiveServices/accounts/raiPolicies/contentFilters[*].name": "properties.contentFilters[*].name",
    "Microsoft.MachineLearningServices/workspaces/computes/enableSSO": "properties.properties.enableSSO",
    "Microsoft.MachineLearningServices/workspaces/systemDatastoresAuthMode": "properties.systemDatastoresAuthMode",
}

# Which resource type an alias with several paths means by which of them: by how the path begins.
TYPE_OF_PATH = (
    ("properties.virtualMachineProfile.", "Microsoft.Compute/virtualMachineScaleSets"),
    ("properties.creationData.", "Microsoft.Compute/disks"),
    ("properties.storageProfile.", "Microsoft.Compute/virtualMachines"),
    ("properties.licenseType", "Microsoft.Compute/virtualMachines"),
)


def number(value):
    """LEB128."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def shared_prefix(left, right):
    count = 0
    for a, b in zip(left, right):
        if a != b:
            break
        count += 1
    return count


def shared_suffix(left, right):
    return shared_prefix(left[::-1], right[::-1])


class Pool:
    """Texts that records refer to by number."""

    def __init__(self):
        self.texts = []
        self.numbers = {}

    def number_of(self, text):
        if text not in self.numbers:
            self.numbers[text] = len(self.texts)
            self.texts.append(text.encode("ascii"))
        return self.numbers[text]

    def packed(self, text):
        out = bytearray()
        for token in TOKEN.findall(text):
            word = self.numbers.get(token, WORDS)
            out += bytes([128 + word]) if word < WORDS else token.encode("ascii")
        return bytes(out)


def frequent_words(names, records_a_block):
    """The tokens that packing saves most on, in the parts of names that are not shared."""
    counts = collections.Counter()
    before = ""
    for index, name in enumerate(names):
        if index % records_a_block:
            counts.update(TOKEN.findall(name[shared_prefix(before, name) :]))
        before = name
    return sorted(counts, key=lambda token: (-counts[token] * (len(token) - 1), token))[:WORDS]


class Table:
    """Front-coded records in blocks."""

    def __init__(self, kind, records_a_block, names):
        self.kind = kind
        self.records_a_block = records_a_block
        self.pool = Pool()
        for word in frequent_words(names, records_a_block):
            self.pool.number_of(word)
        self.records = bytearray()
        self.blocks = []
        self.count = 0
        self.name = ""

    def at_block_start(self):
        return self.count % self.records_a_block == 0

    def add(self, name, payload):
        if self.count and name.lower() <= self.name.lower():
            raise ValueError(f"not in order: {name!r}")
        if self.at_block_start():
            self.blocks.append(len(self.records))
            shared, rest = 0, name.encode("ascii")
        else:
            shared = shared_prefix(self.name, name)
            rest = self.pool.packed(name[shared:])
        self.records += number(shared) + number(len(rest)) + rest + payload
        self.name = name
        self.count += 1

    def data(self):
        offsets = [0]
        for text in self.pool.texts:
            offsets.append(offsets[-1] + len(text))
        header = struct.pack(
            "<4scBHIIIIII", b"RDTB", self.kind, FORMAT, self.records_a_block, self.count, len(self.blocks),
            len(self.pool.texts), offsets[-1], len(self.records), 0,
        )
        blocks = struct.pack(f"<{len(self.blocks)}I", *self.blocks)
        pool = struct.pack(f"<{len(offsets)}I", *offsets) + b"".join(self.pool.texts)
        return header + blocks + pool + bytes(self.records)


def read_spellings(folder):
    """Lower-case alias prefix -> as Azure writes it: the dump keeps the case of short names only."""
    spellings = {}
    for line in (folder / "resource-types.jsonl").read_text("utf-8").splitlines():
        name = json.loads(line)["type"]
        spellings[name.lower()] = name
    counts = collections.defaultdict(collections.Counter)
    for alias in json.loads((folder / "aliases-used.json").read_text("utf-8"))["aliases"]:
        prefix = alias.rpartition("/")[0]
        counts[prefix.lower()][prefix] += 1
    for lower, spelled in counts.items():
        spellings.setdefault(lower, min(spelled, key=lambda name: (-spelled[name], name)))
    for name in list(spellings.values()):
        segments = name.split("/")
        for end in range(1, len(segments)):
            spellings.setdefault("/".join(segments[:end]).lower(), "/".join(segments[:end]))
    return spellings


def spell(prefix, spellings):
    """The known spelling of the longest known part; the rest stays as it is."""
    end = len(prefix)
    while end > 0:
        if prefix[:end] in spellings:
            return spellings[prefix[:end]] + prefix[end:]
        end = prefix.rfind("/", 0, end)
    return prefix


def read_aliases(folder):
    """(name, paths) in order of the lower-case name."""
    with gzip.open(folder / "aliases.json.gz", "rt", encoding="utf-8") as file:
        types = json.load(file)["types"]
    spellings = read_spellings(folder)
    aliases = []
    for prefix, names in types.items():
        spelled = spell(prefix, spellings)
        for short in names.get("p", []):
            aliases.append((f"{spelled}/{short}", ["properties." + short]))
        for short, path in names.get("x", {}).items():
            aliases.append((f"{spelled}/{short}", path if isinstance(path, list) else [path]))
    listed = {name.lower() for name, _ in aliases}
    aliases += [(name, [path]) for name, path in NEWER_THAN_THE_LIST.items() if name.lower() not in listed]
    return sorted(aliases, key=lambda alias: alias[0].lower())


def read_provenance(folder):
    """Lower-case alias -> number, of those that are not from the dump."""
    used = json.loads((folder / "aliases-used.json").read_text("utf-8"))["aliases"]
    provenance = {alias.lower(): PROVENANCE["bicep-types"] for alias in NEWER_THAN_THE_LIST}
    provenance |= {
        alias.lower(): PROVENANCE[row["source"].partition("@")[0]]
        for alias, row in used.items()
        if not row["source"].startswith("dump")
    }
    return provenance


def type_of_path(path):
    for beginning, resource_type in TYPE_OF_PATH:
        if path.startswith(beginning):
            return resource_type
    raise ValueError(f"no resource type is known for the path {path}: add it to TYPE_OF_PATH")


def variants(pool, short, paths):
    out = bytearray(number(len(paths)))
    for path in paths:
        out += number(pool.number_of(type_of_path(path)) + 1) + number(len(path)) + path.encode("ascii")
        out += number(0) + number(0)
        part = IMAGE_ID_PARTS.get(short) if path.endswith("creationData.imageReference.id") else None
        out += number(pool.number_of(IMAGE_ID) + 1) + number(pool.number_of(part)) if part else number(0)
    return bytes(out)


def coded_path(pool, short, path, before):
    """(form, bytes) of the shortest coding."""
    if path == "properties." + short:
        return 0, b""
    if path == short:
        return 1, b""
    tail = shared_suffix(short, path)
    head = shared_prefix(before, path[: len(path) - tail])
    literal = pool.packed(path[head : len(path) - tail])
    ends = number(head) + number(tail)
    return (3, ends + number(len(literal)) + literal) if literal else (2, ends)


def alias_table(folder):
    aliases = read_aliases(folder)
    table = Table(b"A", ALIASES_A_BLOCK, [name for name, _ in aliases])
    provenance = read_provenance(folder)
    before = ""
    for name, paths in aliases:
        if table.at_block_start():
            before = ""
        short = name.rpartition("/")[2]
        form, coded = coded_path(table.pool, short, paths[0], before)
        several = len(paths) > 1
        tag = form | several << 4 | provenance.get(name.lower(), 0) << 5
        payload = bytes([tag]) + coded + (variants(table.pool, short, paths) if several else b"")
        table.add(name, payload)
        before = paths[0]
    return table


def type_table(folder):
    lines = (folder / "resource-types.jsonl").read_text("utf-8").splitlines()
    rows = sorted((json.loads(line) for line in lines), key=lambda row: row["type"].lower())
    table = Table(b"T", TYPES_A_BLOCK, [row["type"] for row in rows])
    for row in rows:
        flags = row["tags"] | row["location"] << 1
        version = table.pool.number_of(row["apiVersion"])
        table.add(row["type"], bytes([flags]) + number(row["scopes"]) + number(version))
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    here = pathlib.Path(__file__).parent
    parser.add_argument("folder", type=pathlib.Path, help="the three input files")
    parser.add_argument("--out", type=pathlib.Path, default=here, help="where the tables go")
    arguments = parser.parse_args()
    for name, make in (("aliases.bin", alias_table), ("types.bin", type_table)):
        table = make(arguments.folder)
        data = table.data()
        (arguments.out / name).write_bytes(data)
        print(f"{name}: {table.count} records, {len(data)} bytes")


if __name__ == "__main__":
    main()
