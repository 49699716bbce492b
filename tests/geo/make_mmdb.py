#!/usr/bin/env python3
"""Writes tests/geo/cases/places.mmdb, a small database of addresses in MaxMind's form. Made-up places.

make_mmdb.py FILE. Source: MaxMind DB file format specification 2.0.
"""

import ipaddress
import pathlib
import struct
import sys

PLACES = {
    "198.51.100.0/26": ("Denmark", "Central Jutland", "Aarhus", 56.1567, 10.2108),
    "198.51.100.64/27": ("Norway", "Oslo", "Oslo", 59.9127, 10.7461),
    "203.0.113.0/24": ("Brazil", "", "", -23.0, -46.5),
    "2001:db8:66::/48": ("Sweden", "Skåne County", "Malmo", 55.6059, 13.0007),
}


def typed(kind, size, body=b""):
    assert size < 29 + 256
    length, more = (size, b"") if size < 29 else (29, bytes([size - 29]))
    head = bytes([kind << 5 | length]) if kind < 8 else bytes([length, kind - 7])
    return head + more + body


def text(value):
    raw = value.encode()
    return typed(2, len(raw), raw)


def double(value):
    return typed(3, 8, struct.pack(">d", value))


def whole(kind, value):
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return typed(kind, len(raw), raw)


def table(members):
    return typed(7, len(members), b"".join(text(name) + value for name, value in members.items()))


def named(name):
    return table({"names": table({"en": text(name)})})


def record(country, state, city, latitude, longitude):
    out = {"country": named(country), "location": table({"latitude": double(latitude), "longitude": double(longitude)})}
    if city:
        out["city"] = named(city)
    if state:
        out["subdivisions"] = typed(11, 1, named(state))
    return table(out)


def database(places):
    data, tree = b"", [[None, None]]
    for network, place in places.items():
        given = ipaddress.ip_network(network)
        bits = f"{int(given.network_address):0{given.max_prefixlen}b}"[: given.prefixlen]
        if given.version == 4:
            bits = "0" * 96 + bits
        node = 0
        for bit in bits[:-1]:
            if tree[node][int(bit)] is None:
                tree.append([None, None])
                tree[node][int(bit)] = ("node", len(tree) - 1)
            node = tree[node][int(bit)][1]
        tree[node][int(bits[-1])] = ("data", len(data))
        data += record(*place)

    def value(entry):
        if entry is None:
            return len(tree)
        return entry[1] if entry[0] == "node" else len(tree) + 16 + entry[1]

    nodes = b"".join(value(entry).to_bytes(3, "big") for node in tree for entry in node)
    metadata = table({
        "binary_format_major_version": whole(5, 2), "binary_format_minor_version": whole(5, 0),
        "build_epoch": whole(9, 1_790_000_000), "database_type": text("Harbor-City"),
        "description": table({"en": text("Made-up places")}), "ip_version": whole(5, 6),
        "languages": typed(11, 1, text("en")), "node_count": whole(6, len(tree)), "record_size": whole(5, 24),
    })
    return nodes + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + metadata


if __name__ == "__main__":
    pathlib.Path(sys.argv[1]).write_bytes(database(PLACES))
