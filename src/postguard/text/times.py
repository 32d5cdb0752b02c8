"""UK time expressions in a text, resolved against the time of publishing.

`find_times` gives every expression of time with its span (code points), its grain, its direction seen from the time of
publishing, and, where it can be told, the first and the last moment it may mean. Times are the school's own: the
moment given
is aware and every result carries its zone, so a clock time keeps its reading over a change to or from summer time.

What only looks like a time is left out: "Year 5", "U11", "3-2", "£4.50", "P4", "8B", "page 12".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum, IntEnum
from functools import cache


class Direction(Enum):
    """Where an expression of time lies, seen from the time of publishing."""

    PAST = "past"
    NOW = "now"
    TODAY = "today"  # this very day, before or after: the tense decides
    FUTURE = "future"
    HABIT = "habit"
    UNKNOWN = "unknown"  # "on Thursday": the tense decides which one


class Grain(IntEnum):
    """How exact an expression of time is, finest first."""

    CLOCK = 0
    PART_OF_DAY = 1
    DAY = 2
    DAYS = 3
    WEEK = 4
    VAGUE = 5


@dataclass(frozen=True, slots=True)
class TimeMention:
    """One expression of time: span in code points, end exclusive; `first`..`last` the moments it may mean, if known.

    `lead` is where the preposition before it begins ("by", "at", "from"), equal to `start` if there is none.
    """

    start: int
    end: int
    lead: int
    grain: Grain
    direction: Direction
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class TermDates:
    """A school term by its first and last day, and those of the break in it: lets "after half term" be resolved."""

    name: str
    starts: date
    ends: date
    half_term: tuple[date, date] | None = None


_HOURS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_NUMBERS = _HOURS | {
    "a": 1, "an": 1, "half": 1, "couple": 2, "few": 3, "several": 4, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50,
}  # fmt: skip
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WELSH_DAYS = {"llun": 0, "mawrth": 1, "mercher": 2, "iau": 3, "gwener": 4, "sadwrn": 5, "sul": 6}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WELSH_MONTHS = {
    "ionawr": 1, "chwefror": 2, "mawrth": 3, "ebrill": 4, "mai": 5, "mehefin": 6, "gorffennaf": 7, "awst": 8, "medi": 9,
    "hydref": 10, "tachwedd": 11, "rhagfyr": 12,
}  # fmt: skip
_FEASTS = {
    "christmas": (12, 25), "xmas": (12, 25), "christmas eve": (12, 24), "boxing day": (12, 26), "new year": (1, 1),
    "halloween": (10, 31), "bonfire night": (11, 5), "guy fawkes night": (11, 5), "remembrance sunday": (11, 11),
    "remembrance day": (11, 11), "armistice day": (11, 11), "burns night": (1, 25), "st david's day": (3, 1),
    "st patrick's day": (3, 17), "st george's day": (4, 23), "st andrew's day": (11, 30), "may day": (5, 1),
    "may morning": (5, 1),
}  # fmt: skip
_MOVING_FEASTS = (
    "easter", "good friday", "palm sunday", "ash wednesday", "pancake day", "shrove tuesday", "whit friday",
    "ascension day",
    "mother's day", "mothering sunday", "father's day", "eid", "diwali", "world book day",
)  # fmt: skip

# "sat", "sun", "wed" and "mon" are words too: short forms of those need a capital.
_D = (
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|tues?|weds|thur?s?|fri"
    r"|(?-i:Mon|MON|Wed|WED|Sat(?!\sdown)|SAT|Sun(?!\s(?:is|was|hats?|cream|came|out|shin|safe|block))|SUN))"
    r"(?:['’]s?(?=\s)|(?![\w'’]*[a-z]))"
)
_DAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_M = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|"
    r"tachwedd|rhagfyr|ionawr)(?![a-z])"
)
_ORD = r"(?:st|nd|rd|th)"
_DD = rf"(?:[12]?\d|3[01]){_ORD}?"
_HW = rf"(?:{'|'.join(_HOURS)})"
_NUM = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
_FIGURES = r"(?:[01]?\d|2[0-3])[:.][0-5]\d"
_MERIDIEM = r"(?:\s?[ap]\.?m\b\.?)"
_DASH = r"\s?(?:-|–|—|to|till?|until|and)\s?"
_SCHOOL_POINT = (
    r"(?:lunch(?:time)?|break(?:time|fast)?|playtime|dinner(?:\s?time)?|tea(?:time)?|supper|register|"
    r"registration|the register"
    r"|(?:the\s)?(?:home|first|school|last)?\s?bell|assembly|home\s?time|snack(?:\stime)?|(?:the\s)?roll|"
    r"prep|drop.?off|pick.?up"
    r"|pieces|(?:first|second|third|last)\s(?:lesson|period)|(?:morning|afternoon)\s(?:break|interval)|"
    r"interval|period\s\w+|lights\sout)"
)
_UNIT = r"(?:min(?:ute)?s?|hours?|hrs?|days?|nights?|weeks?|wks?|fortnights?|months?|years?|sleeps?|terms?)"
_NOT_TIME_AFTER = (
    r"(?!\s?(?:%|p\b|km|miles?|m\b|mm|cm|metres?|kg|g\b|litres?|l\b|seconds?|secs?|points?|runs?|goals?|"
    r"inches|°|degrees?))"
)


def _next_weekday(day: date, weekday: int, *, strictly: bool = False) -> date:
    ahead = (weekday - day.weekday()) % 7
    return day + timedelta(days=ahead or (7 if strictly else 0))


def _weekday(word: str) -> int:
    return _DAYS.index(word.lower()[:3])


def _month(word: str) -> int:
    low = word.lower()
    return _WELSH_MONTHS.get(low) or _MONTHS.index(low[:3]) + 1


def _whole_day(day: date, at: datetime) -> tuple[datetime, datetime]:
    return (
        datetime.combine(day, time.min, at.tzinfo),
        datetime.combine(day, time(23, 59, 59), at.tzinfo),
    )


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    ell = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * ell) // 451
    month, day = divmod(h + ell - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _compare(first: datetime, last: datetime, at: datetime) -> Direction:
    if last < at:
        return Direction.PAST if last.date() < at.date() else Direction.TODAY
    if first > at:
        return Direction.FUTURE if first.date() > at.date() else Direction.TODAY
    return Direction.TODAY if last.date() == at.date() else Direction.NOW


Reader = Callable[
    [re.Match[str], datetime, Sequence[TermDates]], "tuple[Grain, Direction, datetime | None, datetime | None] | None"
]


def _fixed(grain: Grain, direction: Direction) -> Reader:
    return lambda _match, _at, _terms: (grain, direction, None, None)


def _clock_moment(text: str, at: datetime) -> datetime | None:
    """The clock time written in `text`, on the day of `at`; an hour without am or pm is taken as a school day has
    it."""
    words = text.lower().replace(".", ":", 1) if re.match(r"\d+\.\d\d", text) else text.lower()
    numbers = re.match(r"(\d{1,2})(?::(\d\d))?", words)
    minute = 0
    if "noon" in words or "midday" in words:
        hour = 12
    elif "midnight" in words:
        hour = 0
    elif numbers and not re.search(r"\b(?:past|to)\b", words):
        hour, minute = int(numbers[1]), int(numbers[2] or 0)
    else:
        found = re.findall(rf"\b(?:{_HW}|\d{{1,2}})(?=ish|\b)", words)
        if not found:
            return None
        last = found[-1]
        hour = _HOURS.get(last) or int(last)
        if "quarter to" in words:
            hour, minute = hour - 1, 45
        elif "quarter past" in words:
            minute = 15
        elif words.startswith("half"):
            minute = 30
        elif " to " in words or " past " in words:
            amount = re.match(r"(\w+?)(?:-five)?\s(?:minutes\s)?(?:to|past)", words)
            minutes = (
                _NUMBERS.get(amount[1], 0) if amount and not amount[1].isdigit() else int(amount[1]) if amount else 0
            )
            minutes += 5 if "-five" in words or "twenty five" in words else 0
            hour, minute = (hour - 1, 60 - minutes) if " to " in words else (hour, minutes)
    if (re.search(r"p\.?m", words) and hour < 12) or (
        not re.search(r"a\.?m", words) and 1 <= hour <= 6 and not words.startswith("0")
    ):
        hour += 12
    if not (0 <= hour < 24 and 0 <= minute < 60):
        return None
    return at.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _clock(
    match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    moment = _clock_moment(match.groupdict().get("clock") or match[0], at)
    # A bare clock time belongs to some day that only the sentence tells.
    return Grain.CLOCK, Direction.UNKNOWN, moment, moment


def _weekday_ahead(
    match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    words = match.groupdict()
    qualifier = (words.get("which") or "").lower()
    day = _next_weekday(at.date(), _weekday(words["day"]))
    if qualifier in ("last", "just gone"):
        return (
            Grain.DAY,
            Direction.PAST,
            *_whole_day(_next_weekday(at.date(), _weekday(words["day"])) - timedelta(days=7), at),
        )
    if qualifier == "next":
        day = day if day.isocalendar().week != at.isocalendar().week else day + timedelta(days=7)
        first, last = _whole_day(day, at)
        if until := words.get("until"):
            return Grain.DAYS, Direction.FUTURE, first, _whole_day(_next_weekday(day, _weekday(until)), at)[1]
        return Grain.DAY, Direction.FUTURE, first, last
    first, last = _whole_day(day, at)
    if until := words.get("until"):
        last = _whole_day(_next_weekday(day, _weekday(until)), at)[1]
        return Grain.DAYS, Direction.UNKNOWN, first, last
    if qualifier.startswith(("this", "the coming")):
        return Grain.DAY, Direction.TODAY if day == at.date() else Direction.UNKNOWN, first, last
    return Grain.DAY, Direction.UNKNOWN, first, last


def _date(
    match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None] | None:
    words = match.groupdict()
    month = _month(words["month"]) if words.get("month") else int(words["mm"]) if words.get("mm") else at.month
    number = int(re.sub(r"\D", "", words["dd"]))
    year = words.get("year")
    try:
        day = date((int(year) % 100 + 2000) if year else at.year, month, number)
        if not year:
            if not words.get("month") and not words.get("mm"):
                # "the 14th": the nearest one, of this month or the next.
                if day < at.date() - timedelta(days=14):
                    day = date(at.year + at.month // 12, at.month % 12 + 1, number)
            elif day < at.date() - timedelta(days=150):
                day = day.replace(year=at.year + 1)
            elif day > at.date() + timedelta(days=240):
                day = day.replace(year=at.year - 1)
        first, last = _whole_day(day, at)
        if words.get("until"):
            number = int(re.sub(r"\D", "", words["until"]))
            end = date(day.year, _month(words["month2"]) if words.get("month2") else day.month, number)
            if end > day:
                last = _whole_day(end, at)[1]
    except ValueError:
        return None
    if re.match(r"w|the\sweek", match[0], re.IGNORECASE) and not re.match(r"wed", match[0], re.IGNORECASE):
        last = first + timedelta(days=7) - timedelta(seconds=1)
        return Grain.WEEK, _compare(first, last, at), first, last
    return Grain.DAYS if last.date() > first.date() else Grain.DAY, _compare(first, last, at), first, last


def _spelled_number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.get(word.lower(), 1)


def _ahead(
    match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    number, unit = _spelled_number(match["number"]), match["unit"].lower()
    back = bool(match.groupdict().get("back"))
    if unit.startswith(("min", "h")):
        gap, grain = timedelta(minutes=number) if unit[0] == "m" else timedelta(hours=number), Grain.CLOCK
    elif unit.startswith(("day", "night", "sleep")):
        gap, grain = timedelta(days=number), Grain.DAY
    elif unit.startswith(("w", "fortnight")):
        gap, grain = timedelta(weeks=number * (2 if unit[0] == "f" else 1)), Grain.WEEK
    else:
        gap, grain = timedelta(days=30 * number if unit.startswith("month") else 90 * number), Grain.VAGUE
    if unit.startswith("sleep"):
        grain = Grain.DAY if number <= 1 else Grain.VAGUE
    moment = at - gap if back else at + gap
    return grain, Direction.PAST if back else Direction.FUTURE, moment, moment


def _part_today(
    match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    word = match[0].lower()
    hours = (
        (0, 12)
        if "morning" in word
        else (12, 18)
        if "aft" in word
        else (16, 24)
        if re.search("eve|night", word)
        else (0, 24)
    )
    first = at.replace(hour=hours[0], minute=0, second=0, microsecond=0)
    last = (
        at.replace(hour=23, minute=59, second=59, microsecond=0)
        if hours[1] == 24
        else at.replace(hour=hours[1], minute=0, second=0, microsecond=0)
    )
    direction = Direction.TODAY
    grain = Grain.DAY if hours == (0, 24) else Grain.PART_OF_DAY
    return grain, direction, first, last


def _tomorrow(
    match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    days = 2 if "after" in match[0].lower() else 1
    return (Grain.DAY, Direction.FUTURE, *_whole_day(at.date() + timedelta(days=days), at))


def _yesterday(
    _match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    return (Grain.DAY, Direction.PAST, *_whole_day(at.date() - timedelta(days=1), at))


def _month_ahead(
    match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    month = _month(match["month"])
    year = at.year + (1 if month < at.month - 3 else 0)
    first = datetime(year, month, 1, tzinfo=at.tzinfo)
    last = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=at.tzinfo) - timedelta(seconds=1)
    if re.match(r"last\b", match[0], re.I):
        return Grain.VAGUE, Direction.PAST, None, None
    return Grain.VAGUE, Direction.UNKNOWN if first <= at else Direction.FUTURE, first, last


def _feast(
    match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    name = re.sub(r"\s+", " ", match["feast"].lower()).replace("’", "'")
    if name in _FEASTS:
        month, number = _FEASTS[name]
        day = date(at.year, month, number)
    elif name in (
        "easter",
        "good friday",
        "palm sunday",
        "ash wednesday",
        "pancake day",
        "shrove tuesday",
        "whit friday",
        "ascension day",
    ):
        shift = {"easter": 0, "good friday": -2, "palm sunday": -7, "ash wednesday": -46, "pancake day": -47,
                 "shrove tuesday": -47, "whit friday": 54, "ascension day": 39}[name]  # fmt: skip
        day = easter(at.year) + timedelta(days=shift)
    else:
        return Grain.DAY, Direction.UNKNOWN, None, None
    if day < at.date() - timedelta(days=60):
        day = day.replace(year=at.year + 1)
    first, last = _whole_day(day, at)
    return Grain.DAY, Direction.UNKNOWN, first, last


def _term(
    match: re.Match[str], at: datetime, terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    ahead = [term for term in terms if term.ends >= at.date()]
    words = match[0].lower()
    if re.search(r"\blast\b(?! (?:week|day)s?)", words):
        return Grain.VAGUE, Direction.PAST, None, None
    if not ahead:
        return Grain.VAGUE, Direction.UNKNOWN, None, None
    now = min(ahead, key=lambda term: term.starts)
    if "last week of" in words or "last day of" in words or "end of" in words:
        days = 6 if "week" in words else 0
        ends = now.ends
        if "half" in words and now.half_term and now.half_term[0] > at.date():
            ends = now.half_term[0] - timedelta(days=1)
        first, _ = _whole_day(ends - timedelta(days=days), at)
        return Grain.WEEK if days else Grain.DAY, Direction.UNKNOWN, first, _whole_day(ends, at)[1]
    returns = [term.starts for term in ahead]
    returns += [term.half_term[1] + timedelta(days=1) for term in ahead if term.half_term]
    following = [day for day in returns if day > at.date()]
    if following and re.search(r"after|next|when we", words):
        first, _ = _whole_day(min(following), at)
        return Grain.VAGUE, Direction.FUTURE, first, None
    return Grain.VAGUE, Direction.UNKNOWN, None, None


_LEAD = (
    r"(?P<lead>(?:at|on|by|from|until|till?|til|before|after|about|around|approx\w*|roughly|circa|c\.|for|"
    r"in|since|straight|nearer|just|abt)\s+){0,3}"
)
_CLOCK_END = (
    r"(?=\s*(?:$|[.,:](?!\d)|[;!?)\]\n—–/&-]|[^\w\d]*$|[^\w\s.,:]|(?:on|sharp|prompt|ish|today|tomorrow|"
    r"tmrw|tonight|and|to|till?|til|until|in|with|from|at|this|next|o.clock|please|if|so|for|every|each|"
    r"start|kick|GMT|BST|o|(?i:mon|tue|wed|thu|fri|sat|sun)\w*|when|where|but|or|then|by|we|we'll|because|"
    r"back|latest|onwards)\b))"
)


Needs = frozenset[str]
"""First letters (three at most) of words of which a text must have one, or it can't match; "0" stands for a figure."""
_IF_FIGURE: Needs = frozenset("0")
_IF_DAY: Needs = frozenset(_DAYS)
_IF_MONTH: Needs = frozenset({*_MONTHS, *(month[:3] for month in _WELSH_MONTHS)})
_IF_UNIT: Needs = frozenset(
    {"min", "hou", "hrs", "hr", "day", "nig", "wee", "wks", "wk", "for", "mon", "yea", "sle", "ter"}
)
_WORD = re.compile(r"[^\W\d_]+")


