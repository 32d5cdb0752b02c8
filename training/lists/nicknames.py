"""Makes `src/postguard/data/names/nicknames.tsv`: first names and their short forms.

    python training/lists/nicknames.py path/to/nicknames/names.csv

The argument is the file of that name in the wheel `nicknames` 1.0.1 (Apache-2.0, hand-curated);
`nicknames-by-hand.txt` is added.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "src" / "postguard"
sys.path.insert(0, str(PACKAGE.parent))

from postguard.text.lexicon import lexicon  # noqa: E402
from postguard.text.tokens import fold  # noqa: E402

TARGET = PACKAGE / "data" / "names" / "nicknames.tsv"


def main(source: Path) -> None:
    """Write the list and say its size and SHA-256."""
    words = lexicon(PACKAGE / "models" / "text" / "tokenizer").words
    short: dict[str, set[str]] = defaultdict(set)
    with source.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            formal, nick = fold(row["name1"]), fold(row["name2"])
            # Two letters, or an ordinary word, may mean anything: those come from the list by hand only.
            if len(nick) > 2 and words.get(nick, 0) < 2 and nick.isalpha() and formal.isalpha():
                short[formal].add(nick)
    for line in (HERE / "nicknames-by-hand.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            formal, _, nicks = line.partition(":")
            short[fold(formal)].update(fold(nick) for nick in nicks.split())
    text = "".join(f"{formal}\t{' '.join(sorted(nicks - {formal}))}\n" for formal, nicks in sorted(short.items()))
    TARGET.write_text(text, "utf-8")
    print(len(short), "names", len(text.encode()), "bytes", hashlib.sha256(text.encode()).hexdigest())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
