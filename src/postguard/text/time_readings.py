"""What moments the words of a match mean: one reader for each kind of expression, and the reckoning with days.

A reader takes the match, the moment of publishing and the school's terms, and gives grain, direction, and the first and
last moment, where they can be told; None where the match is no time after all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from postguard.text.time_mention import Direction, Grain, TermDates

HOURS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
NUMBERS = HOURS | {
    "a": 1, "an": 1, "half": 1, "couple": 2, "few": 3, "several": 4, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50,
}  # fmt: skip
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WELSH_DAYS = {"llun": 0, "mawrth": 1, "mercher": 2, "iau": 3, "gwener": 4, "sadwrn": 5, "sul": 6}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WELSH_MONTHS = {
    "ionawr": 1, "chwefror": 2, "mawrth": 3, "ebrill": 4, "mai": 5, "mehefin": 6, "gorffennaf": 7, "awst": 8, "medi": 9,
    "hydref": 10, "tachwedd": 11, "rhagfyr": 12,
}  # fmt: skip
FEASTS = {
    "christmas": (12, 25), "xmas": (12, 25), "christmas eve": (12, 24), "boxing day": (12, 26), "new year": (1, 1),
    "halloween": (10, 31), "bonfire night": (11, 5), "guy fawkes night": (11, 5), "remembrance sunday": (11, 11),
    "remembrance day": (11, 11), "armistice day": (11, 11), "burns night": (1, 25), "st david's day": (3, 1),
    "st patrick's day": (3, 17), "st george's day": (4, 23), "st andrew's day": (11, 30), "may day": (5, 1),
    "may morning": (5, 1),
}  # fmt: skip
MOVING_FEASTS = (
    "easter", "good friday", "palm sunday", "ash wednesday", "pancake day", "shrove tuesday", "whit friday",
    "ascension day",
    "mother's day", "mothering sunday", "father's day", "eid", "diwali", "world book day",
)  # fmt: skip

# "sat", "sun", "wed" and "mon" are words too: short forms of those need a capital.
HOUR_WORDS = rf"(?:{'|'.join(HOURS)})"


def _next_weekday(day: date, weekday: int, *, strictly: bool = False) -> date:
    ahead = (weekday - day.weekday()) % 7
    return day + timedelta(days=ahead or (7 if strictly else 0))


def _weekday(word: str) -> int:
    return DAYS.index(word.lower()[:3])


def _month(word: str) -> int:
    low = word.lower()
    return WELSH_MONTHS.get(low) or MONTHS.index(low[:3]) + 1


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


def fixed(grain: Grain, direction: Direction) -> Reader:
    return lambda _match, _at, _terms: (grain, direction, None, None)


def clock_moment(text: str, at: datetime) -> datetime | None:
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
        found = re.findall(rf"\b(?:{HOUR_WORDS}|\d{{1,2}})(?=ish|\b)", words)
        if not found:
            return None
        last = found[-1]
        hour = HOURS.get(last) or int(last)
        if "quarter to" in words:
            hour, minute = hour - 1, 45
        elif "quarter past" in words:
            minute = 15
        elif words.startswith("half"):
            minute = 30
        elif " to " in words or " past " in words:
            amount = re.match(r"(\w+?)(?:-five)?\s(?:minutes\s)?(?:to|past)", words)
            minutes = (
                NUMBERS.get(amount[1], 0) if amount and not amount[1].isdigit() else int(amount[1]) if amount else 0
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


def read_clock(
    match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    moment = clock_moment(match.groupdict().get("clock") or match[0], at)
    # A bare clock time belongs to some day that only the sentence tells.
    return Grain.CLOCK, Direction.UNKNOWN, moment, moment


def read_weekday(
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


def read_date(
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
    return int(word) if word.isdigit() else NUMBERS.get(word.lower(), 1)


def read_ahead(
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


def read_today(
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


def read_tomorrow(
    match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    days = 2 if "after" in match[0].lower() else 1
    return (Grain.DAY, Direction.FUTURE, *_whole_day(at.date() + timedelta(days=days), at))


def read_yesterday(
    _match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    return (Grain.DAY, Direction.PAST, *_whole_day(at.date() - timedelta(days=1), at))


def read_month(
    match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    month = _month(match["month"])
    year = at.year + (1 if month < at.month - 3 else 0)
    first = datetime(year, month, 1, tzinfo=at.tzinfo)
    last = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=at.tzinfo) - timedelta(seconds=1)
    if re.match(r"last\b", match[0], re.I):
        return Grain.VAGUE, Direction.PAST, None, None
    return Grain.VAGUE, Direction.UNKNOWN if first <= at else Direction.FUTURE, first, last


def read_feast(
    match: re.Match[str], at: datetime, _terms: Sequence[TermDates]
) -> tuple[Grain, Direction, datetime | None, datetime | None]:
    name = re.sub(r"\s+", " ", match["feast"].lower()).replace("’", "'")
    if name in FEASTS:
        month, number = FEASTS[name]
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


def read_term(
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
