"""Mutates 20,000 files and strips and reads each: counts exceptions that are not ours, slow files and memory.

    python bench/fuzz_metadata.py [--files 20000] [--seed 1]

The files are the canary corpus of the tests and, where POSTGUARD_CORPUS is set, those of its `metadata` folder.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

from postguard.images.containers import PictureError  # noqa: E402
from postguard.images.metadata import read  # noqa: E402
from postguard.images.strip import strip  # noqa: E402
from postguard.images.strip.audit import audit  # noqa: E402

SLOW_SECONDS = 2.0
LENGTHS = (b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff", b"\0\0\0\1", b"\1\0\0\0")


def sources() -> list[bytes]:
    """The whole files to mutate."""
    import canaries

    files = [planted.data for planted in canaries.corpus()]
    corpus = os.environ.get("POSTGUARD_CORPUS")
    if corpus:
        files += [path.read_bytes() for path in sorted(Path(corpus, "metadata", "files").iterdir())]
    return files


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with a few bytes changed, cut, doubled or put elsewhere; lengths and offsets are hit most often."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        if not out:
            return b""
        # Heads hold the structure: half of all changes fall into the first kilobyte.
        reach = min(len(out), 1024) if chance.random() < 0.5 else len(out)
        at = chance.randrange(reach)
        kind = chance.randrange(6)
        if kind == 0:
            out[at] = chance.randrange(256)
        elif kind == 1:
            out[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            out[at : at + 4] = chance.choice(LENGTHS)
        elif kind == 3:
            del out[at : at + chance.randint(1, 64)]
        elif kind == 4:
            out[at:at] = out[at : at + chance.randint(1, 256)]
        else:
            del out[chance.randrange(len(out)) :]
    return bytes(out)


def main() -> int:
    """Prints what was found and writes it to bench/results/fuzz_metadata.json; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    chance, whole = random.Random(chosen.seed), sources()  # noqa: S311
    counts = {"stripped": 0, "refused": 0, "audit refused": 0, "crashes": 0, "slow": 0}
    slowest = 0.0
    strange: dict[str, int] = {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for _ in range(chosen.files):
        data = mutated(chance.choice(whole), chance)
        started = time.perf_counter()
        for work in (read, strip):
            try:
                done = work(data)
                if work is strip:
                    counts["stripped"] += 1
                    try:
                        audit(done.data)  # type: ignore[union-attr]
                    except PictureError as error:
                        counts["audit refused"] += 1
                        strange[str(error)] = strange.get(str(error), 0) + 1
            except PictureError:
                counts["refused"] += work is strip
            except Exception as error:  # noqa: BLE001 - this is what is looked for
                counts["crashes"] += 1
                name = f"{work.__module__}: {type(error).__name__} at {_place(error)}"
                strange[name] = strange.get(name, 0) + 1
        took = time.perf_counter() - started
        slowest = max(slowest, took)
        if took > SLOW_SECONDS:
            counts["slow"] += 1
    result = {
        "files": chosen.files,
        "seed": chosen.seed,
        **counts,
        "slowest seconds": round(slowest, 2),
        "peak megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "megabytes before": before,
        "strange": strange,
    }
    print(json.dumps(result, indent=2))
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "fuzz_metadata.json").write_text(json.dumps(result, indent=2) + "\n")
    return int(bool(counts["crashes"] or counts["slow"]))


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"


if __name__ == "__main__":
    sys.exit(main())
