"""What the verbs of a post say about when: past, present, future, done, or an order to parents.

`sentences` cuts a text; `verbs` finds its finite verbs and phrases; `tense_at` tells the tense that governs a place
in the text.
Auxiliaries and irregular forms are closed classes and stand here; Penn Treebank tags, where a tagger gave them,
decide the rest.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from postguard.text.word_starts import PatternTable, Places, WordStarts, matches


class Tense(Enum):
    """What a verb says about the time of what it tells."""

    PAST = "past"
    DONE = "done"  # present perfect: over, and it may be just over
    ARRIVED = "arrived"  # present perfect or past of arriving: now there
    HOME = "home"  # back again: what the post tells is over
    PRESENT = "present"
    ONGOING = "ongoing"
    FUTURE = "future"
    ORDER = "order"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verb:
    """A finite verb or verbal phrase, its span and its tense."""

    start: int
    end: int
    tense: Tense


_FORMS: dict[str, list[str]] = tomllib.loads((Path(__file__).parent.parent / "data" / "verbs.toml").read_text("utf-8"))
_IRREGULAR_PAST = _FORMS["past"]
_PARTICIPLES = _FORMS["participles"]
_NOT_PAST = frozenset(_FORMS["no_past"])
_BE = r"(?:am|is|are|'re|’re|'m|’m|isn['’]t|aren['’]t)"
_HAVE = r"(?:have|has|'ve|’ve|haven['’]t|hasn['’]t)"
_ADVERBS = (
    r"(?:\s(?:just|now|all|only|both|also|already|finally|safely|still|not|never|even|currently|really|so|"
    r"very|almost|nearly|about|well|truly|definitely|officially|again))*"
)
_PART = rf"(?:{'|'.join(_PARTICIPLES)}|\w+ed)"

# "Back at school 4.20" is still to come; "back at school, what a day" is over.
_NOT_AT_A_TIME = (
    r"(?![^.!?\n]{0,24}\b(?:(?:at|by|for|around|about|abt|nearer|in|from|approx\w*|roughly|circa|"
    r"closer\sto|just\s(?:after|before))\s)?"
    r"(?:about\s|around\s|roughly\s|the\snext\s)?(?:\d|half\s|quarter\s|noon\b|(?:five|ten|twenty)\s(?:to|past|min)))"
)
_TABLE: tuple[tuple[str, Tense], ...] = (
    # back again
    (
        r"\b(?:back|home|returned)\s(?:safe(?:ly)?|and\s(?:hosed|dry|fed)|safe\sand\s(?:sound|well)|again)\b"
        + _NOT_AT_A_TIME,
        Tense.HOME,
    ),
    ((
        r"\b(?:safely|all|both|everyone|everybody|we['’]re|we\sare|they['’]re|are|is|were|was|got|came|now|"
        r"children|team|and)\s(?:all\s|now\s|safely\s|both\s)*(?:back|home)\b(?!\s(?:on\b|up\b|by|for|at\s\d|"
        r"around|about|in\s\d|until|to\b|game|match|bell|time|page|learning|again\s(?:on|to)|friday|saturday|"
        r"sunday|monday|tuesday|wednesday|thursday|tomorrow|tonight))"
    ) + _NOT_AT_A_TIME, Tense.HOME),
    ((
        r"\b(?:back|home)\s(?:from|in\s(?:school|class\w*|time|one\spiece|the\s(?:classroom|building))|"
        r"at\s(?:school|(?:our|their)\sdesks|base|lessons)|before\s(?:register|registration|lunch|the\sbell|"
        r"school))\b"
    ) + _NOT_AT_A_TIME, Tense.HOME),
    ((
        r"\bhome\s(?:now|by\shome\s?time|and\s(?:full|in|to|happy))\b|\b(?:all|now|been)\scollected\b|"
        r"\bback\s(?:now|and\s(?:happy|safe))\b|\bin\s(?:registration|class|lessons|maths)\s(?:by|before)\b"
    ), Tense.HOME),
    ((
        r"\b(?:all|safely|everyone|everybody)\s(?:\w+\s)?(?:collected|accounted\sfor\sand\shome|returned)\b|"
        r"\breturned\s(?:from|to\sschool|home|with)\b|\b(?:is|are)\s(?:now\s)?(?:all\s)?over\b|"
        r"\bover\sand\sout\b|\b(?:ha(?:s|ve|d)\s)?(?:come|came)\sto\san\send\b|\ball\sover\sat\b"
    ), Tense.HOME),
    ((
        r"\bchildren\s(?:brought|came|arrived|got|went)\s(?:back\s)?home\b|\b(?:went|got|came|ran|rode|drove|"
        r"walked|were|was)\s(?:all\s|back\s)?home\b|\bin\stheir\sown\sbeds\b|\b(?:tucked\sup|in\sbed|asleep|safe)\sat\shome\b"
    ), Tense.HOME),
    # future
    (r"\b(?:will|['’]ll|won['’]t|shall|gonna)\b(?!\s(?:power))", Tense.FUTURE),
    ((
        rf"\b{_BE}{_ADVERBS}\s(?:going\sto(?!\s(?:the|a|an|our|[A-Z#]))|about\sto|due\sto|due|set\sto|"
        rf"hoping\sto|planning|booked|to\s(?=[a-z]+\b(?<!the))|off\s(?!school|sick|the\b|work|and\b|today\b)|"
        rf"bound\b|heading|travelling\sto|leaving)"
    ), Tense.FUTURE),
    ((
        r"\b(?:off\s(?:to|on|for)|bound\sfor|here\swe\scome|heading\s(?:to|for|off)|on\s(?:our|the|"
        r"their)\sway\sto|en\sroute|looking\sforward|can['’]?t\swait|can\shardly\swait|ready\sfor|next\sstop|"
        r"counting\sdown|booked|preparing\sfor|due\s(?:back|at|in|on|out|to)|getting\sready)\b"
    ), Tense.FUTURE),
    (r"\bbound\b(?=\s?[!.,🚌])", Tense.FUTURE),
    # arrived
    ((
        rf"\b(?:{_HAVE}|'s|’s){_ADVERBS}\s(?:arrived|made\sit|landed|reached|got\s(?:to|here|there)|"
        rf"checked\sin|taken\s(?:over|up)|set\s(?:off|out)|left|gone|descended|invaded|crossed|boarded|pitched|"
        rf"settled|conquered|docked|walked\sto|come\sto|hit|stopped\s(?:at|for|off|in))\b"
    ), Tense.ARRIVED),
    ((
        r"\b(?:arrived(?:\ssafely)?|landed|made\sit\sto|touched\sdown|just\s(?:left|arrived|landed|passed|"
        r"off)|we['’]?re\shere|here\sat)\b"
    ), Tense.ARRIVED),
    # done
    (rf"\b(?:{_HAVE}){_ADVERBS}\s{_PART}\b", Tense.DONE),
    (r"(?:'s|’s)\s(?:been|had)\b", Tense.DONE),
    # ongoing and present
    (rf"\b(?:\w+(?:'s|’s)|{_BE}){_ADVERBS}\s\w+ing\b", Tense.ONGOING),
    (r"\b(?:am|is|are|isn['’]t|aren['’]t)\b|(?<=\w)['’](?:re|m)\b", Tense.PRESENT),
    ((
        r"(?<=\b(?i:we|he|it))['’]s\b|(?<=\b(?i:she|who))['’]s\b|(?<=\b(?i:that|here|what))['’]s\b|"
        r"(?<=\b(?i:there|where))['’]s\b|\b(?:has|have|does|do|goes|go|gets|runs|starts|leaves|leave|starts|"
        r"begins|finishes|meets|takes|plays|opens|closes|departs|arrives|returns|moves|needs|comes|looks|"
        r"makes|wants|says|can|may|must|should|visit|visits|travel|travels|walk|walks|perform|performs|sing|"
        r"sings|play|set\soff|head|heads|swim|swims|flies|fly|sails|lands)\b"
    ), Tense.PRESENT),
    # orders
    ((
        r"(?:^|(?<=[.!?:;\n–—-]\s)|(?<=please\s)|(?<=\n))(?:please|pls|collect|meet|bring|drop|pick|wear|come|"
        r"join|pop|send|remember|don['’]t|see|wish|give|look|follow|say|wave|watch|guess|check|arrive|be|let|"
        r"ring|call|contact|email|e-mail|return|keep|make|book|pack|label|tell|ask|help|support|cheer|find|"
        r"park|use|add|save|DM|message)\b"
    ), Tense.ORDER),
    # past
    (rf"\b(?:{'|'.join(_IRREGULAR_PAST)})\b(?!\s(?:off\b))", Tense.PAST),
    (r"\b[a-z]+ed\b", Tense.PAST),
)  # fmt: skip
_PATTERNS = [re.compile(pattern, re.IGNORECASE) for pattern, _ in _TABLE]
_TENSES = tuple(tense for _, tense in _TABLE)
# One grown-up who is back is not the children.
_SOMEBODY = re.compile(
    r"\b(?:Mr|Mrs|Miss|Ms|Dr|Sir|Madame|Señora?)\.?\s[A-Z][\w'’-]+(?:\s(?:is|was|has|got|came))?\s?$"
)
# "Running late back from the coast": not back yet.
_ON_THE_WAY = re.compile(
    r"\b(?:late|way|heading|coming|travelling|journey|bus|coach(?:es)?|train|minibus|off|leaving|delayed|"
    r"due|expected|to\sbe|get|getting|until\swe['’]?re|till\swe['’]?re|when\s\w+)"
    r"\s(?:\w+\s){0,2}$|(?:\d[.:]\d\d|\d\s?[ap]m|half\s\w+|(?:quarter|five|ten|twenty)\s(?:to|past)\s\w+|"
    r"\dish)\s(?:for\s)?$",
    re.IGNORECASE,
)
_AUXILIARY_BEFORE = re.compile(
    (
        rf"(?:\b{_BE}|\b{_HAVE}|\bbe|\bbeing|\bbeen|\bget|\bto|\bthe|\ba|\ban|\bmy|\bour|\bvery|\bso|"
        rf"['’]s){_ADVERBS}\s$"
    ),
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"(?<!\b[Mm]r)(?<!\b[Mm]rs)(?<!\b[Mm]s)(?<!\bDr)(?<!\bSt)(?<!\bRev)(?<!\bFr)(?<!\bapprox)(?<!\bv)(?<!\b"
    r"vs)(?<!\bNo)[.!?…]+[\"”')\]]*(?=\s|$)|\n+|\s[•▪]\s"
)


_LONGEST = 1500


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences and lines of a text as spans without the blanks around them; what never ends is cut at a blank."""
    spans = []
    start = 0
    for end in (*(match.end() for match in _BREAK.finditer(text)), len(text)):
        while end - start > _LONGEST:
            cut = text.rfind(" ", start + 1, start + _LONGEST)
            cut = cut if cut > start else start + _LONGEST
            spans.append(_stripped(text, start, cut))
            start = cut
        spans.append(_stripped(text, start, end))
        start = end
    return tuple((a, b) for a, b in spans if a < b)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


