"""How places are written: word classes from `data/places/`, and the patterns of names, fixtures, pins and entries."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent.parent / "data" / "places"


def _lines(name: str) -> Iterator[tuple[str, str]]:
    for line in (_DATA / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            word, _, mark = line.partition("\t")
            yield word, mark


_WORDS = {
    key: frozenset(words.split()) for key, words in tomllib.loads((_DATA / "words.toml").read_text("utf-8")).items()
}
SELDOM_IN_TAGS, FIRST_WORDS, OPENERS = _WORDS["seldom_in_tags"], _WORDS["first_words"], _WORDS["openers"]
NEED_AN_ADJECTIVE, OR_A_VERB, ONLY_SURE = _WORDS["need_an_adjective"], _WORDS["or_a_verb"], _WORDS["only_sure"]


@cache
def venue_nouns() -> Mapping[str, str]:
    """Nouns of places with the class of each; lower case."""
    return {word: mark for word, mark in _lines("venues.txt") if mark != "school"}


@cache
def regions() -> frozenset[str]:
    """Names of countries, regions and counties, lower case."""
    return frozenset(word.lower() for word, _ in _lines("regions.txt"))


@cache
def function_words() -> frozenset[str]:
    """Words that begin a sentence or stand for emphasis with a capital, and never begin a place; lower case."""
    return frozenset(word for word, _ in _lines("function-words.txt"))


@cache
def not_places() -> frozenset[str]:
    """Capitalised words that name no place: days, lessons, works, people."""
    return frozenset(word for word, _ in _lines("not-places.txt"))


CAPITAL = r"[A-ZÀ-ÖØ-ÞĀŁŚŠŽȘȚ]"
# From the start of a word, and not without end: a text of one endless run is read in one go.
WORD = rf"(?:(?<!\w){CAPITAL}(?:[\w'’&.-]{{0,40}}\w)?|[1-4](?:st|nd|rd|th)\b)"
LINK = (
    r"(?:[ ](?:of|the|on|in|de|la|le|les|du|des|upon|under|and|&|y|yr|o|a['’]|am|an|na|nan|by|at|for|near|"
    r"next\sto|off|al|del|di|von|van|der|super|le)){1,2}"
)
NAME = rf"{WORD}(?:(?:,?[ ]|{LINK}[ ]|[ ]?[–/-][ ]?|['’]s[ ]){WORD}){{0,8}}"
PREPOSITIONS = (
    r"(?:at|in|inside|outside|near|nr|by|to|into|around|round|along|down|up|over|through|past|past|"
    r"towards?|from|across|on|aboard|behind|beside|opposite|between|via|for|of|off|under|beyond|beneath|"
    r"above|within|aig|yn|ym)"
)
GOING = re.compile(
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
VISITING = (
    r"(?:visit(?:ing|s|ed)?|explor(?:ing|es?|ed)|tour(?:ing|s|ed)|climb(?:ing|s|ed)?|reach(?:ing|es|ed)|"
    r"pass(?:ing|ed|es)|storm(?:ing|ed|s)|leav(?:ing|es|e)|left|play(?:ing)?\sat|hik(?:ing|ed)|walk(?:ing|"
    r"ed|s)?|cross(?:ing|ed|es)?|cycl(?:ing|ed|es)|invad(?:ing|ed|es)|discover(?:ing|ed)|enjoy(?:ing|ed)|"
    r"seeing|approaching|departing|conquer(?:ing|ed))"
)
TITLES = re.compile(
    r"(?:Mr|Mrs|Miss|Ms|Dr|Sir|Rev|Revd|Reverend|Father|Fr|Sister|Coach|Captain|Capt|Anti|Auntie|Uncle|"
    r"Prof|Professor|PC|PCSO|Sergeant|Sgt|Lady|Lord|Dame|"
    r"Mayor|Cllr|Councillor|Canon|Bishop|Nurse|Chef|Santa|Madame|Mme|Monsieur|Señor\w*|Herr|Frau|Mum|"
    r"Mummy|Dad|Daddy|Nan|Gran|Granny|Grandad|God|"
    r"King|Prince|Princess|Officer|Matron|Head|Headteacher|SENCO)\b\.?"
)
GROUPS = re.compile(
    r"(?:Years?|Yrs?|Y|P|S|Primary|Class|Group|Team|Form|KS|Key\sStage|Blwyddyn|Blynyddoedd|Bl|Dosbarth|"
    r"Set|Set|U|Under)[\s-]?\d{1,2}\b"
)
DATES = re.compile(
    r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:days?)?\b|(?:Jan(?:uary)?|Feb(?:ruary)?|"
    r"Mar(?:ch)?|Apr(?:il)?|May|June?|July?|"
    r"Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b(?!\s(?:Hill|Tree|Garden|Park))|"
    r"(?:Dydd|Nos)\b|(?:Bonfire|Remembrance|Mother['’]?s|Father['’]?s|Boxing|New\sYear|St\s(?:David|"
    r"Patrick|George|Andrew)['’]?s\sDay|World\s\w+\sDay|Whit\sFriday|Holy\sWeek|Lights\sOut)\b"
)
EXACT = (
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
SCHOOL = re.compile(
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
QUOTED = re.compile(r"[\"“][^\"“”\n]{2,200}[\"”]|(?<!\w)['‘][A-Z][^'‘’\n]{2,80}['’](?!\w)")
PIN = re.compile(
    rf"(?:📍|\bchecked?[\s-]in\s(?:at|to)|\bcheck-in(?:\sat)?:?|—\sat|–\sat|\blocation:?|"
    rf"\bLoc:)\s*(?:the\s)?(?P<place>#?{NAME}(?:,\s{NAME})*|the\s[a-z]+(?:\s[a-z]+)?)"
)
AWAY = re.compile(
    rf"\b(?:v|vs|versus|against)\.?\s(?P<place>{NAME})(?:[^.!?\n(]{{0,25}})\s?\((?:A|a|away)\)|\b(?:away|"
    rf"AWAY)\s(?:at|to|v|vs|against)\.?\s(?P<place2>(?:the\s)?{NAME})|\bat\s(?P<place3>{NAME})\s\((?:A|a|"
    rf"away)\)"
)
ROOMS = re.compile(
    (
        r"\b(?:Room|Suite|Lab|Hub|Snug|Nest|Den|Gate|Studio|Theatre|Foyer|Base|Canteen|Office|Classroom|"
        r"Playground|Class|Centre of Learning)$"
    ),
    re.IGNORECASE,
)
HASHTAG = re.compile(r"#(\w+)")
HANDLE = re.compile(r"(?<![\w.@/])@([A-Z]\w{2,29})(?![\w@]|\.\w)")
ADDRESSED = re.compile(
    r"(?:\b(?:to|by|from|with|via|rt|thanks?|thankyou|follow|following|and|for|of|cc|see|like|tag|you|ask|meet|dm|contact|hi|hey|well|done|"
    r"congratulations|message|joined|our)|[&,+/]|(?<!\w)@\w+)\s*$",
    re.IGNORECASE,
)
"""Before the handle of somebody who is thanked, followed or asked, rather than a place where the children are."""
AT = re.compile(r"\b(?:at|in|inside|outside|visiting|exploring|down|over\sat|here)\s*$", re.IGNORECASE)
TAGGED = re.compile(r"\b(?:from|at|in|to|visiting|exploring|with|of)\s(?P<place>#[A-Z]\w+)")
GREETING = re.compile(
    r"\b(?:morning|afternoon|evening|hello|hi|greetings|live|postcard|howdy|bonjour|hola)\s$", re.IGNORECASE
)
ALONE = re.compile(
    rf"(?:^|(?<=\n)|(?<=[.!?]\s))(?P<place>(?:The\s)?{NAME}(?:,\s(?:the\s)?(?:{NAME}|[a-z]+\s[a-z]+))?)(?=[.!]?(?:\s*\n|\s*$|\s[A-Z\d]))"
)
ROAD = (
    r"(?:Road|Rd|Street|St|Lane|Ln|Avenue|Ave|Close|Drive|Way|Row|Crescent|Terrace|Hill|Brae|Wynd|Walk|"
    r"Gardens|Place|Parade|Broadway|Bypass|Gate|Square|Path|Trail|Bridge|Green|Rise|Grove|Court|Yard|"
    r"Promenade|Canal)"
)


@cache
def common() -> re.Pattern[str]:
    """Places that are common nouns with "the" or the like before them ("the old pool")."""
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
def ending() -> re.Pattern[str]:
    """Names of places by their last noun ("Chester Zoo")."""
    nouns = sorted(
        (re.escape(noun).replace("\\ ", r"\s") for noun in venue_nouns() if len(noun) > 2), key=len, reverse=True
    )
    return re.compile(
        rf"(?<![\w#@])(?P<place>(?:the\s)?(?:{WORD}(?:['’]s)?(?:{LINK})?\s){{1,5}}(?i:{'|'.join(nouns)})(?:s|es)?)\b"
        rf"(?!\s(?:Class|class|team|House\b|choir|Choir))"
    )


# "Lego in the library" names no library.
ONLY_INSIDE = re.compile(r"\s(?:in|at|on|by|for|near|off)\s(?:the\s)?[a-z]+(?:\s[a-z]+)?$")
NAMED = re.compile(
    rf"(?<![\w#@’'])(?P<preposition>{PREPOSITIONS}|"
    rf"At|In|Outside|Near|From|To|Inside|Off to|Around|On|By)\s"
    rf"(?:(?P<the>the|The|our|sunny|rainy|wet|beautiful|lovely|glorious|old|historic|soggy|a\ssoggy|"
    rf"a\srainy|a\ssunny|snowy|windy)\s){{0,2}}(?P<place>{NAME})"
)
VISIT = re.compile(rf"\b(?i:{VISITING})\s(?:the\s|our\sfriends\sat\s|beautiful\s|historic\s)?(?P<place>{NAME})")
TRIP_TO = re.compile(
    rf"(?P<place>{NAME})\s(?:(?:day|school|class|residential|ski|camping|field)\s)?(?:trip|visit|"
    rf"residential|bound|here\swe\scome|fieldwork|outing|tour|expedition|excursion|adventure|camp|weekend|"
    rf"exchange|run|festival)\b"
)
HERE = re.compile(
    rf"(?:^|(?<=[.!?\n]\s)|(?<=\n))(?P<place>(?:The\s)?{NAME})(?=,?\s(?:here\swe\s(?:come|are)|"
    rf"you(?:['’](?:re|ve)|\sare|\shave\sbeen)|get\sready|bound|awaits|watch\sout|look\sout|it\sis|is\scalling|we\sare|beckons|"
    rf"won['’]t|brace\syourself|get\sthe\skettle|here\s(?:we|they)\scome))"
)


TIME = "§"  # stands in for a time while entries of lists are looked for
ENTRY = re.compile(
    rf"(?:^|(?<=[.:,;\n–—-]\s)|(?<=[\n§])|(?<=§\s)|(?<=(?i:next\sstop\s))|(?<=(?i:start\spoint\s))|"
    rf"(?<=(?i:drop\soff\s))|(?<=(?i:collect\s)))"
    rf"(?P<place>(?:the\s|The\s)?{NAME}(?:\s[a-z]+)?(?:,\s(?:the\s)?(?:{NAME}|[a-z]+\s[a-z]+))?)"
    r"(?=\s?(?:[,.;:!\n🏊-🧗(§]|$|[–—-]\s|at\s|on\s|from\s|every\s|this\s|by\s|around\s))"
)


PLACED_SCHOOL = re.compile(
    (
        rf"\b(?:at|in|by|to|into|from|outside|on|with\sme\sin|back\sin|inside|"
        rf"near)\s(?P<place>{SCHOOL.pattern})"
    ),
    re.IGNORECASE,
)
