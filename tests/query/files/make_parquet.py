#!/usr/bin/env python3
"""Writes every_type.parquet with pyarrow: a column for each type of Parquet that tables hold, at its edges."""

import datetime as dt
import decimal
import pathlib

import pyarrow as pa
import pyarrow.parquet as parquet

COLUMNS = {
    "TimeGenerated": pa.array(
        [dt.datetime(2024, 1, 2, 3, 4, 5, 678901), dt.datetime(9999, 12, 31, 23, 59, 59), None],
        pa.timestamp("us", tz="UTC"),
    ),
    "nanoseconds": pa.array([1704164645678901234, -1, None], pa.timestamp("ns")),
    "milliseconds": pa.array([1704164645678, -62135596800000, 253402300800000], pa.timestamp("ms")),
    "day": pa.array([dt.date(2024, 1, 2), dt.date(1, 1, 1), None], pa.date32()),
    "time_of_day": pa.array([dt.time(1, 2, 3, 456789), None, dt.time(23, 59, 59)], pa.time64("us")),
    "bool": pa.array([True, False, None]),
    "int8": pa.array([1, -128, None], pa.int8()),
    "uint8": pa.array([1, 255, None], pa.uint8()),
    "int16": pa.array([1, -32768, None], pa.int16()),
    "uint16": pa.array([1, 65535, None], pa.uint16()),
    "int32": pa.array([1, -(2**31), None], pa.int32()),
    "uint32": pa.array([1, 2**32 - 1, None], pa.uint32()),
    "int64": pa.array([1, -(2**63), None], pa.int64()),
    "uint64": pa.array([1, 2**63 - 1, None], pa.uint64()),
    "past_int64": pa.array([1, 2**64 - 1, None], pa.uint64()),
    "float": pa.array([0.1, float("nan"), None], pa.float32()),
    "double": pa.array([0.1, float("-inf"), None], pa.float64()),
    "decimal": pa.array([decimal.Decimal("1.25"), None, decimal.Decimal("-3.45")], pa.decimal128(20, 2)),
    "string": pa.array(["123", "", None]),
    "binary": pa.array([b"\xff", b"x", None], pa.binary()),
    "fixed": pa.array([b"abcd", None, b"efgh"], pa.binary(4)),
    "list": pa.array([[1, 2], [], None], pa.list_(pa.int64())),
    "texts": pa.array([['a/b"', "x"], [None], None], pa.list_(pa.string())),
    "structure": pa.array([{"a": 1, "b": "x"}, {"a": None, "b": None}, None], pa.struct([("a", pa.int64()), ("b", pa.string())])),
    "map": pa.array([[("k", 1.5)], [], None], pa.map_(pa.string(), pa.float64())),
    "dictionary": pa.array(["p", "q", None]).dictionary_encode(),
    "nothing": pa.nulls(3),
    "odd `name' \\": pa.array([1, 2, 3]),
}

parquet.write_table(pa.table(COLUMNS), pathlib.Path(__file__).with_name("every_type.parquet"), store_schema=False)
