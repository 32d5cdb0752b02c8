"""Places in a text: where a stranger could find somebody, and what only looks like a place.

Grammar finds them: exact locations by their form, named places by a preposition of place or a verb of going before
a capitalised
phrase or by their last noun ("Chester Zoo"), hashtags by their words, common nouns with "the" ("the pool"),
fixtures by "(A)"
and "away at". Word classes stand in `data/places/`. The school itself, lessons, persons, days and works are no
places to find
anybody at. Spans are code points, end exclusive; prepositions and emoji stay outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path


class PlaceKind(IntEnum):
    """How closely a place tells where somebody is, vaguest first."""

    SCHOOL = 0  # the school itself
    GENERIC = 1  # "a field", "the coast": anywhere
    REGION = 2  # a country, a region, a county
    VENUE = 3  # a place that can be gone to
    EXACT = 4  # a postcode, coordinates, a map link


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place: span, how close it is, and what else its words tell.

    `named` is False for common nouns ("the pool"); `sure` is False where only a capital letter after a preposition
    speaks for
    it; `motion` is True after a word of going ("to", "off to", "bound for"); `mark` is the class of its noun: stop,
    lodging,
    open, health, road, hashtag, fixture, pin, or nothing.
    """

    start: int
    end: int
    kind: PlaceKind
    named: bool = True
    sure: bool = True
    motion: bool = False
    mark: str = ""


_DATA = Path(__file__).parent.parent / "data" / "places"