@cache
def verb_patterns() -> PatternTable:
    """The patterns of finite verbs and verbal phrases, in the order of their weight."""
    return PatternTable(_PATTERNS)


def verbs(
    text: str,
    start: int = 0,
    end: int | None = None,
    tags: Mapping[int, str] | None = None,
    places: Sequence[Places] | None = None,
) -> tuple[Verb, ...]:
    """The finite verbs between `start` and `end`, in order. `tags`: Penn Treebank tags by the offset of their word,
    if known; `places`: those of `verb_patterns`, where they are known already."""
    end = len(text) if end is None else end
    places = verb_patterns().places(WordStarts(text)) if places is None else places
    found: list[Verb] = []
    taken: list[tuple[int, int]] = []
    for pattern, tense, near in zip(_PATTERNS, _TENSES, places, strict=True):
        for match in matches(pattern, near, text, start, end):
            if not match[0].strip() or any(a < match.end() and match.start() < b for a, b in taken):
                continue
            if tense is Tense.PAST and not _is_past(text, match, tags):
                continue
            if tense is Tense.HOME and _ON_THE_WAY.search(text, max(0, match.start() - 40), match.start()):
                continue
            if tense is Tense.HOME and _SOMEBODY.search(text, max(0, match.start() - 40), match.start()):
                continue
            if tags and tense is Tense.PRESENT and tags.get(match.start(), "V")[0] in "NJ" and match[0][0].isalpha():
                continue
            taken.append(match.span())
            found.append(Verb(match.start(), match.end(), tense))
    if tags:
        for offset, tag in tags.items():
            if start <= offset < end and not any(a <= offset < b for a, b in taken):
                if tag == "VBD":
                    found.append(Verb(offset, offset + 1, Tense.PAST))
                elif tag in ("VBZ", "VBP"):
                    found.append(Verb(offset, offset + 1, Tense.PRESENT))
    return tuple(sorted(found, key=lambda verb: verb.start))


def _is_past(text: str, match: re.Match[str], tags: Mapping[int, str] | None) -> bool:
    word = match[0].lower()
    if (
        word in ("rang", "found", "left", "saw", "lost")
        and match[0][0].isupper()
        and match.start()
        and text[match.start() - 1] == " "
    ):
        return False
    if tags and (tag := tags.get(match.start())):
        return tag == "VBD" or word in ("was", "were", "did", "had")
    if not word.endswith("ed") or word in _IRREGULAR_PAST:
        return True
    return word not in _NOT_PAST and not _AUXILIARY_BEFORE.search(text, max(0, match.start() - 40), match.start())


_CUT = re.compile(r"[,;:()–—]|\s-\s")


def tense_at(found: Sequence[Verb], position: int, text: str = "") -> Tense:
    """The tense of the verb that governs `position`: the last one that begins before it, else the first one after it.

    A verb after it counts only where no comma or dash of `text` stands between: "On the beach, a crab called Kevin".
    """
    before = [verb for verb in found if verb.start <= position]
    if before:
        return before[-1].tense
    if found and not _CUT.search(text, position, found[0].start):
        return found[0].tense
    return Tense.NONE
