"""The kit for plugin authors: what it builds, what it says of a checker, and that it catches a broken promise."""

from __future__ import annotations

import io
import logging
import os
import re
import socket
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from postguard import (
    Applicability,
    Checker,
    Decision,
    Edit,
    Finding,
    ImageBox,
    Note,
    PluginError,
    Rule,
    TextSpan,
    UnreadablePicture,
    hookimpl,
)
from postguard.context import Context
from postguard.hookspecs import NoOptions
from postguard.rules import verdicts_of
from postguard.testing import NOW, ContractBroken, contract, draft, guard, photo, run

pytest_plugins = ["postguard.testing"]

RULE = Rule(
    code="TST101",
    name="biscuit",
    message="Biscuits are mentioned.",
    why="They make readers hungry.",
    example="A biscuit for everybody!",
    fix="Write of apples.",
    verdicts={"default": verdicts_of(["block", "review", "send"])},
)


@dataclass(frozen=True, slots=True)
class BiscuitOptions:
    """`words`: what is objected to."""

    words: tuple[str, ...] = ("biscuit",)


def make(options: BiscuitOptions) -> Callable[[Context], Iterator[Finding]]:
    def check(context: Context) -> Iterator[Finding]:
        for field, text in context.fields():
            for match in re.finditer("|".join(options.words), text):
                span = TextSpan(field, match.start(), match.end())
                yield Finding("TST101", span, edits=(Edit(span, "apple", Applicability.SAFE),))

    return check


BISCUITS = Checker("biscuits", (RULE,), BiscuitOptions, make)


def opened(data: bytes) -> Any:
    """The picture in Pillow, which no module of a checker may import at its top."""
    from PIL import Image

    return Image.open(io.BytesIO(data))


def checker(check: Callable[[Context], Any], **changes: Any) -> Checker:
    """A checker of the same rule that does something else."""
    return replace(BISCUITS, make=lambda _options: check, **changes)


def broken(given: Checker, **how: Any) -> str:
    """What the contract says of a checker that breaks it."""
    with pytest.raises(ContractBroken) as caught:
        contract(given, **how)
    return str(caught.value)


# What it builds


def test_a_picture_tells_what_was_asked_for_and_nothing_else() -> None:
    from PIL import ExifTags

    picture = photo(gps=(54.25, -2.5), caption="On the beach", time="2026-06-09T10:30")
    exif = opened(picture.data).getexif()
    assert exif[ExifTags.Base.ImageDescription] == "On the beach"
    assert exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] == "2026:06:09 10:30:00"
    position = exif.get_ifd(ExifTags.IFD.GPSInfo)
    assert position[ExifTags.GPS.GPSLatitude] == (54.0, 15.0, 0.0)
    assert position[ExifTags.GPS.GPSLatitudeRef] == "N"
    assert position[ExifTags.GPS.GPSLongitudeRef] == "W"
    assert not opened(photo().data).getexif()


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "tiff", "gif"])
def test_every_format_is_written_in_the_size_asked_for_with_its_caption(kind: str) -> None:
    from PIL import ExifTags

    picture = photo(format=kind, size=(120, 90), caption="Our wall")
    file = opened(picture.data)
    assert (file.format or "").lower() == kind
    assert file.size == (120, 90)
    told = file.info.get("comment") == b"Our wall" or file.getexif().get(ExifTags.Base.ImageDescription) == "Our wall"
    assert told


def test_what_can_not_be_made_is_refused() -> None:
    with pytest.raises(ValueError, match="don't fit"):
        photo(faces=30, size=(200, 100))
    with pytest.raises(ValueError, match="GIF"):
        photo(format="gif", gps=(54.0, 2.0))
    with pytest.raises(ValueError, match="one of jpeg"):
        photo(format="bmp")


@pytest.mark.parametrize("people", [1, 2, 5])
def test_as_many_faces_are_found_as_were_asked_for(people: int) -> None:
    outcome = run("faces", draft(images=photo(faces=people)))
    outcome.assert_codes("FAC202")
    assert len(outcome.findings) == people


def test_a_draft_takes_one_picture_and_times_as_text() -> None:
    made = draft("Hello", images=photo(), publish_at="2026-06-10T15:30", history=[("2026-06-10T09:00", "Off!")])
    assert len(made.images) == 1
    assert made.publish_at == datetime(2026, 6, 10, 15, 30)  # noqa: DTZ001 - in the school's zone
    assert made.history[0][0].hour == 9


# One checker by itself


def test_only_the_checkers_that_are_named_run() -> None:
    assert [r.checker for r in guard(BISCUITS).check(draft()).runs] == ["biscuits"]
    assert [r.checker for r in guard("metadata", BISCUITS).check(draft()).runs] == ["biscuits", "metadata"]
    assert [r.checker for r in guard("contact").check(draft()).runs] == ["contact"]