def _lines(name: str) -> Iterator[tuple[str, str]]:
    for line in (_DATA / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            word, _, mark = line.partition("\t")
            yield word, mark


@cache
def venue_nouns() -> Mapping[str, str]:
    """Nouns of places with the class of each; lower case."""
    return {word: mark for word, mark in _lines("venues.txt") if mark != "school"}


@cache
def regions() -> frozenset[str]:
    """Names of countries, regions and counties, lower case."""
    return frozenset(word.lower() for word, _ in _lines("regions.txt"))


@cache
def _function_words() -> frozenset[str]:
    """Words that begin a sentence or stand for emphasis with a capital, and never begin a place; lower case."""
    return frozenset(word for word, _ in _lines("function-words.txt"))


@cache
def _not_places() -> frozenset[str]:
    return frozenset(word for word, _ in _lines("not-places.txt"))


_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀŁŚŠŽȘȚ]"
# From the start of a word, and not without end: a text of one endless run is read in one go.
_WORD = rf"(?:(?<!\w){_CAPITAL}(?:[\w'’&.-]{{0,40}}\w)?|[1-4](?:st|nd|rd|th)\b)"
_LINK = (
    r"(?:[ ](?:of|the|on|in|de|la|le|les|du|des|upon|under|and|&|y|yr|o|a['’]|am|an|na|nan|by|at|for|near|"
    r"next\sto|off|al|del|di|von|van|der|super|le)){1,2}"
)
_NAME = rf"{_WORD}(?:(?:,?[ ]|{_LINK}[ ]|[ ]?[–/-][ ]?|['’]s[ ]){_WORD}){{0,8}}"
_PREPOSITIONS = (
    r"(?:at|in|inside|outside|near|nr|by|to|into|around|round|along|down|up|over|through|past|past|"
    r"towards?|from|across|on|aboard|behind|beside|opposite|between|via|for|of|off|under|beyond|beneath|"
    r"above|within|aig|yn|ym)"
)
_GOING = re.compile(
    r"\b(?:go|going|gone|went|(?<=coach\s)goes|(?<=\d\s)goes|(?<=bus\s)goes|(?<=group\s)goes|"
    r"(?<=we\s)goes|off|trip|trips|visit\w*|walk\w*|travel\w*|head\w*|bound|coach\w*|bus|buses|train|"
    r"minibus|journey|tour\w*|way|outing|"
    r"return(?:s|ed|ing)?|ride|trek\w*|march\w*|moved|down|up|over|across|back|come|came|coming|take|"
    r"taking|took|taken|drive|drove|driving|fly|flew|flying|"
    r"cycl\w*|run|ran|running|hik\w*|climb\w*|pop|popped|nip|set\soff|leav\w*|left|expedition|invited|"
    r"excursion|pilgrimage|welcome|welcomed|en\sroute|"
    r"we['’]re|adventure|nipped|whisked|bussed|swap\w*|round)\s(?:\w+\s){0,4}$|"
    r"\b(?:[yps]\d{1,2}s?|years?\s\d{1,2}s?|\w+teen|twenty|thirty|\d{2}|school|choir|squad|team|class|"
    r"nursery|reception|ks\d)\s$",
    re.IGNORECASE,
)
_VISITING = (
    r"(?:visit(?:ing|s|ed)?|explor(?:ing|es?|ed)|tour(?:ing|s|ed)|climb(?:ing|s|ed)?|reach(?:ing|es|ed)|"
    r"pass(?:ing|ed|es)|storm(?:ing|ed|s)|leav(?:ing|es|e)|left|play(?:ing)?\sat|hik(?:ing|ed)|walk(?:ing|"
    r"ed|s)?|cross(?:ing|ed|es)?|cycl(?:ing|ed|es)|invad(?:ing|ed|es)|discover(?:ing|ed)|enjoy(?:ing|ed)|"
    r"seeing|approaching|departing|conquer(?:ing|ed))"
)
_TITLES = re.compile(
    r"(?:Mr|Mrs|Miss|Ms|Dr|Sir|Rev|Revd|Reverend|Father|Fr|Sister|Coach|Captain|Capt|Anti|Auntie|Uncle|"
    r"Prof|Professor|PC|PCSO|Sergeant|Sgt|Lady|Lord|Dame|"
    r"Mayor|Cllr|Councillor|Canon|Bishop|Nurse|Chef|Santa|Madame|Mme|Monsieur|Señor\w*|Herr|Frau|Mum|"
    r"Mummy|Dad|Daddy|Nan|Gran|Granny|Grandad|God|"
    r"King|Prince|Princess|Officer|Matron|Head|Headteacher|SENCO)\b\.?"
)
_GROUPS = re.compile(
    r"(?:Years?|Yrs?|Y|P|S|Primary|Class|Group|Team|Form|KS|Key\sStage|Blwyddyn|Blynyddoedd|Bl|Dosbarth|"
    r"Set|Set|U|Under)[\s-]?\d{1,2}\b"
)
_DATES = re.compile(
    r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:days?)?\b|(?:Jan(?:uary)?|Feb(?:ruary)?|"
    r"Mar(?:ch)?|Apr(?:il)?|May|June?|July?|"
    r"Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b(?!\s(?:Hill|Tree|Garden|Park))|"
    r"(?:Dydd|Nos)\b|(?:Bonfire|Remembrance|Mother['’]?s|Father['’]?s|Boxing|New\sYear|St\s(?:David|"
    r"Patrick|George|Andrew)['’]?s\sDay|World\s\w+\sDay|Whit\sFriday|Holy\sWeek|Lights\sOut)\b"
)
_EXACT = (
    ((
        r"\b(?:GIR\s?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKS-UW]|"
        r"[A-HK-Y]\d[ABEHMNPRV-Y])\s?\d[ABD-HJLNP-UW-Z]{2})\b"
    ), ""),
    ((
        r"[-−]?\d{1,2}\.\d{2,}°?\s?[NS]?\s?,\s?[-−]\d{1,3}\.\d{2,}\b|"
        r"[-−]?\d{1,2}\.\d{3,}°?\s?[NS]?\s?,\s?[-−]?\d{1,3}\.\d{3,}°?(?:\s?[EW]\b)?|"
        r"\b\d{1,2}°\s?\d{1,2}['’′]?[\d.\"″”]*\s?[NS][\s,]+\d{1,3}°\s?\d{1,2}['’′]?[\d.\"″”]*\s?[EW]"
    ), ""),
    (r"\b(?:[HNOST][A-HJ-Z]|I[GRSVW])\s?\d{3,5}\s?\d{3,5}\b", ""),
    (r"///?\s?[a-z]{3,}\.[a-z]{3,}\.[a-z]{3,}\b|\b(?:w3w|what3words)[\s:./]+[a-z]{3,}\.[a-z]{3,}\.[a-z]{3,}\b", ""),
    ((
        r"https?://\S*(?:maps?\b|goo\.gl/maps|osm|openstreetmap|w3w|what3words|strava|/track|/live\b)\S*|"
        r"\b(?:maps?|w3w|osm)\.[\w.]+/\S*|\b\w[\w.]+/(?:track|live|map)\b\S*"
    ), ""),
    (r"\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b", ""),
)  # fmt: skip
_SCHOOL = re.compile(
    r"\b(?:(?:the|our|your|their|school|in|from|this|front|back|main|top|infant|junior|dining|lower|upper|"
        r"own|big|small|wee)\s){0,3}"
    r"(?:school\s(?:hall|field|gates?|car\spark|site|grounds|playground|office|library|kitchen|garden|"
        r"yard|house)|playgrounds?|classrooms?|class|assembly(?:\shall)?|corridor|canteen|dining\s(?:hall|"
        r"room)|dinner\shall|staff\s?room|"
    r"staffroom|reception|(?:front|main)\soffice|office|gym|sports\shall|games\shall|top\spitch|"
        r"school\spitch|our\s(?:own\s)?(?:pool|pitch|field|courts?|hall|garden|grounds|library|yard)|"
        r"mud\skitchen|forest\sschool\sarea|"
    r"drama\sstudio|music\sroom|art\sroom|science\slab|computer\ssuite|(?:top|bottom|back|front|junior|"
        r"infant)\s(?:field|yard|gate|lawn|door|entrance)|school\sgates?|gates?|foyer|cloakroom|home\scorner|"
    r"book\scorner|reading\scorner|common\sroom|boarding\shouse|astro(?:turf)?|main\shall|big\shall|school)\b",
    re.IGNORECASE,
)  # fmt: skip
_QUOTED = re.compile(r"[\"“][^\"“”\n]{2,200}[\"”]|(?<!\w)['‘][A-Z][^'‘’\n]{2,80}['’](?!\w)")
_PIN = re.compile(
    rf"(?:📍|\bchecked?[\s-]in\s(?:at|to)|\bcheck-in(?:\sat)?:?|—\sat|–\sat|\blocation:?|"
    rf"\bLoc:)\s*(?:the\s)?(?P<place>#?{_NAME}(?:,\s{_NAME})*|the\s[a-z]+(?:\s[a-z]+)?)"
)
_AWAY = re.compile(
    rf"\b(?:v|vs|versus|against)\.?\s(?P<place>{_NAME})(?:[^.!?\n(]{{0,25}})\s?\((?:A|a|away)\)|\b(?:away|"
    rf"AWAY)\s(?:at|to|v|vs|against)\.?\s(?P<place2>(?:the\s)?{_NAME})|\bat\s(?P<place3>{_NAME})\s\((?:A|a|"
    rf"away)\)"
)
_HOME_GAME = re.compile(r"\((?:H|h|home)\)")
_ROOMS = re.compile(
    (
        r"\b(?:Room|Suite|Lab|Hub|Snug|Nest|Den|Gate|Studio|Theatre|Foyer|Base|Canteen|Office|Classroom|"
        r"Playground|Class|Centre of Learning)$"
    ),
    re.IGNORECASE,
)
_HASHTAG = re.compile(r"#(\w+)")
_ONLY_SURE = {
    "on",
    "by",
    "up",
    "down",
    "round",
    "past",
    "behind",
    "off",
    "within",
    "beyond",
    "beneath",
    "aboard",
    "across",
    "from",
}
_TAGGED = re.compile(r"\b(?:from|at|in|to|visiting|exploring|with|of)\s(?P<place>#[A-Z]\w+)")
_GREETING = re.compile(
    r"\b(?:morning|afternoon|evening|hello|hi|greetings|live|postcard|howdy|bonjour|hola)\s$", re.IGNORECASE
)
_ALONE = re.compile(
    rf"(?:^|(?<=\n)|(?<=[.!?]\s))(?P<place>(?:The\s)?{_NAME}(?:,\s(?:the\s)?(?:{_NAME}|[a-z]+\s[a-z]+))?)(?=[.!]?(?:\s*\n|\s*$|\s[A-Z\d]))"
)
_ROAD = (
    r"(?:Road|Rd|Street|St|Lane|Ln|Avenue|Ave|Close|Drive|Way|Row|Crescent|Terrace|Hill|Brae|Wynd|Walk|"
    r"Gardens|Place|Parade|Broadway|Bypass|Gate|Square|Path|Trail|Bridge|Green|Rise|Grove|Court|Yard|"
    r"Promenade|Canal)"
)


