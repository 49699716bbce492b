"""Events that tests of loads write."""

import json
import random


def write_events(folder, files, rows):
    """Events over three months, so that each file becomes several pieces; `n` is unique among all."""
    noise = random.Random(7)
    for file in range(files):
        with open(folder / f"events{file}.jsonl", "w", encoding="utf-8") as out:
            for row in range(rows):
                out.write(json.dumps({"TimeGenerated": f"2024-0{row % 3 + 1}-15T{row % 24:02}:00:00Z", "file": file,
                                      "n": file * rows + row, "text": f"the quick brown fox {row * 7919 % 10007}",
                                      "noise": noise.randbytes(12).hex()}) + "\n")