def test_the_clock_of_tests_stands_still() -> None:
    seen: list[datetime] = []

    def look(context: Context) -> list[Finding]:
        seen.append(context.now)
        return []

    run(checker(look), draft())
    assert seen == [NOW]


def test_the_outcome_says_codes_marks_decision_and_clean_copy() -> None:
    outcome = run(BISCUITS, draft("A biscuit, and one more biscuit.", images=photo(alt="the biscuit tin")))
    outcome.assert_codes("TST101").assert_marks("biscuit", "biscuit", "biscuit")
    assert outcome.decision is Decision.BLOCK
    assert outcome.clean is not None
    assert outcome.clean.text == "A apple, and one more apple."


def test_options_reach_the_checker() -> None:
    run(BISCUITS, draft("A scone."), words=("scone",)).assert_marks("scone")
    run(BISCUITS, draft("A biscuit."), words=("scone",)).assert_clean()


def test_a_wrong_expectation_fails_and_says_what_was_found() -> None:
    found = run(BISCUITS, draft("A biscuit."))
    with pytest.raises(AssertionError, match="found TST101"):
        found.assert_clean()
    with pytest.raises(AssertionError, match="expected nothing, found TST101"):
        found.assert_codes()
    with pytest.raises(AssertionError, match=r"found \('biscuit',\)"):
        found.assert_marks("scone")
    with pytest.raises(AssertionError, match="found nothing"):
        run(BISCUITS, draft()).assert_codes("TST101")


def test_a_checker_that_breaks_off_is_never_clean() -> None:
    outcome = run(checker(lambda _context: 1 / 0), draft())
    outcome.assert_codes("PG001")
    with pytest.raises(AssertionError, match="broke off"):
        outcome.assert_clean()


def test_a_plugin_that_can_not_be_used_is_an_error() -> None:
    class NoHook:
        pass

    with pytest.raises(PluginError, match="not installed"):
        guard("no-such-plugin")
    with pytest.raises(PluginError, match="offers no hook"):
        run(NoHook(), draft())


def test_a_whole_plugin_can_be_handed_over() -> None:
    class Plugin:
        @hookimpl
        def postguard_checkers(self) -> list[Checker]:
            return [BISCUITS]

    run(Plugin(), draft("A biscuit.")).assert_codes("TST101")
    contract(Plugin())


def test_the_fixtures_are_the_functions(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> None:
    own = {"draft": draft, "photo": photo, "guard": guard, "run": run, "contract": contract}
    assert {name: request.getfixturevalue(name) for name in own} == own


def test_importing_the_kit_loads_no_pytest_no_model_and_no_image_library() -> None:
    heavy = ["pytest", "PIL", "spacy", "cv2", "onnxruntime", "numpy"]
    code = f"import sys, postguard.testing; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# The contract


def test_a_good_checker_holds_its_contract() -> None:
    contract(BISCUITS, [draft("Biscuits? A biscuit 🍪 a day.")])


def test_rules_without_words_are_named() -> None:
    told = broken(replace(BISCUITS, rules=(replace(RULE, why=" ", message="Not {word}."),)))
    assert "TST101 has no why" in told
    assert "no placeholders" in told


def test_options_nobody_explains_are_named() -> None:
    @dataclass
    class Options:
        words: tuple[str, ...] = ()
        depth: int = 3

    told = broken(checker(lambda _context: [], options=Options))
    assert "does not explain 'depth'" in told
    assert "frozen" in told


def test_a_mood_is_noticed() -> None:
    times = count()
    span = TextSpan("text", 0, 1)

    def check(context: Context) -> list[Finding]:
        return [Finding("TST101", span)] if context.draft.text and next(times) % 2 else []

    assert "one thing now and another later" in broken(checker(check))


def test_a_changed_draft_is_noticed() -> None:
    def check(context: Context) -> list[Finding]:
        object.__setattr__(context.draft, "text", "Something else.")
        return []

    assert "changes the draft" in broken(checker(check))


def test_evidence_outside_the_draft_is_noticed() -> None:
    assert "IndexError" in broken(checker(lambda _context: [Finding("TST101", TextSpan("text", 0, 10_000))]))
    assert "marks nothing in text" in broken(checker(lambda _context: [Finding("TST101", TextSpan("text", 0, 0))]))

    def beside(context: Context) -> list[Finding]:
        return [Finding("TST101", ImageBox(i, 0, 0, 5_000, 5)) for i in range(len(context.draft.images))]

    assert "points outside images[0]" in broken(checker(beside))


def test_safe_edits_that_do_not_help_are_noticed() -> None:
    def check(context: Context) -> Iterator[Finding]:
        for match in re.finditer("biscuit", context.draft.text):
            span = TextSpan("text", match.start(), match.end())
            yield Finding("TST101", span, edits=(Edit(span, "biscuit tin"),))

    assert "safe edits leave what it objects to" in broken(checker(check))


def test_a_checker_that_breaks_off_is_noticed() -> None:
    told = broken(checker(lambda context: 1 / len(context.draft.text.strip())))
    assert "does not come to an end" in told
    assert "ZeroDivisionError" in told


def test_a_slow_checker_is_noticed() -> None:
    assert "more than 0 s" in broken(BISCUITS, seconds=0.0)
    assert "to import, more than 0 s" in broken(BISCUITS, import_seconds=0.0)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    ("channel", "tell"),
    [
        ("a log line", lambda text: logging.getLogger("biscuits").debug("read %r", text)),
        ("what it prints", print),
        ("a warning", lambda text: warnings.warn(text, stacklevel=1)),
    ],
)
def test_a_leak_is_noticed(channel: str, tell: Callable[[str], Any]) -> None:
    def check(context: Context) -> list[Finding]:
        tell(context.draft.text.encode("ascii", "replace").decode())
        return []

    assert f"{channel} quotes the draft" in broken(checker(check))


