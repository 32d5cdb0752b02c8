"""Makes `src/postguard/data/names/figures.txt.gz`: figures and characters that a school writes about.

    python training/lists/figures.py path/to/vicary/data/notability.txt.gz

The argument is the file of that name in the wheel `vicary` 0.2.18 (MIT; full names and titles of Wikidata, CC0).
Kept are full
names of two and three Latin words that begin with a first name, titles that hold one, single names (Brunel, Euler)
that few bear as a first name, and `figures-by-hand.txt`.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "src" / "postguard"
sys.path.insert(0, str(PACKAGE.parent))

from postguard.text.lexicon import lexicon  # noqa: E402
from postguard.text.roster_match import name_keys  # noqa: E402

SOURCE_SHA256 = "e26ad0a046c5935d8ba10bfde9fd073275d7bda490cf202ea61e9f606e16e916"
TARGET = PACKAGE / "data" / "names" / "figures.txt.gz"
_LATIN = re.compile(r"[a-z .'\-]+")


def tiers(packed: bytes) -> dict[str, list[str]]:
    """The lists of the source, by their names."""
    lists: dict[str, list[str]] = {}
    into: list[str] = []
    for line in gzip.decompress(packed).decode().splitlines():
        if line.startswith("#!tier"):
            into = lists.setdefault(line.split()[1], [])
        elif not line.startswith("#!"):
            into.append(line)
    return lists


def main(source: Path) -> None:
    """Write the list and say its size and SHA-256."""
    packed = source.read_bytes()
    if hashlib.sha256(packed).hexdigest() != SOURCE_SHA256:
        raise SystemExit("not the file of vicary 0.2.18")
    lists = tiers(packed)
    listed = lexicon(PACKAGE / "models" / "text" / "tokenizer")
    first_names, words = listed.names, listed.words
    given = {*lists["given"], *lists["given_corroboration"]}
    chosen = [
        n for n in lists["full"] if 2 <= len(n.split()) <= 3 and _LATIN.fullmatch(n) and n.split()[0] in first_names
    ]
    chosen += [t for t in lists["title"] if 2 <= len(t.split()) <= 6 and any(word in given for word in t.split())]
    chosen += [
        n for n in lists["short"] if " " not in n and len(n) > 3 and first_names.get(n, 0) < 3 and n not in words
    ]
    by_hand = (HERE / "figures-by-hand.txt").read_text("utf-8").splitlines()
    chosen += [line for line in by_hand if line.strip() and not line.startswith("#")]
    keys = sorted({keys[0] for line in chosen if (keys := name_keys(line))})
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(gzip.compress("\n".join(keys).encode(), 9, mtime=0))
    print(len(keys), "names", TARGET.stat().st_size, "bytes", hashlib.sha256(TARGET.read_bytes()).hexdigest())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
