"""What speaks for and against a child: each piece of evidence has a weight (log-odds) and a reason that quotes
nothing.

The weights stand in `data/names/weights.toml`; `training/lists/weights.py` finds them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from postguard.text import lists
from postguard.text.name_candidates import FIGURE, GROUP
from postguard.text.name_words import Region
from postguard.text.roster_match import Form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from postguard.text.name_candidates import Candidate, WordsOfPost
    from postguard.text.names import KnownNames
    from postguard.text.roster_match import Hit

_UNREAD = {Form.FULL: 0.5, Form.NICKNAME: 0.01, Form.SURNAME: 0.0, Form.MISSPELT: 0.02}
"""How far a roster name counts where the model saw no name at all (other forms .05): it is told, but not as sure."""
_ROW_GAP = re.compile(
    r"\s*(?:\([^()\n]{0,14}\)|\d{1,3}\*?)?\s*(?:,\s*(?:and\b|&)?|;|&|\+|/|\||•|·|\band\b|\bn\b|\n|\s)\s*"
    r"(?:\d{1,3}(?:st|nd|rd|th)?[.):]?|[-•*–]|[^\w\s,.!?;:()/&+-]{1,3})?\s*"
)
_ROW_LONGEST = 30
_LINE_OF_ROW = re.compile(r"[^\S\n]*(?:$|\n|[^\w\s'\u2019.]|\d)")
"""What follows a name that has a line of a list to itself: nothing, or points, a class, a mark; no sentence."""
_NAMED_FOR_SURE = 0.3
_PLAYS_LONGEST = 60
_LEAST_LEFT = 0.02
"""What is left at least of a probability when a kind is ruled out: below it the model knows nothing of the others."""
_SELDOM_BORNE = 2
"""Names below this step of frequency ("Fagin") tell the work that they come from; others ("Lucy") may be anybody's."""
_KIN_AFTER = re.compile(
    r"['\u2019]s?\s+(?:(?:lovely|amazing|proud|wonderful|own|very|big|little|older|younger|baby|great|step)[\s-]+){0,2}([a-z]+)",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(
    r"\s*[,(]?\s*(?:(?:in|from|of)\s+)?\(?"
    r"(?:y(?:ea)?r?\s?\d{1,2}\b|aged?\s+\d|\d{1,2}[A-Z]\b|\d{1,2}\)|, \d{1,2}\b)",
    re.IGNORECASE,
)
_ROLE_BEFORE = re.compile(
    r"\b(?:heads? of [\w &]{2,20}|lead|leader|teacher|headteacher|head|principal|governors?|chair|caretaker"
    r"|librarian|cook|chef"
    r"|author|illustrator|poet|MP|councillor|nurse|officer|engineer|scientist|coach|manager|founder|SENCO|TA|assistant"
    r"|secretary|bursar|chaplain|trainee|tutor|owner|director|guide|instructor|volunteer|paramedic|firefighter)"
    r"\s*[,:]?\s+$",
    re.IGNORECASE,
)
_ADDRESSES = frozenset({"dr", "miss", "mr", "mrs", "ms", "mx"})
_SUBJECT_BEFORE = re.compile(r"\b(?:[Hh]ead|[Tt]eacher|[Ll]ead|[Dd]epartment|[Ll]esson|[Ww]eek|[Mm]onth) of $")
_TITLES = lists.STAFF_TITLES | lists.FIGURE_TITLES | lists.KIN_TITLES
_AFTER = re.compile(r"\s+([^\W\d_]+)")
_PART_BEFORE = re.compile(r"(?:\bas\s+|\b(?:plays?|played|playing)\s+|[^\W\d_]\s+[-–]\s+)$")
_PLAYS = re.compile(
    r"\s(?:[^.!?;\n]{0,40}\s)??(?:as|plays?|played|playing|(?:is|was|makes?|made)(?:\s+(?:our|an?|the))?(?:\s+[a-z]+){0,2})"
    r"\s+(?:(?:our|an?|the)\s+)?",
    re.IGNORECASE,
)
"""From a name to the part that its bearer plays: "is our", "was a very grumpy", "came to school as"."""
_PLAYS_TOO = re.compile(r"\s+(?:is|was|plays?|played|makes?|made)\s+(?:our|an?|the)\s", re.IGNORECASE)
"""The same for a part without a name, beside others that have one: "Edie is our Mary and Joe is an innkeeper"."""
_PART_AFTER = re.compile(r"\s*(?:[-–:]\s+|\()[A-Z]")


@dataclass(frozen=True, slots=True)
class Weight:
    """How far evidence moves a mention, what to tell of it, and the kind that it speaks for ("" = none)."""

    weight: float
    reason: str = ""
    kind: str = ""


@cache
def weights() -> Mapping[str, Weight]:
    """All weights by the name of the evidence."""
    table = lists.table("weights")
    return {
        name: Weight(entry.get("weight", entry.get("prior", 0.0)), entry.get("reason", ""), entry.get("kind", ""))
        for group in table.values()
        for name, entry in group.items()
    }


def logit(p: float) -> float:
    """Log-odds of a probability, kept within ±6.2."""
    p = min(max(p, 0.002), 0.998)
    return math.log(p / (1 - p))


def probability(score: float) -> float:
    """The probability that log-odds stand for."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def weigh(post: WordsOfPost, candidates: Sequence[Candidate], known: KnownNames) -> None:
    """Gathers the evidence for each candidate and sums it up into `score`."""
    for c in candidates:
        c.evidence = _single(post, c, known)
        c.score = total(c.evidence)
    for c, context in zip(candidates, _context(post, candidates), strict=True):
        c.evidence |= context
        c.score = total(c.evidence)


def total(evidence: Mapping[str, float]) -> float:
    """The weighted sum."""
    table = weights()
    return sum(table[name].weight * value for name, value in evidence.items())


# --- evidence of one mention ---


def _single(post: WordsOfPost, c: Candidate, known: KnownNames) -> dict[str, float]:
    word, last = post.words[c.first], post.words[c.past - 1]
    inside = post.in_group(c.past)
    child = c.p[1] / max(1.0 - inside * c.p[GROUP], c.p[1], _LEAST_LEFT)  # no class is in a class
    found: dict[str, float] = {"bias": 1.0}
    if c.hit is not None:
        found |= _of_roster(post, c, c.hit, known)
        child += c.p[0] * _unread(post, c.hit, c, known)
    found["child"] = logit(child)
    found["other"] = logit(sum(c.p[2:])) + 6.2
    found["first_name"] = post.name_step(word.key) / 4
    found["ordinary_word"] = float(post.word_step(word.key) > 0 or word.key in lists.WORD_NAMES)
    unknown = post.name_step(word.key) == 0 and len(word.key) > 1
    found["common_word"] = float(post.word_step(word.key) > 2 and post.name_step(word.key) < 4)
    found["never_a_name"] = float(post.word_step(word.key) > 0 and post.name_step(word.key) < 2 and len(word.key) > 1)
    found["unknown_small"] = float(unknown and not word.capital and word.region is Region.PROSE)
    found["unknown"] = float(unknown)
    found["day"] = float(c.past - c.first == 1 and c.hit is None and word.key in lists.DAYS)
    found["lower_case"] = float(not post.written_as_name(word))
    found["capitals"] = float(word.text.isupper() and len(word.key) > 1)
    found["sentence_start"] = float(word.start in post.starts)
    found["one_letter"] = float(c.past - c.first == 1 and len(word.key) == 1)
    found["several_words"] = float(c.past - c.first > 1)
    found["tag"] = float(word.region is not Region.PROSE)
    found |= (
        _of_title(post, c)
        | _of_figures(post, c, known)
        | _of_things(post, c)
        | _of_cast(post, c)
        | _of_school(post, c, known)
    )
    kin = _KIN_AFTER.match(post.text, last.end)
    after = _AFTER.match(post.text, last.end) if last.region is Region.PROSE and last.capital else None
    noun = after.group(1) if after else ""
    found["relative_after"] = float(kin is not None and kin.group(1).lower() in lists.KIN)
    found["group_after"] = float(noun.lower() in lists.GROUP_NOUNS)
    found["place_after"] = float(noun.lower() in lists.PLACE_NOUNS and noun[:1].isupper())
    found["in_group"] = inside
    found["year_after"] = float(_YEAR_AFTER.match(post.text, last.end) is not None)
    return {name: value for name, value in found.items() if value}


def _of_roster(post: WordsOfPost, c: Candidate, hit: Hit, known: KnownNames) -> dict[str, float]:
    as_word = word_like(post, hit, c, known)
    small = as_word and not post.written_as_name(post.words[c.first])
    found = {hit.form.name.lower(): 1.0, "word_like": float(as_word), "small_word": float(small)}
    if hit.form is not Form.FULL:
        extra = c.past - c.first > hit.words[1] - hit.words[0]
        found["other_initial"] = float(hit.initial_differs)
        found["other_surname"] = float(extra or _surname_follows(post, c, known))
    return found


def _unread(post: WordsOfPost, hit: Hit, c: Candidate, known: KnownNames) -> float:
    """How far a roster name counts where the model saw no name: not at all if it is a word as well."""
    if word_like(post, hit, c, known):
        return 0.0
    return _UNREAD.get(hit.form, 0.05)


def word_like(post: WordsOfPost, hit: Hit, c: Candidate, known: KnownNames) -> bool:
    """True if the name is also an ordinary word, a class or a house, so that only the context can tell."""
    key, word = hit.key, post.words[c.first]
    if hit.form in {Form.FULL, Form.FIRST_INITIAL, Form.INITIAL_SURNAME}:
        return False
    if key in lists.WORD_NAMES or key in known.groups or len(key) < 3:
        return True
    step = post.word_step(key)
    if step > 1 or (step and post.name_step(key) < 3):
        return True
    return word.region is not Region.PROSE and len(key) < 4 and not word.capital


def _surname_follows(post: WordsOfPost, c: Candidate, known: KnownNames) -> bool:
    """True if a capitalised word that is no ordinary word stands right after the name, read as part of a person's
    name."""
    if c.past >= len(post.words):
        return False
    word, last = post.words[c.past], post.words[c.past - 1]
    if word.gap not in {" ", "-", "\u00a0"} or word.inside is not last.inside or word.region is not Region.PROSE:
        return False
    if len(word.key) < 3 or not word.capital or last.text.isupper() or post.word_step(word.key) > 0:
        return False
    if word.start in post.starts or known.pupils.has_given(word.key):
        return False
    return sum(post.rows[c.past][1:5]) >= 0.3


def _of_title(post: WordsOfPost, c: Candidate) -> dict[str, float]:
    title = _title_before(post, c.first)
    if c.past - c.first > 1 and post.words[c.first].key in _ADDRESSES and post.words[c.first].capital:
        title = post.words[c.first].key  # "@MrsBell", read as one name
    alone = c.past - c.first == 1 and post.words[c.first].key in lists.STAFF_TITLES
    start = post.words[c.first].start
    role = _ROLE_BEFORE.search(post.text, max(0, start - 40), start)
    return {
        "role_before": float(role is not None),
        "subject": float(_SUBJECT_BEFORE.search(post.text, max(0, start - 24), start) is not None),
        "staff_title": float(title in lists.STAFF_TITLES),
        "figure_title": float(title in lists.FIGURE_TITLES),
        "kin_title": float(title in lists.KIN_TITLES),
        "is_title": float(alone),
    }


def _title_before(post: WordsOfPost, first: int) -> str:
    at, word = first - 1, post.words[first]
    for _ in range(2):  # "Mrs J. Patel", "Miss Ivy Rose-Carter"
        if at < 0 or word.gap not in {" ", ". ", ".", "-"} or not post.words[at].capital:
            break
        if post.words[at].key in _TITLES:
            break
        word, at = post.words[at], at - 1
    if at < 0 or word.gap not in {" ", ". ", ".", "\u00a0", ""} or post.words[at].inside is not word.inside:
        return ""
    title = post.words[at]
    plain_words = {"miss", "cook", "nurse", "coach", "teacher", "chef", "principal", "officer", "governor"}
    if not title.capital and (not post.all_lower or title.key in plain_words):
        return ""
    return title.key


def _of_figures(post: WordsOfPost, c: Candidate, known: KnownNames) -> dict[str, float]:
    if c.hit is not None and c.hit.form is Form.FULL:
        return {}
    if known.figures and _longest_listed(post, c, known.figures, inner=True):
        return {"school_figure": 1.0}
    length = _longest_listed(post, c, lists.figures())
    if not length:
        return {}
    if length > 1:  # many a child is called like somebody known: the surer the text names a child, the less it counts
        return {"figure": min(1.0, (1.0 - c.p[1]) / _NAMED_FOR_SURE)}
    word = post.words[c.first]
    part = _part_before(post, c) or _PART_AFTER.match(post.text, post.words[c.past - 1].end) is not None
    return {
        "character": 1.0,
        "rare_character": (4 - post.name_step(word.key)) / 4,
        "part_played": float(part),
    }


def _of_things(post: WordsOfPost, c: Candidate) -> dict[str, float]:
    """A thing that children are called, too ("Mercedes"), counts for less, but for "kale" amid capitals."""
    if c.hit is not None:
        return {}
    word = post.words[c.first]
    length = _longest_listed(post, c, lists.things(), inner=True)
    step = post.name_step(word.key) if length == 1 and post.written_as_name(word) else 0
    return {"thing": (4 - step) / 4 if length else 0.0}


def _part_before(post: WordsOfPost, c: Candidate) -> bool:
    """Does the text name a part that somebody plays: "as Mary Seacole"? Another of that first name may play it."""
    start = post.words[c.first].start
    return _PART_BEFORE.search(post.text, max(0, start - 12), start) is not None


def _of_cast(post: WordsOfPost, c: Candidate) -> dict[str, float]:
    """A pupil of the roster may play a part: who is on it is told anyway."""
    if c.hit is not None:
        return {}
    company = post.casts.company(c.first, c.past)
    rare = any(post.name_step(name) < _SELDOM_BORNE for name in company.others)
    return {
        "title_of_cast": float(company.titled),
        "several_of_cast": float(len(company.others) > 1),
        "rare_of_cast": float(rare),
    }


def _longest_listed(post: WordsOfPost, c: Candidate, listed: frozenset[str], *, inner: bool = False) -> int:
    """Number of words of the longest listed figure or title that covers the candidate; 0 if there is none.

    The last word of a name of two ("Red Rose") counts only if `inner`.
    """
    best, words = 0, post.words
    for start in range(max(0, c.first - lists.FIGURE_LONGEST + 1), c.first + 1):
        key = words[start].key
        for end in range(start + 1, min(len(words), start + lists.FIGURE_LONGEST) + 1):
            if end > start + 1:
                gap = words[end - 1].gap
                if gap not in {" ", "-", "'", "\u2019", ". ", ".", ""}:
                    break
                key += ("" if gap in {"'", "\u2019", ""} else " ") + words[end - 1].key
            if end < c.past or key not in listed:
                continue
            if not inner and start < c.first and end - start < 3 and end == c.past:
                continue
            if end - start > 1 and not all(map(post.written_as_name, (words[start], words[end - 1]))):
                continue
            best = max(best, end - start)
    return best


def _of_school(post: WordsOfPost, c: Candidate, known: KnownNames) -> dict[str, float]:
    keys = post.keys(c.first, c.past)
    first, last = post.words[c.first], post.words[c.past - 1]
    found = {
        "allowed": float(not known.allow.isdisjoint(keys) or _within_allowed(post, c, known)),
        "group": float(not known.groups.isdisjoint((*keys, first.key))),
    }
    if known.staff.has_given(first.key) or (c.past - c.first > 1 and known.staff.has_surname(last.key)):
        hits = known.staff.hits(post.words[c.first : c.past + 1], post.word_step, post.name_step)
        whole = any(hit.form in {Form.FULL, Form.INITIAL_SURNAME} for hit in hits)
        found["staff"] = float(whole)
        found["staff_too"] = float(bool(hits) and not whole)
    return found


def _within_allowed(post: WordsOfPost, c: Candidate, known: KnownNames) -> bool:
    longest = max((key.count(" ") + 1 for key in known.allow), default=0)
    for first in range(max(0, c.first - longest + 1), c.first + 1):
        for past in range(c.past, min(len(post.words), first + longest) + 1):
            if not known.allow.isdisjoint(post.keys(first, past)):
                return True
    return False


# --- evidence of the other mentions ---


def _context(post: WordsOfPost, candidates: Sequence[Candidate]) -> list[dict[str, float]]:
    found: list[dict[str, float]] = [{} for _ in candidates]
    best: dict[str, float] = {}
    for c in candidates:
        key = post.words[c.first].key
        best[key] = max(best.get(key, -9.0), c.score)
    adults = {post.words[c.first].key for c in candidates if {"staff_title", "staff"} & c.evidence.keys()}
    adults |= {
        word.key
        for at, word in enumerate(post.words)
        if at and word.capital and word.gap in {" ", ". "} and post.words[at - 1].key in lists.STAFF_TITLES
        if post.words[at - 1].capital
    }
    whole = [
        post.words[c.first : c.past]
        for c in candidates
        if c.evidence.get("figure", 0.0) >= 0.5 and c.past - c.first > 1 and not _part_before(post, c)
    ]
    figures = {word.key for name in whole for word in name if len(word.key) > 2}
    likely = {post.words[c.first].key for c in candidates if probability(c.score) >= 0.7}
    for c, mine in zip(candidates, found, strict=True):
        word = post.words[c.first]
        if word.key in adults and not settled(c):
            mine["adult_elsewhere"] = 1.0
            continue
        if word.key in figures and not settled(c) and c.hit is None:
            mine["figure_elsewhere"] = 1.0
            continue
        lead = best[word.key] - max(c.score, 0.0)
        if lead > 0 and len(word.key) > 2 and post.written_as_name(word) and not settled(c):
            mine["elsewhere"] = min(lead, 4.0)
        if likely - {word.key}:
            mine["some_child"] = 1.0
    _of_parts(post, candidates, found)
    row: list[int] = []
    for i in range(len(candidates) + 1):
        if row and i < len(candidates) and _in_row(post, candidates[row[-1]], candidates[i]):
            row.append(i)
            continue
        if len(row) > 1:
            _of_row(candidates, row, found)
        row = [i]
    return found


def _of_parts(post: WordsOfPost, candidates: Sequence[Candidate], found: list[dict[str, float]]) -> None:
    """Who plays a figure is more likely a child: "Edie is our Mary". One bearer a part: the likeliest."""
    for i, part in enumerate(candidates):
        start = post.words[part.first].start
        players = [
            before
            for before in range(max(0, i - 3), i)
            if start - (end := post.words[candidates[before].past - 1].end) <= _PLAYS_LONGEST
            and _PLAYS.fullmatch(post.text, end, start)
        ]
        if players:
            mine = found[max(players, key=lambda before: candidates[before].score)]
            mine["plays"] = max(mine.get("plays", 0.0), part.p[FIGURE])
    cast = max((mine.get("plays", 0.0) for mine in found), default=0.0)
    for c, mine in zip(candidates, found, strict=True):
        if cast and "plays" not in mine and _PLAYS_TOO.match(post.text, post.words[c.past - 1].end):
            mine["plays"] = cast / 2


def _in_row(post: WordsOfPost, before: Candidate, after: Candidate) -> bool:
    start, end = post.words[before.past - 1].end, post.words[after.first].start
    if not 0 < end - start <= _ROW_LONGEST:
        return False
    gap = post.text[start:end]
    if gap.isspace() and not ("\n" in gap and _LINE_OF_ROW.match(post.text, post.words[after.past - 1].end)):
        return False
    return _ROW_GAP.fullmatch(gap) is not None


def _of_row(candidates: Sequence[Candidate], row: Sequence[int], found: list[dict[str, float]]) -> None:
    children = [probability(candidates[i].score) >= 0.5 for i in row]
    adults = [bool({"staff_title", "staff"} & candidates[i].evidence.keys()) for i in row]
    otherwise = [sum(candidates[i].p[2:]) for i in row]
    for i, child, mine in zip(row, children, otherwise, strict=True):
        others = sum(children) - child
        if len(row) > 2:
            found[i]["row_otherwise"] = (sum(otherwise) - mine) / (len(row) - 1)
        free = 1.0 - sum(candidates[i].p[2:])
        if others and not settled(candidates[i]):
            found[i]["beside_two" if others > 1 else "beside_one"] = free
            if others > 1:
                found[i]["row_share"] = free * others / (len(row) - 1)
        elif sum(adults) and not settled(candidates[i]):
            found[i]["beside_adult"] = 1.0


def settled(c: Candidate) -> str:
    """The kind that the strongest evidence against a child makes of it; "" if none does."""
    table = weights()
    against = [(table[name].weight * value, table[name].kind) for name, value in c.evidence.items() if table[name].kind]
    strongest = min(against, default=(0.0, ""))
    return strongest[1] if strongest[0] <= -2.0 else ""
