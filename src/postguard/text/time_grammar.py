"""How times are written: a pattern for each kind of expression, with the reader of `time_readings` that it goes to."""

from __future__ import annotations

import re
from functools import cache

from postguard.text.time_mention import Direction, Grain
from postguard.text.time_readings import (
    FEASTS,
    HOUR_WORDS,
    MOVING_FEASTS,
    NUMBERS,
    WELSH_DAYS,
    Reader,
    fixed,
    read_ahead,
    read_clock,
    read_date,
    read_feast,
    read_month,
    read_term,
    read_today,
    read_tomorrow,
    read_weekday,
    read_yesterday,
)
from postguard.text.word_starts import PatternTable

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
_NUM = rf"(?:\d{{1,3}}|{'|'.join(NUMBERS)})"
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


@cache
def grammar() -> tuple[PatternTable, tuple[Reader, ...]]:
    """The patterns, and the reader of each; made at the first use."""
    now, future, past, habit = Direction.NOW, Direction.FUTURE, Direction.PAST, Direction.HABIT
    unknown = Direction.UNKNOWN
    feasts = "|".join(
        re.escape(name).replace("'", "['’]?").replace("\\ ", r"\s")
        for name in (*sorted(FEASTS, key=len, reverse=True), *MOVING_FEASTS)
    )
    table: list[tuple[str, Reader]] = [
        # habits
        ((
            rf"\b(?:every|each)\s(?:(?:single|other|second|third)\s)?(?:{_D}|weekday|(?:school\s)?day|week|morning|"
            rf"afternoon|evening|night|lunch\w*|half.?term|term|month|fortnight)(?:\s(?:morning|afternoon|evening|"
            rf"lunch\w*))?(?:\s?(?:and|&|,)\s?{_D})?"
        ), fixed(Grain.DAY, habit)),
        (rf"\b(?:on\s)?{_DAY}s(?:\s(?:and|&)\s{_DAY}s)?\b(?!['’])", fixed(Grain.DAY, habit)),
        (rf"\bon\sa\s{_DAY}(?:\s(?:morning|afternoon|evening))?\b", fixed(Grain.DAY, habit)),
        (rf"\b{_DAY}\s(?:mornings|afternoons|evenings|lunchtimes|nights)\b", fixed(Grain.DAY, habit)),
        ((
            r"\b(?:weekly|fortnightly|once\sa\s(?:week|fortnight|month)|twice\sa\s(?:week|term)|regular(?:ly)?|"
            r"week\sin,?\sweek\sout)\b"
        ), fixed(Grain.VAGUE, habit)),
        (rf"\bfor\sthe\snext\s{_NUM}\sweeks\b", fixed(Grain.DAYS, habit)),
        (r"\bdaily\b", fixed(Grain.DAY, habit)),
        # now
        ((
            r"\b(?:right|just)\snow\b|\bnow\b|\bcurrently\b|\bat\s(?:the|this)\s(?:very\s)?moment\b|\bas\s(?:I|"
            r"we)\s(?:type|speak|write|tweet|post)\b|\bthis\s(?:very\s)?(?:minute|second|instant)\b|"
            r"\bin\sreal\stime\b|\ban-dr[aà]sta\b|\bar\shyn\so\sbryd\b"
        ), fixed(Grain.CLOCK, now)),
        ((
            r"\b(?:only\s)?just\s(?:left|leaving|arrived|arriving|landed|landing|passed|passing|set\soff|"
            r"pulled\s\w+|boarded|boarding|departed|reached|crossed|checked\sin|off|got\s(?:to|here))\b"
        ), fixed(Grain.CLOCK, now)),
        (r"(?<![\w-])live\s(?:from|at|on|update|thread|tweet\w*)\b|\blive\b(?=[,:!])", fixed(Grain.CLOCK, now)),
        ((
            r"\b(?:have\s|has\s)?(?:all\s)?arrived\s(?:safe(?:ly)?|safe\sand\s(?:sound|well)|in\sone\spiece)\b|"
            r"\bstill\b(?=\s(?:at|here|with|in|on|waiting|sat|sitting|standing|stood|out|there))|\bas\sI\swrite\b|"
            r"\bmid-(?:air|climb|river)\b"
        ), fixed(Grain.CLOCK, now)),
        (rf"\b(?:for\s)?(?:the\snext\s)?{_NUM}\snights?\b(?!\s(?:ago|running))", fixed(Grain.DAYS, unknown)),
        (rf"\b(?:in|within)\sthe\snext\s(?:few\s|half\s)?(?:an\s)?{_UNIT}\b", fixed(Grain.CLOCK, future)),
        ((
            rf"\b(?:only\s)?{_NUM}\smore\s(?:weekends?|sleeps?|days?|weeks?)\b|\b(?:\d+|two|three|four|five|six|"
            rf"seven|eight|nine|ten)\sdays!"
        ), fixed(Grain.VAGUE, future)),
        # relative
        ((
            rf"\b(?:in|within)\s(?:about\s|around\s|just\s|only\s|roughly\s|under\s|less\sthan\s|"
            rf"a\s)?(?P<number>{_NUM})(?:\san)?(?:\sof)?\s?(?P<unit>{_UNIT})(?:['’]?\stime)?\b"
        ), read_ahead),
        ((
            rf"\b(?P<number>{_NUM})\s(?:more\s)?(?P<unit>sleeps?|days?|weeks?|hours?|nights?|mins?|"
            rf"minutes?)\s(?:to\sgo|until|till|away|from\snow|left|today|to\b)"
        ), read_ahead),
        (rf"\b(?:only\s)?(?P<number>{_NUM})[.\s]+(?:more[.\s]+)?(?P<unit>sleeps?)\b", read_ahead),
        ((
            rf"\b(?P<number>{_NUM})\s(?P<unit>days?|weeks?|months?|years?|hours?|minutes?|mins?)\s(?P<back>ago|"
            rf"back|earlier)\b"
        ), read_ahead),
        (rf"\b(?:a|one)\sweek\s(?:on\s)?(?:today|tomorrow|{_DAY})\b", fixed(Grain.DAY, future)),
        (rf"\b(?:today|tomorrow|{_DAY})\sweek\b", fixed(Grain.DAY, future)),
        (r"\bthis\stime\s(?:tomorrow|next\sweek)\b", fixed(Grain.DAY, future)),
        ((
            rf"\b(?:about\s|roughly\s|approx\w*\s|another\s)?{_NUM}\s?(?:min(?:ute)?s?|hours?)\s(?:late\w*|behind|"
            rf"delayed|away|out|early|earlier)\b"
        ), fixed(Grain.CLOCK, now)),
        (
            rf"\b{_NUM}\slate\b|\brunning\slate\b|\b(?:half|quarter\sof)\san\shour\s(?:late\w*|earlier|behind)\b",
            fixed(Grain.CLOCK, now),
        ),
        # days near by
        ((
            r"\bthis\s(?:morning|afternoon|aft|evening|eve|lunch\w*|breakfast)\b|\btonight\b|\btoday(?:['’]?s)?\b|"
            r"\bheddiw\b|\binniu\b|\blater\stoday\b"
        ), read_today),
        ((
            r"\b(?:the\s)?day\safter\stomorrow\b|\b(?:tomorrow|tomoz|tomozz?|tmrw|tmw|tomoro\w*|yfory|"
            r"am[aá]rach)(?:['’]?s)?\b(?:\s(?:morning|afternoon|evening|night|lunch\w*))?|\bthe\smorn\b"
        ), read_tomorrow),
        (r"\bthe\s(?:next|following)\s(?:day|morning)\b|\bthe\s(?:morning|day)\safter\b", fixed(Grain.DAY, future)),
        (
            r"\byesterday\b(?!['’]s)(?:\s(?:morning|afternoon|evening))?|\blast\s(?:night|evening)\b|\bddoe\b",
            read_yesterday,
        ),
        ((
            r"\blast\s(?:week|month|term|year|weekend|half.?term|summer|autumn|winter|spring|season|session|"
            r"time)(?:['’]s)?\b(?!\sof)"
        ), fixed(Grain.WEEK, past)),
        ((
            rf"\b(?:earlier|once|recently|back\sin\s{_M}|in\s(?:1\d|20)\d\d|earlier\sthis\s(?:week|month|year|"
            rf"term))\b"
        ), fixed(Grain.VAGUE, past)),
        (r"\bnext\s(?:week|wk)(?:end)?\b(?!['’]s)|\bwythnos\snesa\b", fixed(Grain.WEEK, future)),
        ((
            r"\bthis\s(?:coming\s)?(?:week|weekend)\b|\bat\sthe\sweekend\b|\ball\s(?:this\s)?week\b|"
            r"\bat\sweekend\b"
        ), fixed(Grain.WEEK, unknown)),
        (r"\bnext\s(?:month|term|year|half.?term|summer|autumn|winter|spring|season)\b", fixed(Grain.VAGUE, future)),
        ((
            r"\blater\s(?:this|in\sthe)\s(?:week|month|term|year|summer)\b|\bbefore\sthe\ssummer['’]?s\sout\b|"
            r"\b(?:very\s)?soon\b|\bbefore\swe\sknow\sit\b|\bnot\slong\s(?:now|to\sgo)\b|\bwon['’]t\sbe\slong\b|"
            r"\bany\sday\snow\b|\bsome\stime\b|\bdrawing\snear\b|\bgetting\s(?:closer|nearer)\b|\bcountdown\b"
        ), fixed(Grain.VAGUE, future)),
        # dates
        ((
            rf"\b(?:w/?[ce]|wc|w/b|week\s(?:of|commencing|beginning)|"
            rf"the\sweek\sof)\s?(?P<dd>{_DD})(?:\s(?:of\s)?(?P<month>{_M}))?"
        ), read_date),
        ((
            rf"\b(?:{_D}\s?,?\s?(?:the\s)?)?(?P<dd>{_DD})(?:\s(?P<month1>{_M}))?(?:{_DASH})(?:{_D}\s?,?\s?(?:the\s)"
            rf"?)?(?P<until>{_DD})\s(?:of\s)?(?P<month>{_M})(?:\s(?P<year>20\d\d))?"
        ), read_date),
        ((
            rf"\b(?:{_D}\s?,?\s?(?:the\s)?)?(?P<dd>{_DD})\s?(?:of\s)?(?P<month>{_M})(?:\s?,?\s?(?P<year>20\d\d))?\b"
            rf"(?:{_DASH}(?:{_D}\s?,?\s?)?(?P<until>{_DD})(?:\s(?P<month2>{_M}))?(?![\d.:]))?"
        ), read_date),
        ((
            rf"\b(?P<month>{_M})\s(?:the\s)?(?P<dd>(?:[12]?\d|"
            rf"3[01])(?:{_ORD})?)(?:,?\s(?P<year>20\d\d))?\b(?![.:]\d)"
        ), read_date),
        (
            rf"\b{_D}\s?,?\s?(?:the\s)?(?P<dd>(?:[12]?\d|3[01]){_ORD})\b(?:{_DASH}(?:{_D}\s?)?(?P<until>{_DD})\b)?",
            read_date),
        ((
            rf"\b(?:the\s)(?P<dd>(?:[12]?\d|3[01]){_ORD})\b(?!\s(?:[a-z]{{4,}}|"
            rf"{_DAY}s?\b))(?:{_DASH}(?:the\s)?(?P<until>{_DD})\b)?"
        ), read_date),
        ((
            r"(?<![\d/.])(?P<dd>[0-3]?\d)/(?P<mm>0?[1-9]|1[0-2])(?:/(?P<year>(?:20)?\d\d))?(?![\d/])(?=\s|$|"
            r"[,;)])(?<!\d/\d)"
        ), read_date),
        # weekdays
        (
            rf"\b(?P<which>last)\s(?P<day>{_D})(?:\s(?:morning|afternoon|evening|night|lunch\w*))?",
            read_weekday
        ),
        ((
            rf"\b(?P<which>next)\s(?P<day>{_D})(?:\s?(?:-|–|—|to|till?|until|and|"
            rf"&)\s?(?P<until>{_D}))?(?:\s(?:morning|afternoon|evening|night|lunch\w*))?"
        ), read_weekday),
        ((
            rf"\b(?:(?:until|till|from|by|before|after)\s)?(?:(?P<which>this\scoming|this|"
            rf"the\scoming)\s)?(?P<day>{_D})(?:\s?(?:-|–|—|to|till?|until|and|&|/|"
            rf",)\s?(?P<until>{_D}))?(?:\s(?:morning|afternoon|aft|evening|eve|night|lunch\w*)\b)?"
        ), read_weekday),
        (rf"\b(?:dydd|nos|bore)\s(?:{'|'.join(WELSH_DAYS)})\b", fixed(Grain.DAY, unknown)),
        # months, terms, feasts
        ((
            rf"\b(?:in|during|by|early|late|mid|end\sof|next|last|the\send\sof|the\sfirst\sweek\sof|beginning\sof|"
            rf"throughout)[\s-]+(?:early\s|late\s|mid-?\s?)?(?P<month>{_M})(?!\s\d)"
        ), read_month),
        ((
            r"\b(?:after|before|over|during|this|last|next|at|in|for|early|late)\s(?:the\s)?(?:early\s|"
            r"late\s)?(?:summer|autumn|spring|winter|easter|christmas|may|october|february|"
            r"whitsun)?\s?(?:half.?term|term|holidays?|break|summer|autumn|spring)\b|\b(?:the\s)?(?:last|first|"
            r"final)\s(?:week|day)\sof\s(?:the\s)?(?:\w+\s)?term\b|\bend\sof\s(?:the\s)?(?:term|year|"
            r"half.?term)\b|\bwhen\swe\s(?:come|get)\sback\b"
        ), read_term),
        ((
            rf"\b(?:(?:after|before|over|at|on|this|by|for)\s?)?(?P<feast>{feasts})\b(?!\s(?:trees?|jumpers?|dinner|"
            rf"lunch|fayre|fair|party|play|songs?|concert|carols?|cards?|market|eggs?|bonnets?|service|assembl\w+|"
            rf"story|lights))"
        ), read_feast),
        # parts of a school day
        ((
            rf"\b(?:after|before|until|till?|til|by|straight\safter|at|for|from|just\safter|"
            rf"right\safter)\s{_SCHOOL_POINT}\b|\b(?:straight\s|right\s|just\s)?(?:after|before|until)\sschool\b"
        ), fixed(Grain.PART_OF_DAY, unknown)),
        ((
            r"\bfirst\sthing\b|\ball\sday\b|\ball\s(?:morning|afternoon)\b|\bhome\s?time\b|\bat\s(?:dawn|dusk|"
            r"sunrise|sunset)\b|\b(?:mid|early|late)[\s-](?:morning|afternoon)\b|\bin\sthe\s(?:morning|afternoon|"
            r"evening)\b|\bsecond\slesson\b|\bovernight\b"
        ), fixed(Grain.PART_OF_DAY, unknown)),
        ((
            r"\bday\s(?:one|two|three|four|five|\d)\b|\bnight\s(?:one|two|three|four|\d)\b|\bfirst\snight\b|"
            r"\blast\snight\sof\b"
        ), fixed(Grain.DAY, unknown)),
        # clock
        ((
            rf"(?<![\d.£€$:/#v-])(?P<clock>{_FIGURES})(?:{_MERIDIEM})?(?!\d|[.:]\d|"
            rf"/){_NOT_TIME_AFTER}(?:{_DASH}(?:{_FIGURES}|\d{{1,2}})(?:{_MERIDIEM})?(?![\d/]))?"
        ), read_clock),
        (
            rf"(?<![\d.£€$:/#])\b(?P<clock>\d{{1,2}}{_MERIDIEM})(?:{_DASH}\d{{1,2}}(?:[.:]\d\d)?{_MERIDIEM}?)?",
            read_clock
        ),
        (
            rf"(?<![\d.£€$:/#])\b\d{{1,2}}{_DASH}(?P<clock>{_FIGURES}|\d{{1,2}}{_MERIDIEM})(?:{_MERIDIEM})?(?!\d)",
            read_clock),
        ((
            rf"\b(?P<clock>(?:half|quarter|five|ten|twenty|twenty[\s-]five|\d{{1,2}}|{_NUM}\sminutes)\s(?:past|to|"
            rf"before)\s(?:{HOUR_WORDS}|1[0-2]|[1-9])(?:ish)?)\b(?!\d|\.\d)"
        ), read_clock),
        (rf"\b(?P<clock>half[\s-](?:{HOUR_WORDS}|1[0-2]|[1-9]))\b(?!\s(?:hundred|of|metres|hours?))", read_clock),
        (rf"\b(?P<clock>(?:{HOUR_WORDS})[\s-](?:fifteen|thirty|forty[\s-]five|oh[\s-]five|twenty))\b", read_clock),
        (rf"\b(?P<clock>(?:{HOUR_WORDS}|1[0-2]|[1-9])(?:[.:]\d\d)?[\s-]?ish)\b", read_clock),
        (rf"\b(?P<clock>(?:{HOUR_WORDS}|1[0-2]|[1-9])\so['’]?\s?clock)\b", read_clock),
        (r"\b(?P<clock>(?:12\s)?(?:noon|midday|midnight))\b", read_clock),
        (rf"\b(?:half|quarter)\s(?:past|to)\b(?!\s(?:{HOUR_WORDS}|\d))", fixed(Grain.CLOCK, unknown)),
        ((
            rf"\b(?:at|by|from|until|till|til|before|after|about|around|approx|roughly|circa|nearer|for|between|"
            rf"leave(?:s|ing)?|start(?:s|ing)?|finish(?:es|ing)?|opens?|meet|doors)\s(?:about\s|around\s|roughly\s|"
            rf"nearer\s|just\safter\s|just\sbefore\s)?(?P<clock>{HOUR_WORDS}|1[0-2]|[1-9])(?:{_DASH}(?:half\s)?(?:{HOUR_WORDS}|"
            rf"1[0-2]|[1-9])(?:[.:][0-5]\d)?)?{_CLOCK_END}"
        ), read_clock),
        ((
            rf"(?<=\b)(?P<clock>1[0-2]|[1-9]){_DASH}(?:1[0-2]|[1-9])(?=\s(?:daily|every|each|{_D}|today|tomorrow|"
            rf"on\s(?:{_D}|the)))"
        ), read_clock),
    ]  # fmt: skip
    return PatternTable([re.compile(pattern, re.IGNORECASE) for pattern, _ in table]), tuple(r for _, r in table)


