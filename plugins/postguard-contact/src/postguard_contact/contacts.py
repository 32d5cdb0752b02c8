"""Finds contact details and secrets in a text. Knows no rule and no policy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What was found."""

    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    HANDLE = "handle"
    SECRET = "secret"  # noqa: S105 - the kind's name


@dataclass(frozen=True, slots=True)
class Contact:
    """A detail in a text, from code point `start` up to `end`."""

    kind: Kind
    start: int
    end: int


EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?<![.-])", re.ASCII)
SPELT_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+(?:"
    r" ?[(\[{] ?at ?[)\]}] ?[\w-]+(?:(?:\.| dot | ?[(\[{] ?dot ?[)\]}] ?)[\w-]+)+"
    r"| at [\w-]+(?: dot [\w-]+)*? dot (?:com|org|net|uk|eu|info|io|me|example)\b)",
    re.ASCII | re.IGNORECASE,
)
"""An address that is written out to be read by people only: "tom (at) mail.example", "tom at mail dot example"."""
ROLE = re.compile(
    r"(?:absences?|admin|administration|admissions|attendance|bookings?|contact|dsl|enquir(?:y|ies)|exams?|finance|general|head(?:teacher)?|hello|help|"
    r"info|it|jobs|kitchen|library|mail|main|music|news|newsletter|office|post|principal|pta|friends\w*|reception|recruitment|safeguarding|"
    r"school\w*|secretary|sen(?:co|d)?|sixthform|sport|support|trips|uniform|vacancies|webmaster)(?:[._-]?\w{0,12})?",
    re.IGNORECASE,
)
POSTCODE = re.compile(r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b")
_STREETS = (
    "Street|St|Road|Rd|Lane|Ln|Close|Avenue|Ave|Drive|Dr|Way|Rise|Crescent|Cres|Court|Ct|Yard|Place|Pl|Row|Bank|Terrace|"
    "Gardens?|Gdns|Grove|Hill|Walk|Mews|Square|Sq|Green|View|Villas|Cottages?|Parade|Wynd|Vale|Mount|Croft|Brae|Loan|Gate|"
    "Meadows?|Fields?|Orchard|Quay|Wharf|Heath|End|Side|Rd\\.|Ave\\."
)
STREET = re.compile(
    rf"(?<![\d.:£$€–-])\b(?:(?:[Ff]lat|[Uu]nit|[Aa]partment) \w+,? )?[1-9]\d{{0,3}}[A-Za-z]?,? "
    rf"(?:[A-Z][\w'’-]+ ){{1,3}}?(?:{_STREETS})\b"
)
ABROAD = re.compile(
    r"(?<![\w-])[A-ZÄÖÜ][\w-]*(?:weg|stra(?:ß|ss)e|str\.|gasse|platz|allee|ufer) ?\d{1,4}[a-z]?\b"
    r"|(?<![\w-])[A-ZÄÖÜ][\w-]+ (?:Weg|Stra(?:ß|ss)e|Str\.?|Gasse|Platz|Allee|Ufer|Ring|Damm) \d{1,4}[a-z]?\b"
    r"|\b(?:Calle|Carrer|Via|Viale|Piazza|Plaza|Rua) (?:(?:de|del|della|dei|da|do) )?[A-Z][\w'’-]+,? \d{1,4}\b"
    r"|\b\d{1,4},? (?:rue|avenue|boulevard|place|chemin|calle|via|plaza) (?:d[eu]s? |de la |del |l['’])?[A-Z][\w'’-]+",
)
NAMED_HOUSE = re.compile(
    r"(?<![\w'’-])(?:[A-Z][\w'’-]+ ){1,3}(?:Cottage|House|Barn|Farm(?:house)?|Bungalow|Lodge|Mill|Rectory|Vicarage), "
    rf"(?:[A-Z][\w'’-]+ ){{1,3}}?(?:{_STREETS})\b(?=(?:,? [A-Z][\w'’-]+){{0,2}},? {POSTCODE.pattern})"
)
"""A house without a number; the postcode behind it says that an address is meant and no building of the school."""
_PLACE_AFTER = re.compile(
    rf"(?:, (?!{POSTCODE.pattern})[A-Z][\w'’-]+(?: (?!{POSTCODE.pattern})[A-Z][\w'’-]+)?)?(?:,? {POSTCODE.pattern})?"
)
_NUMBERED = re.compile(
    r"\b(?:plot|room|platform|bus|route|year|page|lane|junction|pool|class|stage|hole|team|heat|act|no) $",
    re.IGNORECASE,
)
HANDLE = re.compile(r"(?<![\w@/.])@[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?(?![\w@])")
_NETWORK = re.compile(
    r"\b(?:insta(?:gram)?|tik ?tok|snap(?:chat)?|dms?|pms?|message|messages|whats ?app|account|account name|username|"
    r"follow|find|see|look|write|ask|contact|tag)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"\b(?:me|my|i['’]?m|i am|mine|own|personal|private|leaders?|her|his|him|she|he|teacher['’]?s|"
    r"(?:head|depute|coach|lady|leader|member) of|"
    r"(?:mr|mrs|miss|ms|mx|dr|sir|coach|frau|herr|se[nñ]ora?|mme|madame)\.? ?[A-Z]?\w*)\b",
    re.IGNORECASE,
)
BARE_HANDLE = re.compile(
    r"\b(?:insta(?:gram)?|snap(?:chat)?|tik ?tok)(?:[:=–-]| is|,?(?: my| our| her| his)? (?:user)?name(?: there)? is)"
    r" ?(?P<handle>(?=\w*[\d_.]\w)[A-Za-z][\w.]{3,28}\w)",
    re.IGNORECASE,
)
"""An account without its @, as in "snap: sam_bakes22": a digit, a dot or a low line tells it from a word."""
_TITLED_HANDLE = re.compile(r"@_?(?:mr|mrs|miss|ms|dr|sir|coach|frau|herr|senor|senora|mme)[._]?[a-z]", re.IGNORECASE)
_NAME_BEFORE = re.compile(r"\b(?P<name>[A-Z][a-z]{2,}),? ?[(:–-]? ?$")
_PERSONAL = re.compile(
    r"\b(?:my|me|mine|i['’]?m|at home|home number|mobile|mob|his|her|hers|mum|dad|mam|nan|gran|grandad|auntie|uncle|"
    r"personal|own|private|whats ?app|text)\b",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:(?P<login>pass ?words?|pass ?phrases?|pwd?|log ?-?in(?: details)?|logins?|user(?: ?names?)?|wi-?fi)|"
    r"pass ?codes?|pass ?keys?|pin(?:s| (?:codes?|numbers?))?|codes?|combinations?|combos?|alarms?|"
    r"(?:pad)?locks?|keypads?|key ?safes?|unlocks?)\b",
    re.IGNORECASE,
)
_DOOR = re.compile(
    r"\b(?:doors?|gates?|safe|shed|store|cupboard|lockers?|stable|hut|shutters?|barrier)\b", re.IGNORECASE
)
_PUBLIC_CODE = re.compile(
    r"\b(?:discount|promo\w*|voucher|coupon|offer|qr|dress|post|zip|country|dialling|area|bar|highway|green cross|"
    r"morse|binary|source|python|scratch|computer|colou?r|gift|referral|cheat|genetic|behaviour|conduct|kahoot|quiz|event|"
    r"menti|sort|tax|product|course|unit|exam|centre|subject|ucas|hour of) $",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_VALUE = re.compile(r"(?<![\w#*£$€%.:/@-])[A-Za-z0-9#*][A-Za-z0-9#*!@$%^&+_-]{2,31}(?![\w£%/])")
_SPACED = re.compile(r"(?<![\w£$€:.-])\d(?:[ -]\d){3,7}(?![\w-])|(?<![\w£$€:.-])\d{1,2}(?:-\d{1,2}){2,5}(?![\w-])")
"""A code read out digit by digit or pair by pair: "1 4 7 9", "20-35-10"."""
_WORD = re.compile(
    r"\b(?:pass ?words?|pass ?codes?|pass ?phrases?|pwd?)(?:(?: for [\w' ]{2,30}?)? (?:is|are)|[:=])? "
    r"(?P<quote>[\"'“‘])?(?P<value>[A-Za-z0-9][\w!@#$%^&*-]{2,30})",
    re.IGNORECASE,
)
_TOLD = re.compile(r"(?: is| are|[:=]) [\"'“‘]?$", re.IGNORECASE)
_ENDS = re.compile(r"[\"'”’]?(?:[.!?,;)]| *(?:\n|$)| and )")
_NO_WORD = re.compile(
    r"(?:not|no|now|never|always|still|also|only|too|in|on|at|the|a|an|your|our|their|what|one|secret|private|safe|strong|weak|"
    r"wrong|right|correct|case|different|easy|hard|long|short|good|bad|\w+(?:ed|ing|able|ible|ant|ent|ful|less))",
    re.IGNORECASE,
)
"""What is said about a password rather than being one."""
_CLOCK = re.compile(r"\b(?:at|by|from|until|till|before|after|since|around|about) $", re.IGNORECASE)
_COUNTED = re.compile(
    r" (?!(?:and|or|then|to|for|at|on|in|if|is|has|was|when|until|till|from|before|after|by|with|but|so|as|now|again|"
    r"please|not|this|that|the|all|unless|once|you|we|they|it)\b)[a-z]{2,}"
)
"""Words after a number that make it an amount: "5000 points", "1500 sold"."""
_CODE_LIKE = re.compile(r"[#*]?\d{4,8}[#*]?|[A-Za-z]{0,2}\d{3,8}[A-Za-z]{0,2}[#*]?|\d(?:[- ]\d){3,7}")
_TELLS = re.compile(
    r"(?:\b(?:is|are|it['’]?s|now|to|use|with|be|reads?)|[:=/-]|\b(?:password|passcode|code|pin|pw|pwd))\s*$",
    re.IGNORECASE,
)


def find(text: str) -> list[Contact]:
    """All contact details and secrets, in their order; a detail inside another is left out."""
    found: list[Contact] = []
    for contact in (*_secrets(text), *_emails(text), *_addresses(text), *_phones(text), *_handles(text)):
        if not any(contact.start < other.end and other.start < contact.end for other in found):
            found.append(contact)
    return sorted(found, key=lambda contact: contact.start)


def is_own(written: str, own: Sequence[str]) -> bool:
    """True if a detail is one of the school's own, however it is spaced or cased.

    "@school.example" allows every address of that domain.
    """
    plain = _plain(written)
    return any(
        plain == _plain(entry)
        or ("." in entry and entry.startswith("@") and plain.endswith(_plain(entry)))
        or (_plain(entry) in plain and len(_plain(entry)) >= 6)
        for entry in own
    )


def _plain(text: str) -> str:
    return re.sub(r"[\s()\-,.]+(?![\w]*@)", "", text).casefold() if "@" not in text else text.strip().casefold()


def _emails(text: str) -> Iterator[Contact]:
    for pattern in (EMAIL, SPELT_EMAIL):
        for match in pattern.finditer(text):
            if not ROLE.fullmatch(re.split(r"[@\s(\[{]", match.group())[0]):
                yield Contact(Kind.EMAIL, match.start(), match.end())


def _phones(text: str) -> Iterator[Contact]:
    """Phone numbers by libphonenumber; a landline counts only where somebody calls it their own."""
    import phonenumbers

    folded = re.sub(r"[\u00a0\u2009\u202f]", " ", text)
    for match in phonenumbers.PhoneNumberMatcher(folded, "GB", leniency=phonenumbers.Leniency.POSSIBLE):
        national = str(match.number.national_number)
        digits = re.sub(r"\D", "", match.raw_string)
        if len(digits) < 10 or not (match.raw_string.strip().startswith(("0", "+", "(0"))):
            continue
        before = text[max(0, match.start - 60) : match.start]
        mobile = match.number.country_code != 44 or national.startswith("7")
        if mobile or _PERSONAL.search(before):
            yield Contact(Kind.PHONE, match.start, match.end)


def _addresses(text: str) -> Iterator[Contact]:
    for pattern in (STREET, NAMED_HOUSE, ABROAD):
        for match in pattern.finditer(text):
            if _NUMBERED.search(text[: match.start()]):
                continue
            rest = _PLACE_AFTER.match(text, match.end())
            yield Contact(Kind.ADDRESS, match.start(), rest.end() if rest else match.end())


def _handles(text: str) -> Iterator[Contact]:
    """Handles that belong to a person: titled ("@mrs_…"), or handed out as somebody's own."""
    for match in HANDLE.finditer(text):
        sentence = re.split(r"[.!?]\s|\n", text[max(0, match.start() - 90) : match.start()])[-1]
        after = text[match.end() : match.end() + 30]
        told = bool(_NETWORK.search(sentence)) or re.match(r" on (?:insta|tik|snap|x\b)", after, re.IGNORECASE)
        person = _SOMEBODY.search(sentence) or _TITLED_HANDLE.match(match.group())
        if told and (person or _named_before(match.group(), sentence)):
            yield Contact(Kind.HANDLE, match.start(), match.end())
    for match in BARE_HANDLE.finditer(text):
        yield Contact(Kind.HANDLE, match.start("handle"), match.end("handle"))


def _named_before(handle: str, before: str) -> bool:
    """True for "Kelly, @kelly.leads": the account is called like the person it stands behind."""
    name = _NAME_BEFORE.search(before)
    return name is not None and handle.lstrip("@_").casefold().startswith(name["name"].casefold())


def _secrets(text: str) -> Iterator[Contact]:
    """Values that a text gives as a code, password or log-in."""
    for match in _VALUE.finditer(text):
        value = match.group().rstrip("-_")
        after = text[match.start() + len(value) : match.start() + len(value) + 20]
        if _is_secret(value, text[max(0, match.start() - 110) : match.start()], after):
            yield Contact(Kind.SECRET, match.start(), match.start() + len(value))
    for match in _SPACED.finditer(text):
        before = re.split(r"(?<=[.!?])\s|\n", text[max(0, match.start() - 60) : match.start()])[-1]
        if _last_cue(before) or (_DOOR.search(before) and _TELLS.search(before)):
            yield Contact(Kind.SECRET, match.start(), match.end())
    for match in _WORD.finditer(text):
        if _is_pass_word(match, text):
            yield Contact(Kind.SECRET, match.start("value"), match.end("value"))


def _is_pass_word(match: re.Match[str], text: str) -> bool:
    """True if what follows "password" is one: with a digit or a sign in it, in quotes, or a word told outright.

    "The password is sunflower." tells one; "the password is needed" and "passwords are in book bags" tell none.
    """
    value, end = match["value"], match.end("value")
    if re.search(r"\d", value) and re.search(r"[A-Za-z]", value):
        return True
    told = _TOLD.search(text, match.start(), match.start("value")) is not None
    if match["quote"]:
        return told
    plural = re.match(r"\w+s\b", match.group()) is not None and match.group().lower().startswith("pass")
    return told and not plural and _ENDS.match(text, end) is not None and not _NO_WORD.fullmatch(value)


def _is_secret(value: str, before: str, after: str) -> bool:
    """True if the value looks like a code or password and a cue for one stands before it.

    The cue is in the same sentence, or in the one before where the value is told outright ("use …", "it's …").
    """
    code_like = _CODE_LIKE.fullmatch(value) is not None
    word_like = not code_like and len(value) >= 6 and any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    if not (code_like or word_like):
        return False
    earlier, here = ["", *re.split(r"(?<=[.!?])\s|\n", before)][-2:]
    told = _TELLS.search(before) is not None
    cue = _last_cue(here)
    if cue is None and told:
        cue = _last_cue(earlier)
        if cue is None and code_like and not value.isdigit():
            return _DOOR.search(here) is not None or _DOOR.search(earlier) is not None
        return cue is not None and (code_like or cue.group("login") is not None)
    if cue is None or (value.isdigit() and not told and (_CLOCK.search(before) or _COUNTED.match(after))):
        return False
    distance = len(here) - cue.end()
    if _YEAR.fullmatch(value):
        return told and distance <= 12
    return (told or distance <= 60) and (code_like or cue.group("login") is not None)


def _last_cue(sentence: str) -> re.Match[str] | None:
    """The last word of the sentence that announces a secret; "discount code" and its kin announce none."""
    cues = [cue for cue in _CUE.finditer(sentence) if not _PUBLIC_CODE.search(sentence[: cue.start()])]
    return cues[-1] if cues else None