def _camel(tag: str) -> list[str]:
    return re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-zà-ÿ]+|[A-Z]+|\d+", tag)


@cache
def _common() -> re.Pattern[str]:
    nouns = sorted(
        (re.escape(noun) for noun, mark in venue_nouns().items() if len(noun) > 2 and mark != "named"),
        key=len,
        reverse=True,
    )
    return re.compile(
        (
            rf"\b(?:(?P<the>the|our\s(?:local|usual|nearest)|this|that|their)\s)(?P<adjectives>(?:(?:local|usual|"
            rf"nearby|old|new|big|town|city|village|walled|rock|public|little|beautiful|lovely|main|parish|nearest|"
            rf"amazing|fantastic|council|hired|seaside|wee|beach|indoor|outdoor|next|"
            rf"[A-ZÀ-Þ][\w'’&-]+)\s){{0,4}})(?P<noun>(?:{'|'.join(nouns)})(?:s|es)?)\b(?!['’]s\s(?:mess|edge)|-)"
        ),
    )


@cache
def _ending() -> re.Pattern[str]:
    nouns = sorted(
        (re.escape(noun).replace("\\ ", r"\s") for noun in venue_nouns() if len(noun) > 2), key=len, reverse=True
    )
    return re.compile(
        rf"(?<![\w#@])(?P<place>(?:the\s)?(?:{_WORD}(?:['’]s)?(?:{_LINK})?\s){{1,5}}(?i:{'|'.join(nouns)})(?:s|es)?)\b"
        rf"(?!\s(?:Class|class|team|House\b|choir|Choir))"
    )


