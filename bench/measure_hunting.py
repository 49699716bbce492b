#!/usr/bin/env python3
"""20 hunting queries (bench/hunting/NAME.kql) over made-up sign-ins and activities, each beside SQL of ClickHouse that a
good engineer would write for the same answer (NAME.sql): both are asked through the same engine, warm, in turns, and the
answers are compared before. Also what loading events takes, and what they take on disk; and DuckDB, where it is
installed and can say the query (NAME.duckdb.sql).

REDOUBT_HUNTING_ROWS: rows of each table, 2,000,000 at least: of fewer some queries find nothing. 10,000,000 make the
queries take 200 ms. REDOUBT_HUNTING_RUNS: 9."""

import csv
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
QUERIES = ROOT / "bench/hunting"
BINARY = os.environ.get("REDOUBT_BINARY", str(ROOT / "build/release/redoubt"))
HUNTING = pathlib.Path(BINARY).parent / "bench/redoubt_hunting"
TABLES = ("SigninLogs", "OfficeActivity")
ROWS = max(2_000_000, int(os.environ.get("REDOUBT_HUNTING_ROWS", "2000000")))
RUNS = int(os.environ.get("REDOUBT_HUNTING_RUNS", "9"))
LOADED = min(300_000, ROWS // 2)
SEED = "1"


def tell(name, value, unit):
    print(json.dumps({"name": f"hunting {name}", "value": value, "unit": unit}), flush=True)


def processor_seconds(command):
    """What a command takes of the processors."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def hunting(*arguments):
    return subprocess.run([HUNTING, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True).stdout


def write_sheet(events, sheet):
    """The same events as CSV, as the portal exports them."""
    with open(events, encoding="utf-8") as read:
        columns = list(dict.fromkeys(name for line in read for name in json.loads(line)))
    with open(events, encoding="utf-8") as read, open(sheet, "w", encoding="utf-8", newline="") as write:
        rows = csv.writer(write)
        rows.writerow(columns)
        for line in read:
            event = json.loads(line)
            rows.writerow(json.dumps(value, separators=(",", ":")) if isinstance(value, (dict, list)) else value
                          for value in map(event.get, columns))


def tell_load(table, form, file, data):
    seconds = processor_seconds([BINARY, "logs", "load", str(file), "--table", table, "--data", str(data)])
    tell(f"load {table} as {form}, each processor", LOADED / seconds, "rows/s")
    tell(f"load {table} as {form}, each processor, text", file.stat().st_size / seconds / 1e6, "MB/s")
    tell(f"an event of {table} as {form}", file.stat().st_size / LOADED, "B")


def load(folder):
    """Loads the first events as files, the others inside the engine: as tables they are the same."""
    data = folder / "data"
    for table in TABLES:
        file = folder / f"{table}.jsonl"
        hunting("write", table, 0, LOADED, ROWS, SEED, file)
        size = file.stat().st_size
        tell_load(table, "JSON", file, data)
        sheet = folder / f"{table}.csv"
        write_sheet(file, sheet)
        tell_load(table, "CSV", sheet, folder / "sheets")
        file.unlink()
        sheet.unlink()
        hunting("fill", data / "events", table, LOADED, ROWS - LOADED, ROWS, SEED)
        stored = float(hunting("sql", data / "events", "SELECT toFloat64(sum(bytes_on_disk)) FROM system.parts WHERE active "
                               f"AND database = 'events' AND table = '{table}'"))
        tell(f"an event of {table} on disk", stored / ROWS, "B")
        tell(f"an event of {table} on disk, of its JSON", stored / ROWS / (size / LOADED), "ratio")
    return data / "events"


def measure(events):
    """The times of each query, as they come; what fails is told, and fails the run."""
    failed = False
    out = {}
    with subprocess.Popen([HUNTING, "measure", events, QUERIES, str(RUNS)], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            row = json.loads(line)
            if row.get("failed"):
                failed = True
                continue
            name = row["query"]
            out[name] = row
            tell(f"{name}, time of SQL", row["ratio"], "ratio")
            tell(f"{name}, processor time of SQL", row["cpu_ratio"], "ratio")
            tell(name, row["kql_ms"], "ms")
            tell(f"{name}, SQL", row["sql_ms"], "ms")
            tell(f"{name}, compile", row["compile_ms"], "ms")
            tell(f"{name} rate", row["rows_read"] / row["kql_ms"] / 1e3, "M rows/s")
    if failed or process.returncode != 0:
        sys.exit("a query failed, or its answers differ")
    ratios = sorted(row["ratio"] for row in out.values())
    tell("queries within 1.2 of SQL", sum(ratio <= 1.2 for ratio in ratios), "of 20")
    tell("largest ratio", ratios[-1], "ratio")
    ratios = sorted(row["cpu_ratio"] for row in out.values())
    tell("queries within 1.2 of SQL, processor time", sum(ratio <= 1.2 for ratio in ratios), "of 20")
    tell("largest ratio, processor time", ratios[-1], "ratio")
    return out


def ask_duckdb(folder, events, measured):
    """The same events in a table of DuckDB."""
    try:
        import duckdb  # pylint: disable=import-outside-toplevel
    except ImportError:
        print("DuckDB is not installed (pip install duckdb): it is not measured", file=sys.stderr)
        return
    connection = duckdb.connect(str(folder / "events.duckdb"))
    connection.execute("SET TimeZone = 'UTC'")
    for table in TABLES:
        file = folder / f"{table}.parquet"
        hunting("export", events, table, file)
        # Its times have no differences at the precision of the file.
        connection.execute(f"CREATE TABLE {table} AS SELECT * REPLACE (CAST(TimeGenerated AS TIMESTAMP) AS TimeGenerated) "
                           f"FROM read_parquet('{file}')")
        file.unlink()
    for path in sorted(QUERIES.glob("*.duckdb.sql")):
        name = path.name.split(".")[0]
        sql = path.read_text()
        times = []
        for _ in range(RUNS + 1):
            begin = time.monotonic()
            rows = connection.execute(sql).fetchall()
            times.append((time.monotonic() - begin) * 1e3)
        if name in measured and len(rows) != measured[name]["rows"]:
            sys.exit(f"DuckDB gives {len(rows)} rows for {name}, not {measured[name]['rows']}")
        took = statistics.median(times[1:])
        tell(f"{name}, DuckDB", took, "ms")
        if name in measured:
            tell(f"{name}, time of DuckDB", measured[name]["kql_ms"] / took, "ratio")


def main():
    build = pathlib.Path(BINARY).parent
    subprocess.run(["cmake", "--build", build, "--target", "redoubt_hunting"], check=True, stdout=subprocess.DEVNULL)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="redoubt-hunting-"))
    try:
        events = load(folder)
        ask_duckdb(folder, events, measure(events))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