def test_advice_that_quotes_is_noticed() -> None:
    def check(context: Context) -> list[Finding]:
        return [Finding("TST101", advice=context.draft.text[:40])]

    told = broken(checker(check))
    assert "the repr of its findings quotes the draft" in told
    assert "a report without excerpts quotes the draft" in told


def explaining(explain: Callable[[Context], Any]) -> Checker:
    """A checker that explains what it saw."""
    return replace(BISCUITS, explain=explain)


def test_a_checker_that_explains_without_quoting_holds_its_contract() -> None:
    def explain(context: Context) -> Iterator[Note]:
        for field, text in context.fields():
            for match in re.finditer("biscuit", text):
                yield Note(TextSpan(field, match.start(), match.end()), "something to eat", 0.9)

    contract(explaining(explain))


def test_an_explanation_that_quotes_is_noticed_also_in_what_it_raises() -> None:
    def quoting(context: Context) -> Iterator[Note]:
        yield from (Note(TextSpan(field, 0, 1), f"found in {text!r}") for field, text in context.fields())

    def failing(context: Context) -> list[Note]:
        raise ValueError(context.draft.text)

    assert "its explain quotes the draft" in broken(explaining(quoting))
    told = broken(explaining(failing))
    assert "the ValueError of its explain quotes the draft" in told
    assert "its explain breaks off (ValueError)" in told


def test_an_explanation_outside_the_draft_or_of_a_changing_mind_is_noticed() -> None:
    times = count()
    told = broken(explaining(lambda _context: [Note(TextSpan("text", 0, 10_000), "far away", 2.0)]))
    assert "its explain points behind the end of text" in told
    assert "confidence that is not from 0 to 1" in told
    moody = broken(explaining(lambda _context: [Note(TextSpan("text", 0, 0), f"mood {next(times)}")]))
    assert "its explain says one thing now and another later" in moody


def test_an_exception_that_quotes_is_noticed_also_as_the_cause_of_another() -> None:
    def plain(context: Context) -> list[Finding]:
        raise ValueError(context.draft.text)

    def chained(context: Context) -> list[Finding]:
        try:
            return plain(context)
        except ValueError as error:
            raise RuntimeError("it failed") from error

    assert "its ValueError quotes the draft" in broken(checker(plain))
    assert "its RuntimeError quotes the draft" in broken(checker(chained))


def test_a_call_home_is_noticed() -> None:
    def check(context: Context) -> list[Finding]:
        with socket.socket() as line:
            line.connect_ex(("127.0.0.1", 9))
        return []

    assert "opens a network connection" in broken(checker(check))


def test_to_shrug_at_a_broken_picture_is_noticed(caplog: pytest.LogCaptureFixture) -> None:
    def shrugging(context: Context) -> list[Finding]:
        for image in context.draft.images:
            try:
                opened(image.data).load()
            except (OSError, SyntaxError):
                continue
        return []

    def careful(context: Context) -> list[Finding]:
        for index, image in enumerate(context.draft.images):
            try:
                opened(image.data).load()
            except (OSError, SyntaxError):
                raise UnreadablePicture(index, "damaged") from None
        return []

    told = broken(checker(shrugging))
    assert "it passes a picture that is empty" in told
    assert "it passes a picture that is only the head of a PNG" in told
    caplog.set_level(logging.INFO, "PIL")  # Pillow itself logs what it reads
    contract(checker(careful))


def test_a_module_that_imports_heavily_is_noticed(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "heavy_biscuits.py").write_text("import PIL.Image\ndef make(options):\n    return lambda context: []\n")
    monkeypatch.syspath_prepend(os.fspath(tmp_path))
    import heavy_biscuits  # type: ignore[import-not-found]

    given = Checker("biscuits", (RULE,), NoOptions, heavy_biscuits.make)
    assert "imports PIL right away" in broken(given)


def test_all_that_is_broken_is_listed_at_once() -> None:
    with pytest.raises(ContractBroken) as caught:
        contract(checker(lambda _context: [Finding("TST999")], rules=(replace(RULE, fix=""),)))
    assert "TST101 has no fix" in caught.value.broken
    assert len(caught.value.broken) > 1