# A range like "9-3" or "4-5" is a score unless a day stands before it.

AFTER_DAY = re.compile(
    (
        rf"(?:{_D}|{_DAY}s|today|tomorrow|tmrw|tonight|june|july|week)\s?,?\s(?:at\s|"
        rf"from\s)?(?P<clock>(?:1[0-2]|[1-9])(?:{_DASH}(?:1[0-2]|[1-9])(?:[.:]\d\d)?)?){_CLOCK_END}"
    ),
    re.IGNORECASE,
)
NOT_TIMES = re.compile(
    r"""(?:\b(?:years?|yrs?|y|class(?:es)?|group|team|page|pages|room|level|key\sstage|ks|p|s|no\.?|number|pitch|court|gate|platform|row|unit
        |week|lesson|chapter|stage|round|heat|lane|bus|route|track|clue|part|primary|blwyddyn|form|set|junction|zone|table|day|size|phase|grade)
        s?\s?\#?\d+(?![\d.:]*[.:][0-5]\d\b)(?:[a-z]|\.\d+)?(?:\s?(?:[-–/,&+]|and|to)\s?\#?\d+(?![.:]\d)[a-z]?)*\b
        |\bu(?:nder)?[\s-]?\d+s?\b|[£€$]\s?\d[\d,.]*\b|\b\d+[a-z](?!m)\b(?!\s?m)|\b\d+[-–]\d+\s(?:win|loss|defeat|victory|draw|up|down|winners|at\sthe\sbreak)
        |\b(?:won|lost|drew|beat\w*|beaten|score\w*|wins?)\s(?:\w+\s){0,3}\d+[-–]\d+|\b\d+[-–]\d+\s\d+[-–]\d+\b|(?:\+44|\b0)\d[\d\s]{7,}\d|\b\d+(?:\.\d+)?\s?(?:%|km|kg|miles?|metres?|degrees?)
        |\b1?\d\sout\sof\s\d+)""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
# "the Coop, day 3" is a day of a journey and so a time; a "day" in the pattern above must not hide it.
KEEP = re.compile(r"\bday\s?(?:\d|one|two|three|four|five)\b", re.IGNORECASE)