def _heads(text: str) -> Needs:
    """What `text` has of that."""
    heads = {word[:3] for word in _WORD.findall(text.casefold())}
    return frozenset(heads | _IF_FIGURE if any(map(str.isdigit, text)) else heads)


@cache
def _grammar() -> tuple[tuple[re.Pattern[str], Reader, Needs | None], ...]:
    """Patterns with their readers, and what a text needs for a match; made at the first use."""
    now, future, past, habit = Direction.NOW, Direction.FUTURE, Direction.PAST, Direction.HABIT
    unknown = Direction.UNKNOWN
    feasts = "|".join(
        re.escape(name).replace("'", "['’]?").replace("\\ ", r"\s")
        for name in (*sorted(_FEASTS, key=len, reverse=True), *_MOVING_FEASTS)
    )
    table: list[tuple[str, Reader] | tuple[str, Reader, Needs]] = [
        # habits
        ((
            rf"\b(?:every|each)\s(?:(?:single|other|second|third)\s)?(?:{_D}|weekday|(?:school\s)?day|week|morning|"
            rf"afternoon|evening|night|lunch\w*|half.?term|term|month|fortnight)(?:\s(?:morning|afternoon|evening|"
            rf"lunch\w*))?(?:\s?(?:and|&|,)\s?{_D})?"
        ), _fixed(Grain.DAY, habit)),
        (rf"\b(?:on\s)?{_DAY}s(?:\s(?:and|&)\s{_DAY}s)?\b(?!['’])", _fixed(Grain.DAY, habit), _IF_DAY),
        (rf"\bon\sa\s{_DAY}(?:\s(?:morning|afternoon|evening))?\b", _fixed(Grain.DAY, habit), _IF_DAY),
        (rf"\b{_DAY}\s(?:mornings|afternoons|evenings|lunchtimes|nights)\b", _fixed(Grain.DAY, habit), _IF_DAY),
        ((
            r"\b(?:weekly|fortnightly|once\sa\s(?:week|fortnight|month)|twice\sa\s(?:week|term)|regular(?:ly)?|"
            r"week\sin,?\sweek\sout)\b"
        ), _fixed(Grain.VAGUE, habit)),
        (rf"\bfor\sthe\snext\s{_NUM}\sweeks\b", _fixed(Grain.DAYS, habit), _IF_UNIT),
        (r"\bdaily\b", _fixed(Grain.DAY, habit)),
        # now
        ((
            r"\b(?:right|just)\snow\b|\bnow\b|\bcurrently\b|\bat\s(?:the|this)\s(?:very\s)?moment\b|\bas\s(?:I|"
            r"we)\s(?:type|speak|write|tweet|post)\b|\bthis\s(?:very\s)?(?:minute|second|instant)\b|"
            r"\bin\sreal\stime\b|\ban-dr[aà]sta\b|\bar\shyn\so\sbryd\b"
        ), _fixed(Grain.CLOCK, now)),
        ((
            r"\b(?:only\s)?just\s(?:left|leaving|arrived|arriving|landed|landing|passed|passing|set\soff|"
            r"pulled\s\w+|boarded|boarding|departed|reached|crossed|checked\sin|off|got\s(?:to|here))\b"
        ), _fixed(Grain.CLOCK, now)),
        (r"(?<![\w-])live\s(?:from|at|on|update|thread|tweet\w*)\b|\blive\b(?=[,:!])", _fixed(Grain.CLOCK, now)),
        ((
            r"\b(?:have\s|has\s)?(?:all\s)?arrived\s(?:safe(?:ly)?|safe\sand\s(?:sound|well)|in\sone\spiece)\b|"
            r"\bstill\b(?=\s(?:at|here|with|in|on|waiting|sat|sitting|standing|stood|out|there))|\bas\sI\swrite\b|"
            r"\bmid-(?:air|climb|river)\b"
        ), _fixed(Grain.CLOCK, now)),
        (rf"\b(?:for\s)?(?:the\snext\s)?{_NUM}\snights?\b(?!\s(?:ago|running))", _fixed(Grain.DAYS, unknown), _IF_UNIT),
        (rf"\b(?:in|within)\sthe\snext\s(?:few\s|half\s)?(?:an\s)?{_UNIT}\b", _fixed(Grain.CLOCK, future), _IF_UNIT),
        ((
            rf"\b(?:only\s)?{_NUM}\smore\s(?:weekends?|sleeps?|days?|weeks?)\b|\b(?:\d+|two|three|four|five|six|"
            rf"seven|eight|nine|ten)\sdays!"
        ), _fixed(Grain.VAGUE, future), _IF_UNIT),
        # relative
        ((
            rf"\b(?:in|within)\s(?:about\s|around\s|just\s|only\s|roughly\s|under\s|less\sthan\s|"
            rf"a\s)?(?P<number>{_NUM})(?:\san)?(?:\sof)?\s?(?P<unit>{_UNIT})(?:['’]?\stime)?\b"
        ), _ahead, _IF_UNIT),
        ((
            rf"\b(?P<number>{_NUM})\s(?:more\s)?(?P<unit>sleeps?|days?|weeks?|hours?|nights?|mins?|"
            rf"minutes?)\s(?:to\sgo|until|till|away|from\snow|left|today|to\b)"
        ), _ahead, _IF_UNIT),
        (rf"\b(?:only\s)?(?P<number>{_NUM})[.\s]+(?:more[.\s]+)?(?P<unit>sleeps?)\b", _ahead, _IF_UNIT),
        ((
            rf"\b(?P<number>{_NUM})\s(?P<unit>days?|weeks?|months?|years?|hours?|minutes?|mins?)\s(?P<back>ago|"
            rf"back|earlier)\b"
        ), _ahead, _IF_UNIT),
        (rf"\b(?:a|one)\sweek\s(?:on\s)?(?:today|tomorrow|{_DAY})\b", _fixed(Grain.DAY, future)),
        (rf"\b(?:today|tomorrow|{_DAY})\sweek\b", _fixed(Grain.DAY, future)),
        (r"\bthis\stime\s(?:tomorrow|next\sweek)\b", _fixed(Grain.DAY, future)),
        ((
            rf"\b(?:about\s|roughly\s|approx\w*\s|another\s)?{_NUM}\s?(?:min(?:ute)?s?|hours?)\s(?:late\w*|behind|"
            rf"delayed|away|out|early|earlier)\b"
        ), _fixed(Grain.CLOCK, now), _IF_UNIT),
        (
            rf"\b{_NUM}\slate\b|\brunning\slate\b|\b(?:half|quarter\sof)\san\shour\s(?:late\w*|earlier|behind)\b",
            _fixed(Grain.CLOCK, now),
        ),
        # days near by
        ((
            r"\bthis\s(?:morning|afternoon|aft|evening|eve|lunch\w*|breakfast)\b|\btonight\b|\btoday(?:['’]?s)?\b|"
            r"\bheddiw\b|\binniu\b|\blater\stoday\b"
        ), _part_today),
        ((
            r"\b(?:the\s)?day\safter\stomorrow\b|\b(?:tomorrow|tomoz|tomozz?|tmrw|tmw|tomoro\w*|yfory|"
            r"am[aá]rach)(?:['’]?s)?\b(?:\s(?:morning|afternoon|evening|night|lunch\w*))?|\bthe\smorn\b"
        ), _tomorrow),
        (r"\bthe\s(?:next|following)\s(?:day|morning)\b|\bthe\s(?:morning|day)\safter\b", _fixed(Grain.DAY, future)),
        (
            r"\byesterday\b(?!['’]s)(?:\s(?:morning|afternoon|evening))?|\blast\s(?:night|evening)\b|\bddoe\b",
            _yesterday,
        ),
        ((
            r"\blast\s(?:week|month|term|year|weekend|half.?term|summer|autumn|winter|spring|season|session|"
            r"time)(?:['’]s)?\b(?!\sof)"
        ), _fixed(Grain.WEEK, past)),
        ((
            rf"\b(?:earlier|once|recently|back\sin\s{_M}|in\s(?:1\d|20)\d\d|earlier\sthis\s(?:week|month|year|"
            rf"term))\b"
        ), _fixed(Grain.VAGUE, past)),
        (r"\bnext\s(?:week|wk)(?:end)?\b(?!['’]s)|\bwythnos\snesa\b", _fixed(Grain.WEEK, future)),
        ((
            r"\bthis\s(?:coming\s)?(?:week|weekend)\b|\bat\sthe\sweekend\b|\ball\s(?:this\s)?week\b|"
            r"\bat\sweekend\b"
        ), _fixed(Grain.WEEK, unknown)),
        (r"\bnext\s(?:month|term|year|half.?term|summer|autumn|winter|spring|season)\b", _fixed(Grain.VAGUE, future)),
        ((
            r"\blater\s(?:this|in\sthe)\s(?:week|month|term|year|summer)\b|\bbefore\sthe\ssummer['’]?s\sout\b|"
            r"\b(?:very\s)?soon\b|\bbefore\swe\sknow\sit\b|\bnot\slong\s(?:now|to\sgo)\b|\bwon['’]t\sbe\slong\b|"
            r"\bany\sday\snow\b|\bsome\stime\b|\bdrawing\snear\b|\bgetting\s(?:closer|nearer)\b|\bcountdown\b"
        ), _fixed(Grain.VAGUE, future)),
        # dates
        ((
            rf"\b(?:w/?[ce]|wc|w/b|week\s(?:of|commencing|beginning)|"
            rf"the\sweek\sof)\s?(?P<dd>{_DD})(?:\s(?:of\s)?(?P<month>{_M}))?"
        ), _date, _IF_FIGURE),
        ((
            rf"\b(?:{_D}\s?,?\s?(?:the\s)?)?(?P<dd>{_DD})(?:\s(?P<month1>{_M}))?(?:{_DASH})(?:{_D}\s?,?\s?(?:the\s)"
            rf"?)?(?P<until>{_DD})\s(?:of\s)?(?P<month>{_M})(?:\s(?P<year>20\d\d))?"
        ), _date, _IF_FIGURE),
        ((
            rf"\b(?:{_D}\s?,?\s?(?:the\s)?)?(?P<dd>{_DD})\s?(?:of\s)?(?P<month>{_M})(?:\s?,?\s?(?P<year>20\d\d))?\b"
            rf"(?:{_DASH}(?:{_D}\s?,?\s?)?(?P<until>{_DD})(?:\s(?P<month2>{_M}))?(?![\d.:]))?"
        ), _date, _IF_FIGURE),
        ((
            rf"\b(?P<month>{_M})\s(?:the\s)?(?P<dd>(?:[12]?\d|"
            rf"3[01])(?:{_ORD})?)(?:,?\s(?P<year>20\d\d))?\b(?![.:]\d)"
        ), _date, _IF_FIGURE),
        (
            rf"\b{_D}\s?,?\s?(?:the\s)?(?P<dd>(?:[12]?\d|3[01]){_ORD})\b(?:{_DASH}(?:{_D}\s?)?(?P<until>{_DD})\b)?",
            _date, _IF_FIGURE),
        ((
            rf"\b(?:the\s)(?P<dd>(?:[12]?\d|3[01]){_ORD})\b(?!\s(?:[a-z]{{4,}}|"
            rf"{_DAY}s?\b))(?:{_DASH}(?:the\s)?(?P<until>{_DD})\b)?"
        ), _date, _IF_FIGURE),
        ((
            r"(?<![\d/.])(?P<dd>[0-3]?\d)/(?P<mm>0?[1-9]|1[0-2])(?:/(?P<year>(?:20)?\d\d))?(?![\d/])(?=\s|$|"
            r"[,;)])(?<!\d/\d)"
        ), _date, _IF_FIGURE),
        # weekdays
        (
            rf"\b(?P<which>last)\s(?P<day>{_D})(?:\s(?:morning|afternoon|evening|night|lunch\w*))?",
            _weekday_ahead, _IF_DAY,
        ),
        ((
            rf"\b(?P<which>next)\s(?P<day>{_D})(?:\s?(?:-|–|—|to|till?|until|and|"
            rf"&)\s?(?P<until>{_D}))?(?:\s(?:morning|afternoon|evening|night|lunch\w*))?"
        ), _weekday_ahead, _IF_DAY),
        ((
            rf"\b(?:(?:until|till|from|by|before|after)\s)?(?:(?P<which>this\scoming|this|"
            rf"the\scoming)\s)?(?P<day>{_D})(?:\s?(?:-|–|—|to|till?|until|and|&|/|"
            rf",)\s?(?P<until>{_D}))?(?:\s(?:morning|afternoon|aft|evening|eve|night|lunch\w*)\b)?"
        ), _weekday_ahead, _IF_DAY),
        (rf"\b(?:dydd|nos|bore)\s(?:{'|'.join(_WELSH_DAYS)})\b", _fixed(Grain.DAY, unknown)),
        # months, terms, feasts
        ((
            rf"\b(?:in|during|by|early|late|mid|end\sof|next|last|the\send\sof|the\sfirst\sweek\sof|beginning\sof|"
            rf"throughout)[\s-]+(?:early\s|late\s|mid-?\s?)?(?P<month>{_M})(?!\s\d)"
        ), _month_ahead, _IF_MONTH),
        ((
            r"\b(?:after|before|over|during|this|last|next|at|in|for|early|late)\s(?:the\s)?(?:early\s|"
            r"late\s)?(?:summer|autumn|spring|winter|easter|christmas|may|october|february|"
            r"whitsun)?\s?(?:half.?term|term|holidays?|break|summer|autumn|spring)\b|\b(?:the\s)?(?:last|first|"
            r"final)\s(?:week|day)\sof\s(?:the\s)?(?:\w+\s)?term\b|\bend\sof\s(?:the\s)?(?:term|year|"
            r"half.?term)\b|\bwhen\swe\s(?:come|get)\sback\b"
        ), _term),
        ((
            rf"\b(?:after|before|over|at|on|this|by|for)?\s?(?P<feast>{feasts})\b(?!\s(?:trees?|jumpers?|dinner|"
            rf"lunch|fayre|fair|party|play|songs?|concert|carols?|cards?|market|eggs?|bonnets?|service|assembl\w+|"
            rf"story|lights))"
        ), _feast),
        # parts of a school day
        ((
            rf"\b(?:after|before|until|till?|til|by|straight\safter|at|for|from|just\safter|"
            rf"right\safter)\s{_SCHOOL_POINT}\b|\b(?:straight\s|right\s|just\s)?(?:after|before|until)\sschool\b"
        ), _fixed(Grain.PART_OF_DAY, unknown)),
        ((
            r"\bfirst\sthing\b|\ball\sday\b|\ball\s(?:morning|afternoon)\b|\bhome\s?time\b|\bat\s(?:dawn|dusk|"
            r"sunrise|sunset)\b|\b(?:mid|early|late)[\s-](?:morning|afternoon)\b|\bin\sthe\s(?:morning|afternoon|"
            r"evening)\b|\bsecond\slesson\b|\bovernight\b"
        ), _fixed(Grain.PART_OF_DAY, unknown)),
        ((
            r"\bday\s(?:one|two|three|four|five|\d)\b|\bnight\s(?:one|two|three|four|\d)\b|\bfirst\snight\b|"
            r"\blast\snight\sof\b"
        ), _fixed(Grain.DAY, unknown)),
        # clock
        ((
            rf"(?<![\d.£€$:/#v-])(?P<clock>{_FIGURES})(?:{_MERIDIEM})?(?!\d|[.:]\d|"
            rf"/){_NOT_TIME_AFTER}(?:{_DASH}(?:{_FIGURES}|\d{{1,2}})(?:{_MERIDIEM})?(?![\d/]))?"
        ), _clock, _IF_FIGURE),
        (
            rf"(?<![\d.£€$:/#])\b(?P<clock>\d{{1,2}}{_MERIDIEM})(?:{_DASH}\d{{1,2}}(?:[.:]\d\d)?{_MERIDIEM}?)?",
            _clock, _IF_FIGURE,
        ),
        (
            rf"(?<![\d.£€$:/#])\b\d{{1,2}}{_DASH}(?P<clock>{_FIGURES}|\d{{1,2}}{_MERIDIEM})(?:{_MERIDIEM})?(?!\d)",
            _clock, _IF_FIGURE),
        ((
            rf"\b(?P<clock>(?:half|quarter|five|ten|twenty|twenty[\s-]five|\d{{1,2}}|\w+\sminutes)\s(?:past|to|"
            rf"before)\s(?:{_HW}|1[0-2]|[1-9])(?:ish)?)\b(?!\d|\.\d)"
        ), _clock),
        (rf"\b(?P<clock>half[\s-](?:{_HW}|1[0-2]|[1-9]))\b(?!\s(?:hundred|of|metres|hours?))", _clock),
        (rf"\b(?P<clock>(?:{_HW})[\s-](?:fifteen|thirty|forty[\s-]five|oh[\s-]five|twenty))\b", _clock),
        (rf"\b(?P<clock>(?:{_HW}|1[0-2]|[1-9])(?:[.:]\d\d)?[\s-]?ish)\b", _clock),
        (rf"\b(?P<clock>(?:{_HW}|1[0-2]|[1-9])\so['’]?\s?clock)\b", _clock),
        (r"\b(?P<clock>(?:12\s)?(?:noon|midday|midnight))\b", _clock),
        (rf"\b(?:half|quarter)\s(?:past|to)\b(?!\s(?:{_HW}|\d))", _fixed(Grain.CLOCK, unknown)),
        ((
            rf"\b(?:at|by|from|until|till|til|before|after|about|around|approx|roughly|circa|nearer|for|between|"
            rf"leave(?:s|ing)?|start(?:s|ing)?|finish(?:es|ing)?|opens?|meet|doors)\s(?:about\s|around\s|roughly\s|"
            rf"nearer\s|just\safter\s|just\sbefore\s)?(?P<clock>{_HW}|1[0-2]|[1-9])(?:{_DASH}(?:half\s)?(?:{_HW}|"
            rf"1[0-2]|[1-9])(?:[.:][0-5]\d)?)?{_CLOCK_END}"
        ), _clock),
        ((
            rf"(?<=\b)(?P<clock>1[0-2]|[1-9]){_DASH}(?:1[0-2]|[1-9])(?=\s(?:daily|every|each|{_D}|today|tomorrow|"
            rf"on\s(?:{_D}|the)))"
        ), _clock),
    ]  # fmt: skip
    return tuple((re.compile(row[0], re.IGNORECASE), row[1], row[2] if len(row) > 2 else None) for row in table)


