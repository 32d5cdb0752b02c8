"""Convert and check hand-written trip posts.

Reads ``posts.txt`` (id, account, posted_at, verdict, text; tab-separated, spans as ``[[WHERE:...]]``, ``[[WHEN:...]]``,
``[[CONTACT:...]]``) and ``pairs.tsv`` (contrast partners; any line naming two or more ids) in a folder, checks them against
``TRIP-CONVENTIONS.md`` as far as a script can, and writes ``posts.jsonl`` and a normalised ``pairs.tsv``
(number, then id, account, verdict for each partner). It writes no text itself.

    python convert_trips.py [folder]
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path

MARK = re.compile(r"\[\[(WHERE|WHEN|CONTACT):(.+?)\]\]", re.S)
RANK = {"pass": 0, "review": 1, "block": 2}
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DATED = re.compile(
    r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]* (?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of)?"
    r"(?: (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)?\b(?![.:]\d)",
    re.I,
)


def parse(marked: str) -> tuple[str, list[dict]]:
    """Plain text and spans (code points, end exclusive)."""
    out, spans, at = [], [], 0
    for m in MARK.finditer(marked):
        out.append(marked[at : m.start()])
        start = sum(map(len, out))
        out.append(m[2])
        spans.append({"start": start, "end": start + len(m[2]), "label": m[1], "text": m[2]})
        at = m.end()
    out.append(marked[at:])
    return "".join(out), spans


def contact_verdict(account: str, spans: list[dict]) -> str:
    """Verdict that the contact details alone deserve."""
    worst = "pass"
    for s in spans:
        if s["label"] != "CONTACT":
            continue
        t = s["text"]
        if t.startswith("@") or re.search(r"\w@\w", t):
            v = "review"
        elif re.fullmatch(r"\+?[\d ()]{10,}", t) or re.match(r"(?:Flat \w+,? )?\d+[a-z]? [A-Z]\w+|[A-Z][\w' ]+(?:Cottage|House|Farm),", t):
            v = "review" if account == "protected" else "block"
        else:
            v = "block"
        worst = max(worst, v, key=RANK.get)
    return worst


def weekday_errors(text: str, posted: datetime) -> list[str]:
    """Named weekdays that cannot fall on the named day of a month near the time of posting."""
    bad = []
    for m in DATED.finditer(text):
        day, wd = int(m[2]), DAYS.index(m[1][:3].lower())
        months = [MONTHS.index(m[3][:3].lower()) + 1] if m[3] else [posted.month, posted.month % 12 + 1, (posted.month - 2) % 12 + 1]
        ok = False
        for mo in months:
            for y in (posted.year - 1, posted.year, posted.year + 1):
                try:
                    ok |= date(y, mo, day).weekday() == wd
                except ValueError:
                    pass
        if not ok:
            bad.append(m[0])
    return bad


def main(folder: Path) -> int:
    errors, rows, seen = [], {}, {}
    for n, line in enumerate((folder / "posts.txt").read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) not in (5, 6):
            errors.append(f"line {n}: {len(cells)} cells")
            continue
        pid, account, posted, verdict, marked = cells[:5]
        text, spans = parse(marked.replace("\\n", "\n"))
        err = lambda why: errors.append(f"{pid}: {why}")  # noqa: B023, E731
        if pid in rows:
            err("id used twice")
        if account not in ("public", "protected"):
            err(f"account {account}")
        if verdict not in RANK:
            err(f"verdict {verdict}")
            continue
        try:
            when = datetime.fromisoformat(posted)
        except ValueError:
            err(f"posted_at {posted}")
            continue
        if "[[" in text or "]]" in text:
            err("leftover markup")
        if any(s["text"] != s["text"].strip(" ,.!?\n") for s in spans):
            err("span with blank or stop at its edge")
        if (verdict == "pass") != (not spans):
            err("spans and verdict disagree")
        if not 15 <= len(text) <= 1000:
            err(f"length {len(text)}")
        key = (account, re.sub(r"\W+", " ", text.lower()))
        if key in seen:
            err(f"same text as {seen[key]}")
        seen[key] = pid
        contact = contact_verdict(account, spans)
        whereabouts = any(s["label"] != "CONTACT" for s in spans)
        trip = cells[5] if len(cells) == 6 else (verdict if whereabouts else "pass")
        if account == "protected" and trip == "block":
            err("protected account blocked for whereabouts")
        if max(trip, contact, key=RANK.get) != verdict:
            err(f"verdict {verdict} but trip {trip}, contact {contact}")
        for w in weekday_errors(text, when):
            err(f"no such day: {w}")
        rows[pid] = {"id": pid, "account": account, "posted_at": posted, "verdict": verdict, "text": text, "spans": spans,
                     "trip_verdict": trip, "contact_verdict": contact}
    pairs = []
    pair_file = folder / "pairs.tsv"
    for line in pair_file.read_text("utf-8").splitlines() if pair_file.exists() else []:
        ids = re.findall(r"\b[A-Z]\d{4}\b", line)
        if not ids:
            continue
        missing = [i for i in ids if i not in rows]
        if missing or len(ids) < 2:
            errors.append(f"pair {line!r}: missing {missing}")
            continue
        if len({(rows[i]["account"], rows[i]["verdict"]) for i in ids}) == 1:
            errors.append(f"pair {ids}: no contrast")
        pairs.append(ids)
    for e in errors:
        print("ERROR", e)
    if not errors:
        with (folder / "posts.jsonl").open("w", encoding="utf-8") as f:
            for r in rows.values():
                f.write(json.dumps(r, ensure_ascii=False) + "\n")
        pair_file.write_text("".join(
            "\t".join([str(n)] + [c for i in ids for c in (i, rows[i]["account"], rows[i]["verdict"])]) + "\n"
            for n, ids in enumerate(pairs, 1)), "utf-8")
    count = Counter((r["account"], r["verdict"]) for r in rows.values())
    lengths = [len(r["text"]) for r in rows.values()]
    print(len(rows), "posts,", len(pairs), "pairs,", sum(n > 280 for n in lengths), "long;",
          ", ".join(f"{a} {v} {count[a, v]}" for a in ("public", "protected") for v in RANK))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "extra-trips"))
