"""What a post tells a stranger about where children are or will be: who, where, when, and what that amounts to.

`judge` joins the times, places and verbs of a text into `Reading`s, one for each thing told. It knows no rule, no audience
and no policy: a reading says "a group is at a named place now", and what follows from that is for others to say. Spans found
by a model may be handed in as hints: they add places and times that grammar can't see, and confirm what it only suspects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from postguard.text.places import PlaceKind, PlaceMention, find_places
from postguard.text.tense import Tense, Verb, sentences, tense_at, verbs
from postguard.text.times import Direction, Grain, TermDates, TimeMention, find_times


class Situation(Enum):
    """What a post tells about whereabouts, gravest first."""

    ONE_CHILD = "one child's whereabouts"
    EXACT = "an exact place, now or to come"
    LODGING = "where they sleep, and when"
    THERE_NOW = "at or on the way to a place, now"
    THERE_THEN = "at a place at a time to come"
    ROUTINE = "regularly at a place, with day or time"
    RETURN_TIME = "back or collected at a time"
    WITH_FAMILIES = "off site at a time, with their families"
    ROUTINE_WEEKLY = "regularly at a place, no day told"
    VAGUE_THEN = "at a place, some time to come"
    WIDE = "in a region or country, with dates"
    DATES_AWAY = "away on certain dates, no place told"
    ARRIVED = "arrived at a place, no lodging told"
    AWAY_NOW = "away now, no place told"
    DEPARTURE_TIME = "leaving or out at a time, no place told"
    WAS_THERE = "were at a place, told as past"


class Who(Enum):
    """Whom a post speaks of."""

    ONE_CHILD = "one child"
    GROUP = "a class, year, team or party"
    IMPLIED = "nobody named, so the children"
    WITH_FAMILIES = "children with their families"
    ADULTS = "adults"
    NOBODY = "nobody from the school"


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a post tells. `place` and `times` are its evidence; `sure` is False where only a hint would settle it.

    `span` is the sentence it stands in.
    """

    situation: Situation
    who: Who
    span: tuple[int, int]
    place: PlaceMention | None = None
    times: tuple[TimeMention, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Hints:
    """What a model told about the text, as spans in code points; every part may be empty."""

    where: tuple[tuple[int, int, float], ...] = ()
    when: tuple[tuple[int, int, float], ...] = ()
    people: tuple[tuple[int, int], ...] = ()
    pupils: tuple[tuple[int, int], ...] = ()
    tags: Mapping[int, str] = field(default_factory=dict)


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_CHILDREN = _words(
    r"\b(?:years?|yrs?|y|p|s|primary|class(?:es)?|blwyddyn|blynyddoedd|dosbarth|bl|rang|clas|form)[\s-]?\d{1,2}(?:[a-z]|s)?\b",
    r"\b\d{1,2}[A-Z]{1,2}\b|\bks\d\b|\bu(?:nder)?[\s-]?\d{1,2}s?\b|\beyfs\b",
    r"\b(?:child(?:ren)?|pupils?|students?|kids?|bairns?|weans?|infants?|juniors?|seniors?|boys|girls|lads|lasses|sixth\sform(?:ers)?|little\sones|youngsters|boarders|nursery|reception|learners|little\w*)\b",
    r"\b(?:choir|orchestra|band|squad|team|netballers?|footballers?|dancers|singers|musicians|geographers|historians|scientists|actors|cast|swimmers|runners|walkers|explorers|campers|skiers|cubs|eco\s\w+|council|committee|club|cyclists|debaters|ambassadors|prefects|leavers|ensemble|carollers|crew|gang|group|groups|party)\b",
    r"\bwe\b|\bwe['’]|\bour\b|\bus\b|\bthey\b|\bthey['’]|\bdofe\b|\bevery(?:one|body)\b|\bthe\s\w+s\sclass\b",
)
_ADULTS = _words(
    r"\b(?:staff|teachers?|governors?|pta|ptfa|ptsa|friends\sof|parents?|adults?|grown-?ups?)\b[^.!?\n]{0,40}\bonly\b",
    r"\bthe\sstaff\sare\b|\bsupper\sfor\sgrown-?ups\b|\bgrown[\s-]?ups['’]?\s(?:disco|night|only)\b|\bjobs!|\bclosing\sdate\b",
    r"\b(?:adults?|grown-?ups?|parents|staff|over[\s-]18s?)\sonly\b|\bover[\s-]18s\b|\bno\schildren\b|\b(?:former|past)\spupils?\b|\breunion\b|\btoddler\sgroup\b|\bstaff\s(?:social|night|training|do|party|inset)\b",
    r"\bp(?:ta|tfa|tsa)\b[^.!?\n]{0,40}\b(?:quiz|curry|night\sout|agm|meeting|social|committee|race\snight|bingo)\b|\bparents['’]?\s(?:evening|forum|coffee|meeting|night|information)\b|\bcoffee\smorning\b|\bvacanc\w+|\bwe['’]re\shiring\b|\bgovernors?['’]?\s(?:meeting|evening)\b|\bmums\sand\sdads['’]?\s\w*\s?(?:night|quiz)|\bfor\s(?:parents|grown-?ups|adults)\b(?![^.!?\n]*\bchildren\b)",
)
_FAMILIES = _words(
    r"\b(?:famil(?:y|ies)|parents|mums|dads|carers|grannies|grans|grandparents|grandads|supporters|spectators|visitors|neighbours|everyone|everybody|all)\b[^.!?\n]{0,50}\b(?:welcome|invited)\b",
    r"\b(?:welcome|invite[ds]?|inviting)\b[^.!?\n]{0,50}\b(?:famil(?:y|ies)|parents|mums|dads|carers|everyone|you\sall|grandparents|supporters|all)\b",
    r"\bwith\s(?:their|your)\s(?:own\s)?(?:famil(?:y|ies)|parents|mums|grown-?ups|dads)\b|\bopen\sto\s(?:all|families|everyone|the\spublic)\b|\bsit\swith\s(?:your|their)\b|\bfamilies\s(?:can|are|of|to|please|from|seated|will)\b|\bsee\syou\s(?:all\s)?there\b|\bjoin\sus\b|\bchildren\sand\stheir\sfamilies\b|\bkids\scome\salong\swith\syou\b|\bticket(?:s)?\b[^.!?\n]{0,40}\b(?:office|family|parentpay|per|£)\b|\ball\swelcome\b|\beveryone\s?welcome\b|\bparents\s(?:and\scarers\s)?(?:come|please\s(?:come|be|sit|stand)|seated)\b|\bcollection\sfor\b|\bdo\s(?:stay|join)\b|\bfamilies,\splease\b|\bpews\b",
)
_NO_FAMILIES = _words(
    r"\bno\s(?:parents?|famil(?:y|ies)|spectators|audience|grown-?ups|adults|room\sfor)\b|\b(?:parents|families)\s(?:are\s)?not\s(?:allowed|invited|needed|able)\b|\bstaff\s(?:only|accompany|escort|will|taxis)\b|\bnot\sopen\sto\b|\bchildren['’]s\sservice\b|\b(?:players|pupils)\sonly\b|\bp\d\sonly\b|\bno\sroom\b|\bwith\sstaff\b",
)
_RESULT = _words(
    r"\b(?:well\sdone|congrat\w+|proud\sof|results?|champions|winners?|runners?-up|medals?|medallists?|gold|bronze|silver\smedal|final\sscore|full\stime|what\sa\s(?:day|night|time|morning|week|trip|visit|game|performance|result)|thank(?:s|\syou)\s(?:so\smuch\s)?(?:to|for|everyone|all)|(?:1st|2nd|3rd|[4-9]th)\s(?:place|out|in|overall)|shout[\s-]?out|won|beat|haul|report\sfrom|log\sfrom|notes\sfrom|diary\sof|in\snumbers|the\sreview|highlights?)\b",
)
_DELAY = _words(r"\b(?:delay\w*|held\sup|held\sat|stuck|behind|accident|roadworks|traffic|crawling|queue\w*|closed|diver\w+|late|past\sthe|junction|broken\sdown|jam)\b")
_PUZZLE = _words(
    r"\b(?:mph|km/h|average\sspeed|maths\s(?:problem|puzzle|starter|question|week)|word\sproblem|how\smany\sstops|puzzle\sthis\sweek|sunday\squiz|reading\slist|write\sthe\sscene|homework)\b",
)
_CANCELLED = _words(
    r"\b(?:cancel\w+|called\soff|not\sgoing\sahead|won['’]t\sbe\s(?:going|running|happening)|no\slonger\s(?:going|running|happening)|postponed|is\soff[,.!]|had\sto\spull\sout|rained\soff|abandoned)\b",
)
_MOVED = _words(r"\binstead\b|\bmoved\b|\bnew\sdate\b|\bput\sback\b|\bre-?scheduled\b|\bre-?arranged\b|\bnow\s(?:on|at)\b|\bwill\snow\b")
_ABROAD_OF_LIFE = _words(
    r"\b(?:virtual(?:ly)?|online|webinar|zoom|on\steams|video\s(?:call|link)|via\slink|live\slink|stream(?:ed|ing)|on\s(?:the\s)?(?:telly|tv|iplayer|itv|bbc)|radio|podcast|episode|recorded|repeat\sof)\b",
    r"\b(?:pretend\w*|imagin\w+|role[\s-]play\w*|make[\s-]believe|fiction\w*|story|stories|storytime|novel|poems?|diary\sentr\w+|diaries|character|fairy\s?tale|legend|play\sscript|once\supon)\b",
    r"\b(?:topic|homework|puzzle|maths\s(?:problem|question|week|challenge)|word\sproblem|how\s(?:many|long|far|fast)\b[^.!\n]*\?|learn(?:ing|t|ed|s)?\s(?:all\s)?(?:about|that|how|why)|stud(?:y|ying|ied)|reading\sabout|writing\sabout|researching|find(?:ing)?\sout\sabout|lesson\son|curriculum|textbook|in\s(?:history|geography|re|english|maths|science|art|french|music|humanities)\b|assembly\sabout|quiz\squestion|model\sof|made\sof\s(?:chairs|boxes))\b",
    r"\b(?:1[0-9]\d\d|20[01]\d)\b|\b(?:world\swar|evacuees?|victorians?|romans?|tudors?|vikings?|saxons?|explorers?\slike|titanic|shackleton|scott|amundsen|armstrong)\b",
    r"\b(?:years\sago|on\sthis\sday|log\sbook|archive)\b",
)
_VISITORS = _words(
    r"\b(?:came|come|comes|coming|popped|pops|drops?|dropped|dropping)\s(?:in|to\s(?:us|school|see\sus|visit|talk|our)|into\s(?:school|class|our|assembly)|all\sthe\sway)\b",
    r"\bvisit(?:ed|ing|s)?\s(?:us|our\s(?:school|class|assembly|hall|classrooms?)|school|from|by)\b|\bwelcom(?:e|ed|ing)\s(?!back)[^.!?\n]{0,60}\bfrom\b|\bjoined\sus\b|\b(?:visitor|speaker|guest|author|poet)s?\b|\bbrought\sin\b|\bin\sschool\stoday\b|\btalk\sfrom\b|\bthank(?:s|\syou)?\b[^.!?\n]{0,80}\bfor\s(?:coming|visiting|the\s(?:loan|donation|use))\b",
)
_THIRD_PARTY = _words(
    r"\bnot\s(?:organised|run)\sby\sus\b|\b(?:book|sign\sup|register)\b[^.!?\n]{0,30}\b(?:with\sthem|not\sus)\b|\band\snot\sus\b|\bnot\sa\sschool\strip\b|\bfree\s(?:for|to)\s(?:all|under)\b|\bfancy\sa\b|\bworth\sa\slook\b|\bnothing\sto\sdo\swith\s(?:school|us)\b|\b(?:leaflets?|posters?|flyers?)\s(?:in|from|attached|below)\b|\bfamily\s(?:day\sout|pass|picnic)\b|\bjust\ssharing\b|\bcommunity\snotice\b|\b(?:local|library|council|museum)\s(?:event|news)\b|\bapprenticeship|\bvoucher|\bhalf[\s-]price\b|\btwo-for-one\b",
)
_DEADLINE = _words(
    r"\b(?:balance|deposit|payments?|forms?|slips?|consent|letters?|money|refunds?|permission|orders?|replies|reply|tickets)\b[^.!?\n]{0,50}\b(?:due|by|deadline|closes?|back\sby|before)\b",
    r"\bdeadline\b|\bplease\s(?:pay|return|sign)\b|\bon\sparentpay\b|\bspaces?\sleft\b",
)
_RETURN = _words(
    r"\b(?:back|home|return(?:ing|s)?|arriv(?:e|es|ing|al)|collect(?:ed|ion)?|pick(?:ed)?[\s-]?up|eta|expected|due|in\sthe\s(?:car\spark|playground)|should\sbe|reckon|aiming|looking\sat|running|delayed|late|pull\w*\sin|roll\w*\sin|at\sschool|at\sthe\s(?:school\s)?gates?)\b",
)
_CONVEYANCE = _words(
    r"\b(?:coach(?:es)?|bus(?:es)?|minibus(?:es)?|train|ferry|flight|plane|motorway|traffic|m\d{1,2}\b|a\d{1,3}\b|roadworks|services|trip|away|match|fixture|tour|expedition|residential|camp|skiers|outing|visit|excursion|travel\w*|en\sroute|on\sthe\sroad|on\s(?:our|the|their)\sway)\b",
)
_DEPART = _words(
    r"\b(?:leav(?:e|es|ing)|depart(?:s|ing|ure)?|set(?:s|ting)?\soff|away\sat|goes|go(?=\sat|\swith)|load(?:s|ing)?|roll\sout|off\s(?:at|we\sgo)|(?:coach|bus|minibus)(?:es)?\s(?:is|are)?\s?(?:away|at|from|is|goes|go|leaves?|here)|meet(?:ing)?|starts?|starting|first\souting|camping|trip|outing|swimming|skating|walkabout|excursion|coach|bus(?:es)?|minibus(?:es)?|minis)\b",
)
_GROUP_LEAVES = _words(
    r"\b(?:years?|yrs?|y|p|s|primary|class)[\s-]?\d{1,2}[a-z]?s?(?:\s(?:children|pupils))?\s(?:will\s|all\s)?(?:leave|depart|set\soff|are\saway|go\soff|are\soff)\b",
    r"\b(?:we|they)(?:['’]ll|\swill)?\s(?:leave|depart|set\soff|go\swalkabout|are\soff|go\sout)\b",
)
_SWIMMING = _words(r"\b(?:swimming|skating|ice[\s-]skating|hydrotherapy|riding\slessons|climbing)(?:\slessons?)?\b[^.!?\n]{0,30}\b(?:starts?|begins?|starting|moves?|resumes?|is\sback|are\sback)\b")
_AWAY = _words(
    r"\b(?:trip|residential|camp(?:ing)?|outing|excursion|expedition|away|tour|fieldwork|ski(?:ing)?|hostel|dofe|visit|coach|minibus|fixture|retreat|homestay|exchange|sleepover)\b",
)
_OVERNIGHT = _words(
    r"\b(?:residential|camp(?:ing)?|ski\strip|exchange|homestay|expedition|bunk\w*|dorm\w*|tents?|cabins?|hostel|night\s(?:one|two|three|\d)|sleep(?:ing)?\s(?:bag|well)|pyjamas|first\snight|lights\sout|day\s(?:one|two|three|four|\d)|trip\saway|all\saway|away\stogether|overnight|kit\slist|nights?)\b",
)
_LODGE = _words(
    r"\b(?:stay(?:ing|s)?\s(?:at|in|with)|sleep(?:ing|s)?\s(?:at|in)|based\s(?:at|in)|our\s(?:hotel|hostel|lodge|base|cabin|dorm|accommodation)|accommodation|rooms?\s(?:are|lists?|\d)|bunk\w*|dorm\w*|cabins?|tents?|nights?|camp(?:ed|ing|s)?|pitched|in\sbed|asleep|lights\sout|goodnight|night\snight|settled\s(?:in|at)|checked\sin|settling\sin)\b",
)
_WAITING = _words(
    r"\b(?:still\s(?:here|at|waiting|sat|with|in|sitting|standing)|waiting\s(?:at|for|in|by|with|to)|(?:is|are|she['’]s|he['’]s|they['’]re)\s(?:\w+\s)?(?:sat|sitting|standing|stood|waiting)\s|hasn['’]t\s(?:been|turned)|not\s(?:been\s)?(?:collected|picked)|needs?\s(?:collecting|picking)|missed\s(?:the|his|her)\s(?:\w+\s)?bus|nobody(?:['’]s|\shas)?\scome|grown-?up\splease\scollect|if\s(?:you|anyone|anybody)\s(?:know|can|see)s?|(?:mum|dad|gran\w*|nan|auntie|grandad)['’]?s?\s(?:isn['’]t|is\srunning|is\slate|running|not|could|please)|gone\s(?:home\son|to\sthe\s(?:hospital|doctor|dentist))|in\s(?:a&e|hospital)|minor\sinjuries|ring\shim|call\shis|op\sat|come\sand\s(?:get|collect))\b",
)
_PLACEMENT = _words(r"\bwork\s(?:experience|placement)\b|\bplacement\b|\bgood\sluck\b|\bcheers?\b|\bplease\scheer\b")
_AWAY_CUES = _words(
    r"\b(?:arrived\s(?:safe(?:ly)?|safe\sand\ssound|in\sone\spiece)|(?:we|they)['’]ve\s(?:arrived|made\sit)|en\sroute|on\s(?:our|their|the)\sway|on\sthe\s(?:coach|bus|minibus|train|ferry|road|plane)|just\s(?:left|setting\soff|set\soff|passed)|and\s(?:we['’]re|they['’]re)\soff|have\sleft|away\ssafely|day\s(?:one|two|three|four|\d)|night\s(?:one|two|three|\d)|first\snight\saway|all\saway|settling\sdown|in\sbunks|lights\sout|from\sthe\s(?:minibus|coach|bus)|tents?\s(?:are\s)?up|camp\sis\s(?:up|set))\b",
)
_SHARED_LATE_BUS = _words(r"\b(?:late|school)?\s?bus(?:es)?\b[^.!?\n]{0,40}\b(?:late|behind|delayed|running)\b")
_BACK = _words(r"\b(?:back|home|eta|return\w*|arriv\w+|at\s(?:the\s)?(?:school|gates?|front)|school\s(?:for|by|at)|expect|see\syou)\b")
_ON_SITE = _words(
    r"\b(?:on[\s-]site|in\s(?:the\s)?school|at\s(?:the\s)?school|in\sour\s(?:own\s)?\w+|on\sour\s(?:own\s)?\w+|our\sown|school\s(?:hall|field|grounds|playground|library)|in\sthe\s(?:hall|playground|classroom|gym|library|canteen|dining\shall|foyer)|on\sthe\s(?:playground|field|yard|astro|top\s(?:field|pitch))|at\shome|home\s(?:game|match|fixture|tie)|came\sto\sus)\b",
)
_PERFORM = _words(r"\b(?:perform\w*|sing(?:ing|s)?|play(?:ing|s)?|carols?|choir|dance|dancing|parade|march\w*|concert|busk\w*|exhibition|display)\b")


@dataclass(slots=True)
class _Sentence:
    """A sentence with what was found in it."""

    start: int
    end: int
    text: str
    verbs: tuple[Verb, ...]
    times: list[TimeMention]
    places: list[PlaceMention]
    muted: bool = False

    @property
    def offsite(self) -> list[PlaceMention]:
        return [place for place in self.places if place.kind >= PlaceKind.REGION]


@dataclass(slots=True)
class _Post:
    """What holds for the whole post."""

    text: str
    at: datetime
    sentences: list[_Sentence]
    over: bool
    adults: bool
    families: bool
    cancelled: bool
    result: bool
    puzzle: bool
    travel: bool
    children: bool
    overnight: bool


def judge(
    text: str,
    at: datetime,
    *,
    hints: Hints | None = None,
    usual: Iterable[str] = (),
    terms: Sequence[TermDates] = (),
) -> tuple[Reading, ...]:
    """All that `text`, published at `at` (aware), tells about where children are or will be; gravest first, then in order."""
    post = _read(text, at, hints or Hints(), usual, terms)
    if post.adults or post.cancelled or post.puzzle:
        return ()
    readings: list[Reading] = []
    for index, sentence in enumerate(post.sentences):
        if not sentence.muted:
            readings += _of_sentence(post, index, sentence)
    order = list(Situation)
    return tuple(sorted(readings, key=lambda reading: (order.index(reading.situation), not reading.sure, reading.span)))


def _read(text: str, at: datetime, hints: Hints, usual: Iterable[str], terms: Sequence[TermDates]) -> _Post:
    times = list(find_times(text, at, terms))
    for start, end, _ in hints.when:
        if not any(time.start < end and start < time.end for time in times):
            times.append(TimeMention(start, end, start, Grain.PART_OF_DAY, Direction.UNKNOWN))
    places = list(find_places(text, usual, hints.people, [(time.start, time.end) for time in times]))
    for index, place in enumerate(places):
        if not place.sure and any(a < place.end and place.start < b for a, b, _ in hints.where):
            places[index] = replace(place, sure=True)
    for start, end, _ in hints.where:
        if not any(place.start < end and start < place.end for place in places):
            places.append(PlaceMention(start, end, PlaceKind.VENUE, mark="model"))
    times.sort(key=lambda time: time.start)
    places.sort(key=lambda place: place.start)
    parts: list[_Sentence] = []
    for start, end in sentences(text):
        part = text[start:end]
        parts.append(
            _Sentence(
                start, end, part, verbs(text, start, end, hints.tags or None),
                [time for time in times if start <= time.start < end],
                [place for place in places if start <= place.start < end],
            )
        )  # fmt: skip
    for index, sentence in enumerate(parts):
        sentence.muted = _muted(sentence, parts[index - 1] if index else None)
    tenses = [verb.tense for part in parts for verb in part.verbs]
    return _Post(
        text=text, at=at, sentences=parts,
        over=Tense.HOME in tenses,
        adults=bool(_ADULTS.search(text)) and not re.search(r"\b(?:year|yr|class|p|y)\s?\d|\bchildren\b|\bpupils\b", _ADULTS.sub("", text), re.IGNORECASE),
        families=bool(_FAMILIES.search(text)) and not _NO_FAMILIES.search(text),
        cancelled=bool(_CANCELLED.search(text)) and not _MOVED.search(text),
        result=bool(_RESULT.search(text)),
        puzzle=bool(_PUZZLE.search(text)),
        travel=bool(_CONVEYANCE.search(text)),
        children=bool(_CHILDREN.search(text)),
        overnight=bool(_OVERNIGHT.search(text)),
    )  # fmt: skip


def _muted(sentence: _Sentence, before: _Sentence | None) -> bool:
    """Does the sentence speak of lessons, stories, visitors, or of others than the school's children?"""
    text = sentence.text
    if re.search(r"(?:\b(?:are|is|am)|['’]re)\s(?:now\s|just\s|all\s)?(?:at|in|on)\s(?:the\s)?[A-Z]", text) and any(place.sure for place in sentence.places):
        return bool(re.search(r"\b(?:virtual\w*|via|video|screen|pretend\w*|story|maths)\b", text, re.IGNORECASE))
    if _ABROAD_OF_LIFE.search(text) and not any(place.kind is PlaceKind.EXACT for place in sentence.places):
        return not any(time.direction is Direction.NOW for time in sentence.times)
    if _THIRD_PARTY.search(text):
        return True
    return bool(_VISITORS.search(text)) and not re.search(r"\b(?:we|they|our)\b[^.]*\b(?:are|off|leav\w+|going)\b", text, re.IGNORECASE)


def _direction(post: _Post, sentence: _Sentence, place: PlaceMention | None, times: Sequence[TimeMention]) -> Direction:
    position = place.start if place else (times[0].start if times else sentence.start)
    tense = tense_at(sentence.verbs, position, post.text)
    kinds = {time.direction for time in times}
    if Direction.HABIT in kinds and tense not in (Tense.PAST, Tense.DONE, Tense.HOME):
        return Direction.HABIT
    if Direction.NOW in kinds and tense not in (Tense.HOME,):
        return Direction.NOW
    if Direction.FUTURE in kinds:
        return Direction.FUTURE
    if Direction.PAST in kinds and Direction.TODAY not in kinds and Direction.UNKNOWN not in kinds:
        return Direction.PAST
    if tense in (Tense.PAST, Tense.DONE, Tense.HOME):
        return Direction.PAST
    if post.over and tense is not Tense.FUTURE:
        return Direction.PAST
    if Direction.PAST in kinds:
        return Direction.PAST
    if post.result and tense is Tense.NONE and Direction.UNKNOWN not in kinds:
        return Direction.PAST
    if Direction.TODAY in kinds:
        if tense in (Tense.PRESENT, Tense.ONGOING, Tense.ARRIVED):
            return Direction.NOW
        return Direction.FUTURE
    if Direction.UNKNOWN in kinds:
        if tense is Tense.ARRIVED:
            return Direction.NOW
        return Direction.FUTURE
    if tense in (Tense.PRESENT, Tense.ONGOING, Tense.ARRIVED):
        return Direction.NOW
    if tense is Tense.FUTURE:
        return Direction.FUTURE
    return Direction.UNKNOWN


def _near_times(post: _Post, index: int) -> list[TimeMention]:
    """The times that go with a sentence's place: its own, else those of the sentence after or before that has no place itself."""
    sentence = post.sentences[index]
    if sentence.times:
        return sentence.times
    for other in (index - 1, index + 1):
        if 0 <= other < len(post.sentences):
            near = post.sentences[other]
            if near.times and not any(place.sure for place in near.offsite) and not near.muted and not _ON_SITE.search(near.text) and not _DEADLINE.search(near.text):
                return near.times
    return []


def _of_sentence(post: _Post, index: int, sentence: _Sentence) -> list[Reading]:
    readings: list[Reading] = []
    span = (sentence.start, sentence.end)
    readings += _one_child(post, sentence, span)
    for place in sentence.offsite:
        reading = _at_place(post, index, sentence, place, span)
        if reading is not None:
            readings.append(reading)
    if all(reading.situation in (Situation.VAGUE_THEN, Situation.WAS_THERE) for reading in readings):
        reading = _without_place(post, index, sentence, span)
        if reading is not None:
            readings.append(reading)
    return readings


def _one_child(post: _Post, sentence: _Sentence, span: tuple[int, int]) -> list[Reading]:
    waiting = _WAITING.search(sentence.text)
    if not waiting or post.over:
        return []
    if re.search(r"\b(?:year|yr|class|primary)\s?\d|\bchildren\b|\bwe['’]?re\b|\bparents?\swaiting\b|\bthey\b", sentence.text, re.IGNORECASE) and not re.search(r"\b(?:he|she|his|her|him)\b", sentence.text, re.IGNORECASE):
        return []
    tense = tense_at(sentence.verbs, sentence.start + waiting.start(), post.text)
    if tense in (Tense.PAST, Tense.DONE, Tense.HOME):
        return []
    place = next(iter(sentence.places), None)
    if place is None and not re.search(r"\b(?:he|she|his|her|him)(?:['’]s)?\b", post.text, re.IGNORECASE):
        return []
    if not re.search(r"\b(?:still|waiting|missed|sat|sitting|stood|standing|hospital|op\sat|injur\w+|collect|a&e|gone)\b", waiting[0], re.IGNORECASE):
        return []
    return [Reading(Situation.ONE_CHILD, Who.ONE_CHILD, span, place, tuple(sentence.times), sure=place is not None)]


def _at_place(post: _Post, index: int, sentence: _Sentence, place: PlaceMention, span: tuple[int, int]) -> Reading | None:
    text = sentence.text
    times = _near_times(post, index)
    direction = _direction(post, sentence, place, times)
    if place.kind is PlaceKind.EXACT and direction is Direction.UNKNOWN:
        direction = Direction.NOW
    if place.mark == "hashtag" and direction is Direction.UNKNOWN:
        direction = Direction.PAST if post.over or _tense_of_post(post) in (Tense.PAST, Tense.DONE) else Direction.NOW
    if direction is Direction.PAST:
        if place.kind < PlaceKind.VENUE:
            return None
        return Reading(Situation.WAS_THERE, Who.IMPLIED, span, place, tuple(times), sure=place.sure)
    if _ON_SITE.search(text) and not place.sure and not place.named:
        return None
    if _DELAY.search(text) and _BACK.search(post.text) and _CONVEYANCE.search(post.text) and not place.motion:
        return None  # a road or place passed on the way back tells no more than the time of return
    who = Who.GROUP if _CHILDREN.search(text) else Who.IMPLIED
    told = bool(_CHILDREN.search(text) or _CONVEYANCE.search(text) or _AWAY.search(text)) or place.motion
    near = bool(times) and times is sentence.times
    subject = bool(_CHILDREN.search(post.text, sentence.start, place.start))
    travel = bool(_CONVEYANCE.search(text) or _AWAY.search(text)) or place.motion
    if place.mark == "entry":
        sure = (place.sure and told) or (travel and near) or (post.travel and len(post.text) < 400)
    else:
        sure = place.sure or (travel and near) or (subject and near) or (subject and direction is Direction.NOW and not place.motion)
    own = tuple(times)

    def reading(situation: Situation, *, certain: bool = sure, party: Who = who) -> Reading:
        return Reading(situation, party, span, place, own, sure=certain)

    if _DEADLINE.search(text) and direction is not Direction.NOW:
        return reading(Situation.VAGUE_THEN, certain=False)
    if place.kind is PlaceKind.EXACT:
        return reading(Situation.EXACT)
    if place.kind is PlaceKind.REGION:
        if direction is Direction.NOW and told:
            return reading(Situation.AWAY_NOW, certain=told)
        if direction is Direction.FUTURE and any(time.grain <= Grain.WEEK for time in times) and (told or post.overnight):
            return reading(Situation.WIDE, certain=told)
        return None
    if direction is Direction.HABIT:
        exact = any(time.direction is Direction.HABIT and time.grain <= Grain.DAY or time.grain <= Grain.PART_OF_DAY for time in times)
        return reading(Situation.ROUTINE if exact else Situation.ROUTINE_WEEKLY)
    if _LODGE.search(text) and (place.mark == "lodging" or re.search(r"\b(?:stay\w*|sleep\w*|accommodation|hotel|hostel|lodge|rooms?)\b", text, re.IGNORECASE)) and (times or direction is Direction.NOW):
        return reading(Situation.LODGING)
    if direction is Direction.NOW:
        arrived = tense_at(sentence.verbs, place.start, post.text) is Tense.ARRIVED and all("arriv" in post.text[time.start : time.end].lower() for time in sentence.times)
        if not told and not post.children and not place.sure:
            return None
        return reading(Situation.ARRIVED if arrived else Situation.THERE_NOW, certain=sure and (told or post.children))
    dated = any(time.grain <= Grain.WEEK for time in times)
    if direction is Direction.FUTURE and dated:
        if post.families:
            return reading(Situation.WITH_FAMILIES, party=Who.WITH_FAMILIES)
        return reading(Situation.THERE_THEN)
    if direction is Direction.FUTURE:
        return reading(Situation.VAGUE_THEN, certain=sure and told)
    if told and (place.mark in ("fixture", "pin") or place.motion):
        return reading(Situation.VAGUE_THEN, certain=False)
    return None


def _tense_of_post(post: _Post) -> Tense:
    return next((verb.tense for part in post.sentences for verb in part.verbs), Tense.NONE)


def _without_place(post: _Post, index: int, sentence: _Sentence, span: tuple[int, int]) -> Reading | None:
    text, times = sentence.text, sentence.times
    tense = tense_at(sentence.verbs, times[0].start if times else sentence.start, post.text)
    if post.over and tense not in (Tense.FUTURE,):
        return None
    clocks = [time for time in times if time.grain <= Grain.CLOCK and time.direction is not Direction.NOW or re.search(r"late|behind|delay", text[time.start - sentence.start : time.end - sentence.start + 8], re.IGNORECASE)]
    who = Who.GROUP if _CHILDREN.search(text) else Who.IMPLIED
    past = tense in (Tense.PAST, Tense.DONE) and not any(time.direction in (Direction.NOW, Direction.FUTURE) for time in times)
    if past:
        return None
    away = bool(_CONVEYANCE.search(text)) or bool(_CONVEYANCE.search(post.text))
    if clocks and _RETURN.search(text) and away and not any(time.direction is Direction.HABIT for time in times):
        late_only = all(re.search(r"late|behind|delayed", post.text[time.start : time.end + 8], re.IGNORECASE) for time in clocks)
        if late_only and _SHARED_LATE_BUS.search(text):
            return Reading(Situation.DEPARTURE_TIME, who, span, None, tuple(clocks))
        if re.search(r"\b(?:back|home|eta|at\sschool|collect\w*|pick\w*|return\w*|gates?|reckon|arriv\w+|car\spark|playground)\b", text, re.IGNORECASE) and _CONVEYANCE.search(post.text):
            return Reading(Situation.RETURN_TIME, who, span, next(iter(sentence.places), None), tuple(clocks), sure=bool(_CONVEYANCE.search(text)))
    dated = [time for time in times if time.grain <= Grain.DAY and time.direction is not Direction.PAST]
    if dated and _DEPART.search(text) and _CONVEYANCE.search(text) and not _ON_SITE.search(text) and not _DEADLINE.search(text):
        leaving = re.search(r"\b(?:leav\w+|depart\w*|set\soff|away|loads?|coach|bus(?:es)?|minibus|outing|excursion|camping)\b", text, re.IGNORECASE)
        return Reading(Situation.DEPARTURE_TIME, who, span, None, tuple(dated), sure=bool(leaving))
    if dated and (_GROUP_LEAVES.search(text) or (_SWIMMING.search(text) and not re.search(r"\b(?:our|own|school)\b[^.]{0,20}\bpool\b", post.text, re.IGNORECASE))) and not _ON_SITE.search(text):
        return Reading(Situation.DEPARTURE_TIME, who, span, None, tuple(dated))
    ranges = [time for time in times if time.grain in (Grain.DAYS, Grain.WEEK) and time.direction is not Direction.PAST]
    if ranges and _AWAY.search(text) and (post.overnight or re.search(r"\baway\b", text, re.IGNORECASE)):
        return Reading(Situation.DATES_AWAY, who, span, None, tuple(ranges))
    if _AWAY_CUES.search(text) and not post.over and tense not in (Tense.PAST,) and (post.overnight or _CONVEYANCE.search(post.text) or re.search(r"\barrived\ssafe", text, re.IGNORECASE)):
        return Reading(Situation.AWAY_NOW, who, span, None, tuple(times), sure=bool(re.search(r"\barrived\ssafe|\bday\s(?:one|two|three|four|\d)|\ben\sroute|\bnight\s(?:one|two|\d)", text, re.IGNORECASE)))
    return None