_NAMED = re.compile(
    rf"(?<![\w#@’'])(?P<preposition>{_PREPOSITIONS}|"
    rf"At|In|Outside|Near|From|To|Inside|Off to|Around|On|By)\s"
    rf"(?:(?P<the>the|The|our|sunny|rainy|wet|beautiful|lovely|glorious|old|historic|soggy|a\ssoggy|"
    rf"a\srainy|a\ssunny|snowy|windy)\s){{0,2}}(?P<place>{_NAME})"
)
_VISIT = re.compile(rf"\b(?i:{_VISITING})\s(?:the\s|our\sfriends\sat\s|beautiful\s|historic\s)?(?P<place>{_NAME})")
_TRIP_TO = re.compile(
    rf"(?P<place>{_NAME})\s(?:(?:day|school|class|residential|ski|camping|field)\s)?(?:trip|visit|"
    rf"residential|bound|here\swe\scome|fieldwork|outing|tour|expedition|excursion|adventure|camp|weekend|"
    rf"exchange|run|festival)\b"
)
_HERE = re.compile(
    rf"(?:^|(?<=[.!?\n]\s)|(?<=\n))(?P<place>(?:The\s)?{_NAME})(?=,?\s(?:here\swe\s(?:come|are)|"
    rf"you(?:['’](?:re|ve)|\sare|\shave\sbeen)|get\sready|bound|awaits|watch\sout|look\sout|it\sis|is\scalling|we\sare|beckons|"
    rf"won['’]t|brace\syourself|get\sthe\skettle|here\s(?:we|they)\scome))"
)


def find_places(
    text: str, usual: Iterable[str] = (), barred: Sequence[tuple[int, int]] = (), times: Sequence[tuple[int, int]] = ()
) -> tuple[PlaceMention, ...]:
    """Every place in `text`, in order and without overlap; the closest and longest reading of a span wins.

    `usual`: names and aliases of places off site from the school's calendar, found in any case. `barred`: spans
    known to be
    something else (persons, groups), in which no place is looked for. `times`: spans of times; a name that stands
    beside one like an
    entry of a list ("Brook Lane 8.10", "Saturday: Sutton Park") is a place, though not surely.
    """
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    found: list[PlaceMention] = []
    for pattern, mark in _EXACT:
        found += [
            PlaceMention(match.start(), match.end(), PlaceKind.EXACT, mark=mark) for match in re.finditer(pattern, text)
        ]
    found += _usual(text, usual)
    found += _pins(text)
    found += _hashtags(text)
    held = _covered(len(text), [*quoted, *barred])
    named = [*_fixtures(text), *_capitalised(text), *_commons(text), *_entries(text, times), *_at_school(text)]
    found += [mention for mention in named if not any(held[mention.start : mention.end])]
    return tuple(_without_overlap(found, len(text)))