# A range like "9-3" or "4-5" is a score unless a day stands before it.
_AFTER_DAY = re.compile(
    (
        rf"(?:{_D}|{_DAY}s|today|tomorrow|tmrw|tonight|june|july|week)\s?,?\s(?:at\s|"
        rf"from\s)?(?P<clock>(?:1[0-2]|[1-9])(?:{_DASH}(?:1[0-2]|[1-9])(?:[.:]\d\d)?)?){_CLOCK_END}"
    ),
    re.IGNORECASE,
)
_NOT_TIMES = re.compile(
    r"""(?:\b(?:years?|yrs?|y|class(?:es)?|group|team|page|pages|room|level|key\sstage|ks|p|s|no\.?|number|pitch|court|gate|platform|row|unit
        |week|lesson|chapter|stage|round|heat|lane|bus|route|track|clue|part|primary|blwyddyn|form|set|junction|zone|table|day|size|phase|grade)
        s?\s?\#?\d+(?![\d.:]*[.:][0-5]\d\b)(?:[a-z]|\.\d+)?(?:\s?(?:[-–/,&+]|and|to)\s?\#?\d+(?![.:]\d)[a-z]?)*\b
        |\bu(?:nder)?[\s-]?\d+s?\b|[£€$]\s?\d[\d,.]*\b|\b\d+[a-z](?!m)\b(?!\s?m)|\b\d+[-–]\d+\s(?:win|loss|defeat|victory|draw|up|down|winners|at\sthe\sbreak)
        |\b(?:won|lost|drew|beat\w*|beaten|score\w*|wins?)\s(?:\w+\s){0,3}\d+[-–]\d+|\b\d+[-–]\d+\s\d+[-–]\d+\b|(?:\+44|\b0)\d[\d\s]{7,}\d|\b\d+(?:\.\d+)?\s?(?:%|km|kg|miles?|metres?|degrees?)
        |\b1?\d\sout\sof\s\d+)""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
# "the Coop, day 3" is a day of a journey and so a time; a "day" in the pattern above must not hide it.
_KEEP = re.compile(r"\bday\s?(?:\d|one|two|three|four|five)\b", re.IGNORECASE)


def _candidates(text: str, at: datetime, terms: Sequence[TermDates]) -> Iterator[TimeMention]:
    heads = _heads(text)
    for pattern, reader, needs in _grammar():
        if needs is not None and needs.isdisjoint(heads):
            continue
        for match in pattern.finditer(text):
            reading = reader(match, at, terms)
            if reading is not None:
                start, end, lead = _trimmed(text, match.start(), match.end())
                yield TimeMention(start, end, lead, *reading)
    for match in _AFTER_DAY.finditer(text) if "0" in heads else ():
        start, end = match.span("clock")
        moment = _clock_moment(match["clock"], at)
        yield TimeMention(start, end, start, Grain.CLOCK, Direction.UNKNOWN, moment, moment)


_PREPOSITION = re.compile(
    r"(?:at|on|in|by|for|from|until|till?|til|before|after|about|around|roughly)\s+", re.IGNORECASE
)
_TAKEN_IN = re.compile(
    r"(?:at|on|leaves?|leaving|starts?|starting|finish(?:es|ing)?|opens?|meet|doors|between)\s+", re.IGNORECASE
)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int, int]:
    lead = start
    while text[start:end] and text[start].isspace():
        start += 1
        lead = start
    # The conventions leave "at" and "on" outside the span but keep "by", "until", "after", "in".
    if match := _TAKEN_IN.match(text, start, end):
        start = match.end()
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;-–"):
        end -= 1
    return start, end, lead


def find_times(text: str, at: datetime, terms: Sequence[TermDates] = ()) -> tuple[TimeMention, ...]:
    """Every expression of time in `text`, in order and without overlap, resolved at `at` (aware, the school's zone).

    Raises ValueError if `at` is naive: a time of publishing without a zone cannot be compared.
    """
    if at.tzinfo is None:
        raise ValueError("the time of publishing must be aware")
    barred = []
    if any(map(str.isdigit, text)):
        barred = [match.span() for match in _NOT_TIMES.finditer(text) if not _KEEP.match(match[0])]
    found = sorted(_candidates(text, at, terms), key=lambda mention: (mention.start, -mention.end, mention.grain))
    kept: list[TimeMention] = []
    for mention in found:
        if any(start <= mention.start and mention.end <= end for start, end in barred):
            continue
        if kept and mention.start < kept[-1].end:
            if mention.end > kept[-1].end and mention.start == kept[-1].start:
                kept[-1] = mention
            continue
        kept.append(mention)
    return tuple(_with_day(kept, text, at))


def _with_day(mentions: Sequence[TimeMention], text: str, at: datetime) -> Iterator[TimeMention]:
    """Give a clock time the day that stands beside it ("8.15 on Thursday", "tomorrow at 9")."""
    for index, mention in enumerate(mentions):
        dated = mention
        if mention.grain is Grain.CLOCK and mention.direction is Direction.UNKNOWN and mention.first is not None:
            for other in (*mentions[max(0, index - 1) : index], *mentions[index + 1 : index + 2]):
                gap = text[min(mention.end, other.end) : max(mention.start, other.start)]
                if (
                    other.first is None
                    or other.grain not in (Grain.DAY, Grain.PART_OF_DAY)
                    or len(gap) > 12
                    or re.search(r"[.!?\n]", gap)
                ):
                    continue
                day = other.first.date()
                moment = mention.first.replace(year=day.year, month=day.month, day=day.day)
                if moment.hour < 12 <= other.first.hour:  # "half eight tonight"
                    moment += timedelta(hours=12)
                direction = other.direction
                if direction is Direction.TODAY:
                    direction = Direction.FUTURE if moment > at else Direction.PAST
                dated = replace(mention, direction=direction, first=moment, last=moment)
                break
        yield dated
