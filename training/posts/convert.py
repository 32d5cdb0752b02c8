#!/usr/bin/env python3
"""Turn hand-marked posts into span data.

Every folder beside this script that holds a three-column ``posts.txt`` (``id<TAB>account<TAB>text``, one post a line, ``\\n`` for a
newline, names marked ``[[LABEL:name]]``) gets a ``posts.jsonl`` with ``id``, ``account``, ``text`` and ``spans``
(``start`` and ``end`` in code points, end exclusive, ``label``, ``text``).  Stops at the first thing that is wrong.

    python convert.py            # all folders
    python convert.py extra-names
"""
import json
import re
import sys
from collections import Counter
from pathlib import Path

LABELS = {"PUPIL", "STAFF", "PUBLIC", "FICTION", "PARENT", "FORMER", "PET", "GROUP", "PLACE"}
MARK = re.compile(r"\[\[([A-Z]+):((?:(?!\[\[|\]\]).)+)\]\]", re.S)


def parse(line, where):
    parts = line.split("\t")
    if len(parts) != 3:
        raise ValueError(f"{where}: {len(parts)} columns, want 3")
    ident, account, marked = parts
    if account not in ("public", "protected"):
        raise ValueError(f"{where}: account {account!r}")
    marked = marked.replace("\\n", "\n")
    text, spans, last = "", [], 0
    for m in MARK.finditer(marked):
        label, name = m.groups()
        if label not in LABELS:
            raise ValueError(f"{where}: label {label}")
        if name != name.strip():
            raise ValueError(f"{where}: blank at the edge of {name!r}")
        text += marked[last:m.start()]
        spans.append({"start": len(text), "end": len(text) + len(name), "label": label, "text": name})
        text += name
        last = m.end()
    text += marked[last:]
    if "[[" in text or "]]" in text or re.search(r"\b(?:%s):" % "|".join(LABELS), text):
        raise ValueError(f"{where}: leftover markup")
    if not text.strip() or text != text.strip():
        raise ValueError(f"{where}: empty, or blanks at the edge")
    for s in spans:
        if text[s["start"]:s["end"]] != s["text"]:
            raise ValueError(f"{where}: span does not match {s}")
    return {"id": ident, "account": account, "text": text, "spans": spans}


def convert(folder):
    source = folder / "posts.txt"
    rows, seen, texts = [], set(), set()
    for number, line in enumerate(source.read_text("utf-8").splitlines(), 1):
        row = parse(line, f"{source.parent.name}/{source.name}:{number}")
        for value, known, what in ((row["id"], seen, "id"), (row["text"], texts, "text")):
            if value in known:
                raise ValueError(f"{source}:{number}: {what} used before")
            known.add(value)
        rows.append(row)
    with open(folder / "posts.jsonl", "w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    labels = Counter(s["label"] for r in rows for s in r["spans"])
    pupils = sum(any(s["label"] == "PUPIL" for s in r["spans"]) for r in rows)
    protected = sum(r["account"] == "protected" for r in rows)
    longs = sum(len(r["text"]) >= 400 for r in rows)
    print(f"{folder.name}: {len(rows)} posts, {pupils} with a pupil, {protected} protected, {longs} long;",
          ", ".join(f"{k} {v}" for k, v in labels.most_common()))


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    for name in sys.argv[1:] or sorted(p.parent.name for p in here.glob("*/posts.txt")):
        with open(here / name / "posts.txt", encoding="utf-8") as lines:
            columns = lines.readline().count("\t") + 1
        if columns == 3:
            convert(here / name)
        elif name in sys.argv[1:]:
            sys.exit(f"{name}: {columns} columns; trip posts are converted by convert_trips.py")