def _covered(length: int, spans: Iterable[tuple[int, int]]) -> bytearray:
    """One byte a character, 1 under a span: asking for overlap stays cheap in long texts."""
    covered = bytearray(length)
    for start, end in spans:
        covered[start:end] = b"\x01" * (end - start)
    return covered


def _without_overlap(found: Sequence[PlaceMention], length: int) -> list[PlaceMention]:
    kept: list[PlaceMention] = []
    taken = bytearray(length)
    order = sorted(
        found,
        key=lambda mention: (
            -mention.kind if mention.kind is PlaceKind.EXACT else 0,
            mention.mark not in ("pin", "usual"),
            -(mention.end - mention.start),
            not mention.sure,
        ),
    )
    for mention in order:
        if not any(taken[mention.start : mention.end]):
            kept.append(mention)
            taken[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
    return sorted(kept, key=lambda mention: mention.start)


def _usual(text: str, names: Iterable[str]) -> Iterator[PlaceMention]:
    for name in names:
        if name.strip():
            pattern = r"(?<!\w)" + r"[\s-]*".join(re.escape(part) for part in name.split()) + r"(?!\w)"
            for match in re.finditer(pattern, text, re.IGNORECASE):
                yield PlaceMention(match.start(), match.end(), PlaceKind.VENUE, mark="usual")


def _pins(text: str) -> Iterator[PlaceMention]:
    for match in _PIN.finditer(text):
        start, end = _trim_name(text, *match.span("place"))
        if not excluded(text[start:end]) and not _SCHOOL.fullmatch(text[start:end]):
            yield PlaceMention(start, end, PlaceKind.EXACT, mark="pin")


def _hashtags(text: str) -> Iterator[PlaceMention]:
    for match in _HASHTAG.finditer(text):
        words = [word.lower() for word in _camel(match[1])]
        phrase = " ".join(words)
        if phrase in regions():
            yield PlaceMention(match.start(), match.end(), PlaceKind.REGION, mark="hashtag")
        elif (
            len(words) > 1
            and any(" ".join(words[index:]) in venue_nouns() for index in range(1, len(words)))
            and words[-1]
            not in (
                "house",
                "court",
                "point",
                "common",
                "services",
                "hut",
                "garden",
                "square",
                "ring",
                "track",
                "club",
                "world",
                "stop",
                "pool",
                "rocks",
            )
        ) or (
            (len(words) > 1 and words[0] in ("loch", "mount", "castle", "rspb", "hms", "port", "camp"))
            or (len(words) > 1 and words[-1] in ("world", "land"))
        ):
            yield PlaceMention(match.start(), match.end(), PlaceKind.VENUE, mark="hashtag")


def _fixtures(text: str) -> Iterator[PlaceMention]:
    for match in _AWAY.finditer(text):
        for group in ("place", "place2", "place3"):
            if match[group]:
                start, end = match.span(group)
                yield PlaceMention(start, end, PlaceKind.VENUE, mark="fixture")


def excluded(phrase: str) -> bool:
    """Is the capitalised phrase a person, a group, a day, a lesson or the like?"""
    words = phrase.split()
    first = words[0].rstrip(".,:'’")
    if re.split(r"['’]", first)[0].lower() in _function_words() and (
        len(words) == 1 or words[0].lower() not in ("the", "big", "all")
    ):
        return True
    if _ROOMS.search(phrase) and len(words) <= 2 and words[0] not in ("Theatre", "The"):
        return True
    if _TITLES.match(phrase) or _GROUPS.match(phrase) or _DATES.match(phrase):
        return True
    if re.fullmatch(r"[A-Z]{1,2}\d{1,2}[A-Z]?|\d+[A-Z]{1,2}|[A-Z]\d\w*|[A-Z]", first) and len(words) == 1:
        return True
    if words[-1].rstrip(".,:") in _not_places() and len(words) < 4:
        return True
    if first in _not_places() and (len(words) == 1 or words[-1].lower() not in venue_nouns()):
        return True
    if len(words) == 1 and first.isupper() and len(first) < 4 and first not in ("YHA", "PGL", "W5", "M&S"):
        return True
    return bool(_SCHOOL.fullmatch(phrase))


def kind_of(phrase: str) -> tuple[PlaceKind, str, bool]:
    """Kind and mark of a named place, and whether its own words make it a place."""
    low = re.sub(r"^the\s", "", phrase.lower()).strip(" .,'’")
    if (
        low in regions()
        or re.sub(r"^(?:north|south|east|west|northern|southern|eastern|western|mid|central|rural|sunny)\s", "", low)
        in regions()
    ):
        return PlaceKind.REGION, "", True
    if any(low.endswith(" " + region) for region in regions()) and not re.search(r",|\d", low):
        return PlaceKind.REGION, "", True
    words = re.split(r"\s+", re.sub(r"['’]s\b", "", low))
    nouns = venue_nouns()
    for size in (3, 2, 1):
        if len(words) > size or (size == len(words) and size > 1):
            tail = " ".join(words[-size:])
            for noun in (tail, tail.removesuffix("s"), tail.removesuffix("es")):
                if noun in nouns:
                    return PlaceKind.VENUE, nouns[noun], True
    if re.search(rf"\b{_ROAD}\b", phrase) and len(words) > 1:
        return PlaceKind.VENUE, "road", True
    if len(words) > 1 and words[0] in (
        "loch",
        "lough",
        "mount",
        "llyn",
        "afon",
        "theatr",
        "ysgol",
        "parc",
        "castell",
        "hotel",
        "camp",
        "river",
        "lake",
        "ben",
        "glen",
        "cwm",
        "maes",
        "port",
        "isle",
        "fort",
        "château",
        "chateau",
        "hms",
        "st",
    ):
        return PlaceKind.VENUE, nouns.get(words[0], ""), words[0] != "st"
    return PlaceKind.VENUE, "", False


def _trim_name(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut trailing dates, titles and group names off a capitalised phrase ("Stirling Castle on Friday", "Knock, Mrs
    Gow")."""
    phrase = text[start : end + 8]  # a little further, so that "Year" is seen with its number
    for match in re.finditer(
        (
            rf"(?:,?\s)(?:(?:on|in|at|for|by|and|&|the|of)\s)*(?=(?:{_DATES.pattern}|{_TITLES.pattern}|"
            rf"{_GROUPS.pattern}|I\b))"
        ),
        phrase,
    ):
        if 0 < match.start() < end - start:
            return start, start + match.start()
    return start, end


def _capitalised(text: str) -> Iterator[PlaceMention]:
    for match in _NAMED.finditer(text):
        start, end = _trim_name(text, *match.span("place"))
        phrase = text[start:end].rstrip(".")
        preposition = match["preposition"].lower()
        if not phrase or excluded(phrase):
            continue
        if (
            re.match(
                (
                    r"\s?(?:class|group|room|table|house|team|house|assembly|lessons?|homework|club|Class|House|Room|"
                    r"Group)\b"
                ),
                text[end : end + 12],
            )
            and preposition != "at"
        ):
            continue
        kind, mark, sure = kind_of(phrase)
        before = text[max(0, match.start() - 60) : match.start()]
        greeted = preposition == "from" and bool(_GREETING.search(before))
        going = greeted or bool(_GOING.search(before))
        motion = preposition in ("to", "for", "into", "towards", "toward", "off to")
        if preposition in ("to", "for", "of", "off to") and not (
            going or (sure and preposition == "to") or preposition == "off to"
        ):
            continue
        if preposition in ("from", "over", "through", "between", "under", "above") and not (sure or going):
            continue
        if preposition in _ONLY_SURE and not (sure or greeted or (preposition == "on" and match["the"])):
            continue
        if preposition == "for" and not re.search(
            (
                r"\b(?:leav\w+|left|bound|depart\w*|set\soff|coach(?:es)?|bus|train|off|away|out|start\w*|heading|"
                r"headed|made|making)\s$"
            ),
            text[max(0, match.start() - 14) : match.start()],
            re.IGNORECASE,
        ):
            continue
        yield PlaceMention(start, start + len(phrase), kind, sure=sure, motion=motion, mark=mark)
    for match in _TAGGED.finditer(text):
        yield PlaceMention(*match.span("place"), PlaceKind.VENUE, mark="hashtag")
    for match in _ALONE.finditer(text):
        start, end = _trim_name(text, *match.span("place"))
        if len(text[start:end].split()) > 1 and not excluded(text[start:end]):
            yield PlaceMention(start, end, kind_of(text[start:end])[0], sure=False, mark="alone")
    for pattern, motion in ((_VISIT, False), (_TRIP_TO, True), (_HERE, True)):
        for match in pattern.finditer(text):
            start, end = _trim_name(text, *match.span("place"))
            phrase = text[start:end]
            if excluded(phrase):
                continue
            kind, mark, sure = kind_of(phrase)
            yield PlaceMention(start, end, kind, sure=sure or pattern is _HERE, motion=motion, mark=mark)
    for match in _ending().finditer(text):
        start, end = match.span("place")
        phrase = text[start:end]
        while (
            first := re.match(
                (
                    r"(?:The|Our|At|In|On|To|From|For|This|And|But|We|Our|Today|Please|Happy|Thank|Thanks|Good|Great|Well|"
                    r"All|Some|Year|A|Next|Last|Meet|Visit|Visiting|Welcome|Where|What|Who|With|Is|Are)\s"
                ),
                phrase,
            )
        ) and len(phrase.split()) > 1:
            start += first.end()
            phrase = text[start:end]
        if len(phrase.split()) < 2 or excluded(phrase) or _SCHOOL.fullmatch(phrase):
            continue
        kind, mark, _ = kind_of(phrase)
        # "Sensory garden is open": a capital that only begins the sentence names nothing.
        only_first = phrase[1:].islower() and (
            start == 0 or bool(re.search(r"(?:[.!?:\n]\s*|[^\w\s,'’]\s)$", text[max(0, start - 3) : start]))
        )
        yield PlaceMention(start, end, kind, named=not only_first, sure=not only_first, mark=mark)


_TIME = "§"  # stands in for a time while entries of lists are looked for
_ENTRY = re.compile(
    rf"(?:^|(?<=[.:,;\n–—-]\s)|(?<=[\n§])|(?<=§\s)|(?<=(?i:next\sstop\s))|(?<=(?i:start\spoint\s))|"
    rf"(?<=(?i:drop\soff\s))|(?<=(?i:collect\s)))"
    rf"(?P<place>(?:the\s|The\s)?{_NAME}(?:\s[a-z]+)?(?:,\s(?:the\s)?(?:{_NAME}|[a-z]+\s[a-z]+))?)"
    r"(?=\s?(?:[,.;:!\n🏊-🧗(§]|$|[–—-]\s|at\s|on\s|from\s|every\s|this\s|by\s|around\s))"
)


def _entries(text: str, times: Sequence[tuple[int, int]]) -> Iterator[PlaceMention]:
    """Names beside a time, as the entries of a plan stand: "Sutton Park, 11am", "8.10 Brook Lane", "Mon: Corrour"."""
    if not times:
        return
    masked = list(text)
    for a, b in times:
        masked[a:b] = _TIME * (b - a)
    for match in _ENTRY.finditer("".join(masked)):
        start, end = _trim_name(text, *match.span("place"))
        phrase = text[start:end]
        last = phrase.split()[-1]
        if (
            last.islower()
            and last not in venue_nouns()
            and last.removesuffix("s") not in venue_nouns()
            and "," not in phrase
        ):
            end -= len(last) + 1
            phrase = text[start : max(start, end)]
        if not phrase.strip():
            continue
        if excluded(phrase.removeprefix("the ").removeprefix("The ")) or any(a < end and start < b for a, b in times):
            continue
        gaps = [
            text[end:a] if a >= end else text[b:start] for a, b in times if (0 <= a - end <= 4) or (0 <= start - b <= 4)
        ]
        if not any(re.fullmatch(r"[\s,:;(–—-]*(?:at|on|from|to|by)?\s?", gap) for gap in gaps):
            continue
        kind, mark, sure = kind_of(phrase)
        first = phrase.split()[0]
        opens = start == 0 or text[start - 1] == "\n" or text[start - 2 : start] in (". ", "! ", "? ")
        if (phrase.isupper() and len(phrase.split()) > 1) or (
            opens and phrase[1:].islower() and len(phrase.split()) > 1
        ):
            continue
        if (
            len(phrase.split()) == 1
            and not sure
            and (start == 0 or text[start - 2 : start] in (". ", "! ", "? ") or text[start - 1] == "\n")
            and text[end : end + 1] not in ",:"
        ):
            continue
        if (
            first
            in (
                "We",
                "The",
                "Our",
                "This",
                "Please",
                "It",
                "And",
                "Back",
                "Home",
                "Bus",
                "Coach",
                "Thank",
                "Meet",
                "Doors",
                "Parents",
                "Reminder",
                "Good",
                "Well",
                "All",
                "No",
                "Drop",
                "Pick",
            )
            and len(phrase.split()) == 1
        ):
            continue
        yield PlaceMention(start, end, kind, sure=sure, mark=mark or "entry")


_PLACED_SCHOOL = re.compile(
    (
        rf"\b(?:at|in|by|to|into|from|outside|on|with\sme\sin|back\sin|inside|"
        rf"near)\s(?P<place>{_SCHOOL.pattern})"
    ),
    re.IGNORECASE,
)


def _at_school(text: str) -> Iterator[PlaceMention]:
    for match in _PLACED_SCHOOL.finditer(text):
        start, end = match.span("place")
        yield PlaceMention(start, end, PlaceKind.SCHOOL, named=False)


def _commons(text: str) -> Iterator[PlaceMention]:
    for match in _common().finditer(text):
        noun = match["noun"].lower()
        singular = (
            noun
            if noun in venue_nouns()
            else noun.removesuffix("s")
            if noun.removesuffix("s") in venue_nouns()
            else noun.removesuffix("es")
        )
        mark = venue_nouns().get(singular, "")
        adjectives = match["adjectives"].strip()
        if _SCHOOL.search(match[0]) and not re.search(r"church|village|town|bus|coach", match[0], re.IGNORECASE):
            continue
        if (
            singular
            in (
                "house",
                "garden",
                "gardens",
                "track",
                "court",
                "library",
                "common",
                "world",
                "land",
                "point",
                "centre",
                "ring",
                "ford",
                "stop",
                "shop",
                "studio",
                "pitches",
                "walls",
                "oval",
                "grand",
                "refuge",
                "tower",
                "square",
                "ward",
                "sea",
                "hall",
                "bay",
                "services",
                "workshop",
                "nursery",
                "orchard",
                "pond",
                "pool",
                "port",
                "tunnel",
                "common",
                "archive",
                "station",
                "hut",
                "lock",
                "mine",
                "range",
                "falls",
                "island",
                "shop",
                "academy",
                "river",
                "hills",
                "mountain",
                "mountains",
                "coast",
                "slope",
                "fort",
                "circus",
                "dome",
                "terminal",
                "factory",
                "camp",
                "cabin",
                "tate",
                "ferry",
                "market",
                "garage",
                "wood",
            )
            and not adjectives
        ):
            # Words that a school has itself, or that mean something else as often: a place only where going or
            # being speaks for it.
            if singular in (
                "pool",
                "library",
                "river",
                "station",
                "market",
                "mountain",
                "coast",
                "camp",
                "ferry",
                "hills",
                "wood",
                "pond",
            ):
                yield PlaceMention(match.start(), match.end(), PlaceKind.GENERIC, named=False, sure=False, mark=mark)
            continue
        named = bool(re.search(_CAPITAL, adjectives))
        yield PlaceMention(match.start(), match.end(), PlaceKind.VENUE, named=named, sure=named, mark=mark)
