"""The fail-closed table, line by line: what could not be checked does not pass, and stops nothing else."""

from __future__ import annotations

import threading
import types
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from postguard import (
    Applicability,
    Checker,
    ConfigError,
    Decision,
    Draft,
    Edit,
    Finding,
    Guard,
    Image,
    ImageBox,
    ImageFile,
    MetadataField,
    Policy,
    PostBlocked,
    Sanitiser,
    TextSpan,
    UnreadablePicture,
    View,
    hookimpl,
)
from postguard.config import load_config
from postguard.model import Outcome
from postguard.rules import verdicts_of

BADGER = Draft("A badger came to school.")
PICTURE = Draft("", images=(Image("a.png", b"made up"),))
KEPT = Finding("ZZZ901", evidence=TextSpan("text", 2, 8))


def codes(report):
    return [finding.rule for finding in report.findings]


def outcome(report, name="made-up"):
    return {run.checker: run.outcome for run in report.runs}[name]


def blocks(report, code):
    """It blocks because of `code`, offers no copy, and the other checker still ran."""
    assert report.decision is Decision.BLOCK
    assert code in codes(report)
    assert not report.checked
    assert report.clean is None
    assert "ZZZ902" in codes(report)
    assert outcome(report, "other") is Outcome.OK


def test_the_ground_of_these_tests_a_guard_that_finds_nothing_sends(bare_guard, kit):
    report = bare_guard({"fine": kit.plugin(kit.checker(lambda _context: []))}).check(BADGER)
    assert report.decision is Decision.SEND
    assert outcome(report) is Outcome.OK


# A checker breaks off: PG001


@pytest.mark.parametrize(
    "error", [ValueError, SystemExit, KeyboardInterrupt, GeneratorExit, MemoryError, StopIteration]
)
def test_a_checker_that_raises_blocks_whatever_it_raises(bare_guard, kit, error):
    def check(_context):
        raise error("Robin Sample")

    report = bare_guard({"bad": kit.plugin(kit.checker(check)), "fine": kit.finder()}).check(BADGER)
    blocks(report, "PG001")
    assert outcome(report) is Outcome.FAILED
    assert error.__name__ in next(f.advice for f in report.findings if f.rule == "PG001")
    assert "Robin" not in report.to_json() + repr(report)


@pytest.mark.parametrize("error", [ValueError, SystemExit])
def test_what_a_generator_found_before_it_died_is_kept(bare_guard, kit, error):
    def check(_context):
        yield KEPT
        raise error

    report = bare_guard({"bad": kit.plugin(kit.checker(check)), "fine": kit.finder()}).check(BADGER)
    blocks(report, "PG001")
    assert "ZZZ901" in codes(report)


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(Finding("ZZZ999"), id="a rule that was not declared"),
        pytest.param(Finding("PG010"), id="a rule of the core"),
        pytest.param(Finding("ZZZ901", variant="other"), id="a variant that the rule has not"),
        pytest.param(Finding("PG011", variant="other"), id="a variant that an open rule has not"),
        pytest.param(Finding("ZZZ901", evidence=TextSpan("text", 20, 25)), id="a span behind the text's end"),
        pytest.param(Finding("ZZZ901", evidence=TextSpan("place", 0, 1)), id="a span of a field that is empty"),
        pytest.param(Finding("ZZZ901", evidence=ImageBox(0, 0, 0, 1, 1)), id="a box in no picture"),
        pytest.param(Finding("ZZZ901", evidence=ImageFile(-1)), id="a picture before the first"),
        pytest.param(Finding("ZZZ901", evidence=MetadataField(0, "exif.Make")), id="a field of no picture"),
        pytest.param(Finding("ZZZ901", edits=(Edit(TextSpan("text", 0, 99), ""),)), id="an edit behind the text's end"),
        pytest.param(Finding("ZZZ901", evidence="text"), id="evidence that is none"),
        pytest.param(Finding("ZZZ901", edits=("cover",)), id="an edit that is none"),
        pytest.param(Finding(["ZZZ901"]), id="a rule that is no string"),
        pytest.param(Finding("ZZZ901", advice=["Robin"]), id="advice that can't be hashed"),
        pytest.param("ZZZ901", id="something that is no finding"),
        pytest.param(None, id="nothing"),
    ],
)
def test_a_checker_that_yields_what_it_may_not_breaks_off(bare_guard, kit, odd):
    def check(_context):
        yield KEPT
        yield odd

    report = bare_guard({"bad": kit.plugin(kit.checker(check)), "fine": kit.finder()}).check(BADGER)
    blocks(report, "PG001")
    assert "ZZZ901" in codes(report)


@pytest.mark.parametrize("result", [None, 5, False])
def test_a_check_that_gives_no_findings_at_all_breaks_off(bare_guard, kit, result):
    report = bare_guard({"bad": kit.plugin(kit.checker(lambda _context: result)), "fine": kit.finder()}).check(BADGER)
    blocks(report, "PG001")


def test_a_view_is_made_once_and_its_failure_reaches_every_reader(bare_guard, kit):
    made = []

    def make(_options):
        def view(_context):
            made.append(1)
            raise SystemExit

        return view

    first = kit.checker(lambda context: context.view("shared"), views=[View("shared", make)], name="a")
    second = kit.checker(lambda context: context.view("shared"), name="b", code="ZZZ903")
    guard = bare_guard({"bad": kit.plugin(first, second), "fine": kit.finder()})
    report = guard.check(BADGER)
    blocks(report, "PG001")
    assert outcome(report, "a") is outcome(report, "b") is Outcome.FAILED
    assert made == [1]


def test_a_view_that_nobody_offers_breaks_the_checker_off(bare_guard, kit):
    checker = kit.checker(lambda context: context.view("nobody's"))
    blocks(bare_guard({"bad": kit.plugin(checker), "fine": kit.finder()}).check(BADGER), "PG001")


# A required checker or plugin is missing or broken: PG002


def broken_by(bare_guard, kit, plugin, **same):
    report = bare_guard({"bad": plugin, "fine": kit.finder()}, **same).check(BADGER)
    blocks(report, "PG002")
    assert outcome(report, "bad") is Outcome.MISSING
    return next(f.advice for f in report.findings if f.rule == "PG002")


@pytest.mark.parametrize("error", [ImportError, SystemExit, OSError])
def test_a_checker_that_cannot_start_is_missing(bare_guard, kit, error):
    def make(_options):
        raise error("Robin Sample")

    bad = Checker("made-up", (kit.rule(),), kit.Options, make)
    report = bare_guard({"bad": kit.plugin(bad), "fine": kit.finder()}).check(BADGER)
    blocks(report, "PG002")
    assert outcome(report) is Outcome.MISSING
    assert "Robin" not in report.to_json()


def installed_plugin(folder: Path, name: str, source: str) -> None:
    """What pip leaves behind: a module, and the entry point that names it."""
    (folder / f"{name}_module.py").write_text(source)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[postguard]\n{name} = {name}_module\n")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError"),
        ("raise SystemExit('Robin Sample')", "SystemExit"),
        ("this is no Python", "SyntaxError"),
        ("raise BaseException", "BaseException"),
    ],
)
def test_an_installed_plugin_that_fails_to_import_blocks_and_the_others_run(
    bare_guard, kit, tmp_path, monkeypatch, source, kind
):
    installed_plugin(tmp_path, "brokenone", source)
    monkeypatch.syspath_prepend(tmp_path)
    report = bare_guard({"fine": kit.finder()}, plugins=["brokenone"]).check(BADGER)
    blocks(report, "PG002")
    advice = next(f.advice for f in report.findings if f.rule == "PG002")
    assert kind in advice
    assert "Robin" not in advice


def test_installed_does_not_mean_enabled(bare_guard, tmp_path, monkeypatch):
    installed_plugin(tmp_path, "brokenone", "raise SystemExit")
    monkeypatch.syspath_prepend(tmp_path)
    assert bare_guard().check(BADGER).decision is Decision.SEND


def test_a_plugin_that_is_not_installed_blocks_when_named_in_code_and_is_a_config_error_in_a_file(
    bare_guard, kit, tmp_path
):
    report = bare_guard({"fine": kit.finder()}, plugins=["not-there"]).check(BADGER)
    blocks(report, "PG002")
    (tmp_path / "postguard.toml").write_text('plugins = ["not-there"]')
    with pytest.raises(ConfigError, match="'not-there' is not installed"):
        load_config(tmp_path / "postguard.toml")


def test_a_built_in_checker_that_is_not_there_blocks(monkeypatch, kit):
    monkeypatch.setattr("postguard.plugins.BUILTIN", ("gone",))
    report = Guard(plugin_objects={"fine": kit.finder()}).check(BADGER)
    blocks(report, "PG002")
    assert outcome(report, "gone") is Outcome.MISSING


def test_a_checker_with_the_name_of_a_missing_built_in_one_does_not_stand_in_for_it(monkeypatch, kit):
    monkeypatch.setattr("postguard.plugins.BUILTIN", ("gone",))
    impostor = kit.plugin(kit.checker(lambda _context: [], name="gone"))
    blocks(Guard(plugin_objects={"x": impostor, "fine": kit.finder()}).check(BADGER), "PG002")


def test_two_plugins_with_one_rule_code_the_later_is_refused(bare_guard, kit):
    plugins = {
        "a-first": kit.plugin(kit.checker(lambda _context: [KEPT])),
        "b-second": kit.plugin(kit.checker(lambda _context: [], name="second")),
        "fine": kit.finder(),
    }
    report = bare_guard(plugins).check(BADGER)
    blocks(report, "PG002")
    assert "ZZZ901" in codes(report)
    assert outcome(report, "b-second") is Outcome.MISSING


def test_one_plugin_that_declares_a_code_twice_is_refused(bare_guard, kit):
    advice = broken_by(bare_guard, kit, kit.plugin(kit.checker(lambda _c: [], rules=[kit.rule(), kit.rule()])))
    assert "ZZZ901" in advice


@pytest.mark.parametrize("code", ["PG001", "PG011", "PG900", "PGX100"])
def test_codes_of_the_core_cannot_be_claimed(bare_guard, kit, code):
    broken_by(bare_guard, kit, kit.plugin(kit.checker(lambda _c: [], code=code)))


@pytest.mark.parametrize("shared", ["checker", "view", "sanitiser"])
def test_a_name_that_another_plugin_has_is_refused(bare_guard, kit, shared):
    def plugin(name, code):
        return kit.plugin(
            kit.checker(
                lambda _context: [],
                name="same" if shared == "checker" else name,
                code=code,
                views=[View("same" if shared == "view" else name, lambda _o: lambda _c: 1)],
            ),
            sanitisers=[
                Sanitiser("same" if shared == "sanitiser" else name, MetadataField, lambda: lambda image, _e, _i: image)
            ],
        )

    plugins = {"a-first": plugin("a", "ZZZ903"), "b-second": plugin("b", "ZZZ904"), "fine": kit.finder()}
    report = bare_guard(plugins).check(BADGER)
    blocks(report, "PG002")
    assert outcome(report, "b-second") is Outcome.MISSING


def test_one_plugin_with_two_checkers_of_one_name_is_refused(bare_guard, kit):
    two = [kit.checker(lambda _c: [], code=code) for code in ("ZZZ903", "ZZZ904")]
    broken_by(bare_guard, kit, kit.plugin(*two))


def test_a_misspelt_hook_is_refused(bare_guard, kit):
    plugin = kit.plugin(kit.checker(lambda _c: []))

    @hookimpl
    def postguard_chekers():
        return []

    plugin.postguard_chekers = postguard_chekers
    assert "postguard_chekers" in broken_by(bare_guard, kit, plugin)


def test_a_hook_without_its_mark_is_refused(bare_guard, kit):
    plugin = types.ModuleType("forgetful")
    plugin.postguard_checkers = lambda: [kit.checker(lambda _c: [])]
    assert "lacks @hookimpl" in broken_by(bare_guard, kit, plugin)


def test_a_hook_that_takes_an_argument_nobody_passes_is_refused(bare_guard, kit):
    plugin = types.ModuleType("demanding")

    @hookimpl
    def postguard_checkers(config):
        return [kit.checker(lambda _c: [])]

    plugin.postguard_checkers = postguard_checkers
    broken_by(bare_guard, kit, plugin)


def test_a_plugin_that_offers_no_hook_is_refused(bare_guard, kit):
    assert "offers no hook" in broken_by(bare_guard, kit, types.ModuleType("empty"))


@pytest.mark.parametrize("offered", [None, [], ["a checker"], 5])
def test_a_hook_that_offers_nothing_or_something_else_is_refused(bare_guard, kit, offered):
    plugin = types.ModuleType("returnless")
    plugin.postguard_checkers = hookimpl(lambda: offered)
    broken_by(bare_guard, kit, plugin)


@pytest.mark.parametrize("how", [{"wrapper": True}, {"hookwrapper": True}])
def test_a_wrapper_that_could_swallow_findings_is_refused(bare_guard, kit, how):
    plugin = types.ModuleType("swallower")

    def postguard_checkers():
        yield
        return []

    plugin.postguard_checkers = hookimpl(**how)(postguard_checkers)
    advice = broken_by(bare_guard, kit, plugin)
    assert "wraps a hook" in advice


def test_a_sanitiser_for_evidence_that_nothing_cleans_is_refused(bare_guard, kit):
    odd = Sanitiser("odd", TextSpan, lambda: lambda image, _edits, _index: image)
    broken_by(bare_guard, kit, kit.plugin(sanitisers=[odd]))


@dataclass(frozen=True)
class _NeedsAWord:
    word: str


@pytest.mark.parametrize("options", [_NeedsAWord, dict, "word"])
def test_options_without_defaults_or_of_another_kind_refuse_the_plugin_not_the_guard(bare_guard, kit, options):
    broken_by(bare_guard, kit, kit.plugin(replace(kit.checker(lambda _c: []), options=options)))


def test_tryfirst_and_trylast_change_nothing(bare_guard, kit):
    def plugin(name, code, **how):
        module = types.ModuleType(name)
        checker = kit.checker(lambda _context: [Finding(code)], name=name, code=code)
        module.postguard_checkers = hookimpl(**how)(lambda: [checker])
        return module

    def order(first, last):
        plugins = {"p1": plugin("a", "ZZZ903", **last), "p2": plugin("b", "ZZZ904", **first)}
        report = bare_guard(plugins).check(BADGER)
        return [run.checker for run in report.runs], codes(report)

    assert order({}, {}) == order({"tryfirst": True}, {"trylast": True})
    assert order({}, {})[0] == ["a", "b"]


def test_every_plugin_may_be_broken_at_once_and_each_is_named(bare_guard, kit):
    report = bare_guard({"one": types.ModuleType("x"), "two": object(), "fine": kit.finder()}).check(BADGER)
    blocks(report, "PG002")
    assert outcome(report, "one") is outcome(report, "two") is Outcome.MISSING


# A checker passes its deadline: PG003


def test_a_checker_that_never_ends_is_given_up_and_what_it_found_is_kept(bare_guard, kit):
    release = threading.Event()

    def check(_context):
        yield KEPT
        release.wait(30)

    try:
        guard = bare_guard({"bad": kit.plugin(kit.checker(check)), "fine": kit.finder()}, deadline=0.2)
        report = guard.check(BADGER)
    finally:
        release.set()
    blocks(report, "PG003")
    assert outcome(report) is Outcome.TIMEOUT
    assert "ZZZ901" in codes(report)


def test_a_checker_that_never_gets_made_is_given_up_too(bare_guard, kit):
    release = threading.Event()

    def make(_options):
        release.wait(30)
        return lambda _context: []

    try:
        bad = replace(kit.checker(lambda _context: []), make=make)
        guard = bare_guard({"bad": kit.plugin(bad), "fine": kit.finder()}, deadline=0.2)
        blocks(guard.check(BADGER), "PG003")
        blocks(guard.check(BADGER), "PG003")
    finally:
        release.set()


def test_after_a_checker_was_given_up_the_next_draft_is_judged_as_ever(bare_guard, kit):
    release = threading.Event()

    def check(context):
        if context.draft == BADGER:
            release.wait(30)
        return []

    try:
        guard = bare_guard({"bad": kit.plugin(kit.checker(check))}, deadline=0.2)
        assert codes(guard.check(BADGER)).count("PG003") == 1
        assert guard.check(Draft("An otter came.")).decision is Decision.SEND
    finally:
        release.set()


@pytest.mark.parametrize("deadline", [0, -1, float("inf"), float("nan")])
def test_a_deadline_that_is_none_is_a_config_error(bare_guard, deadline):
    with pytest.raises(ConfigError, match="deadline"):
        bare_guard(deadline=deadline)


# A picture that can't be judged: PG004


@pytest.mark.parametrize("index", [0, None, 7])
def test_a_picture_that_a_checker_cannot_read_blocks(bare_guard, kit, index):
    def check(_context):
        raise UnreadablePicture(index, "broken")

    report = bare_guard({"bad": kit.plugin(kit.checker(check)), "fine": kit.finder()}).check(PICTURE)
    blocks(report, "PG004")
    assert outcome(report) is Outcome.INCOMPLETE
    told = next(f for f in report.findings if f.rule == "PG004")
    assert told.evidence == (ImageFile(0) if index == 0 else None)


def test_a_checker_may_report_pg004_itself_and_go_on(bare_guard, kit):
    def check(_context):
        yield Finding("PG004", evidence=ImageFile(0))
        yield Finding("ZZZ901")

    report = bare_guard({"bad": kit.plugin(kit.checker(check)), "fine": kit.finder()}).check(PICTURE)
    blocks(report, "PG004")
    assert "ZZZ901" in codes(report)


# The clean copy: PG005


def word_checker(kit, replacement):
    """Objects to every "badger", and proposes `replacement`."""

    def check(context):
        at = context.text_of("text").find("badger")
        if at >= 0:
            span = TextSpan("text", at, at + 6)
            yield Finding("ZZZ901", evidence=span, edits=(Edit(span, replacement),))

    return kit.checker(check)


def test_a_clean_copy_that_holds_is_offered_and_passes(bare_guard, kit):
    guard = bare_guard({"word": kit.plugin(word_checker(kit, "cat"))})
    report = guard.check(BADGER)
    assert report.decision is Decision.BLOCK
    assert report.clean == Draft("A cat came to school.")
    again = guard.check(report.clean)
    assert again.decision is Decision.SEND
    assert again.clean == report.clean


def test_a_clean_copy_that_still_objects_is_not_offered(bare_guard, kit):
    report = bare_guard({"word": kit.plugin(word_checker(kit, "badger!"))}).check(BADGER)
    assert report.clean is None
    assert "PG005" in codes(report)
    assert report.decision is Decision.BLOCK


def test_a_copy_whose_text_needs_a_second_round_gets_one(bare_guard, kit):
    """What a first edit leaves may be objected to in its turn."""

    def check(context):
        for word, instead in (("badger", "stoat"), ("stoat", "cat")):
            at = context.text_of("text").find(word)
            if at >= 0:
                span = TextSpan("text", at, at + len(word))
                yield Finding("ZZZ901", evidence=span, edits=(Edit(span, instead),))

    guard = bare_guard({"word": kit.plugin(kit.checker(check))})
    report = guard.check(BADGER)
    assert report.clean == Draft("A cat came to school.")
    assert guard.check(report.clean).clean == report.clean


def test_a_sanitiser_that_never_ends_is_given_up(bare_guard, kit):
    release = threading.Event()

    def make():
        def apply(image, _edits, _index):
            release.wait(30)
            return image

        return apply

    try:
        slow = Sanitiser("slow", MetadataField, make)
        report = bare_guard({"slow": kit.plugin(sanitisers=[slow])}, deadline=0.2).check(PICTURE)
    finally:
        release.set()
    assert report.clean is None
    assert "PG005" in codes(report)
    assert report.decision is Decision.BLOCK


def test_a_review_whose_copy_does_not_hold_becomes_a_block(bare_guard, kit):
    softly = replace(word_checker(kit, "badger!"), rules=(kit.rule(default=["review", "review", "review"]),))
    report = bare_guard({"word": kit.plugin(softly)}).check(BADGER)
    assert report.decision is Decision.BLOCK


def test_a_copy_of_which_nothing_is_left_is_not_offered(bare_guard, kit):
    guard = bare_guard({"word": kit.plugin(word_checker(kit, ""))})
    report = guard.check(Draft("badger"))
    assert report.clean is None
    assert "PG005" in codes(report)


def stripper(kit, apply, *, make=None):
    """A plugin that asks for a strip of every picture that does not start with b"clean", and its sanitiser."""

    def check(context):
        for index, image in enumerate(context.draft.images):
            if not image.data.startswith(b"clean"):
                field = MetadataField(index, "exif.Make")
                yield Finding("ZZZ901", evidence=field, edits=(Edit(field, "strip"),))

    sanitiser = Sanitiser("made-up strip", MetadataField, make or (lambda: apply))
    return kit.plugin(kit.checker(check), sanitisers=[sanitiser])


def cleaned(image, _edits, _index):
    return replace(image, data=b"clean")


def test_a_sanitiser_that_does_its_work_gives_a_copy(bare_guard, kit):
    guard = bare_guard({"strip": stripper(kit, cleaned)})
    assert guard.check(PICTURE).clean.images[0].data == b"clean"


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyError])
def test_a_sanitiser_that_raises_leaves_no_copy(bare_guard, kit, error):
    def apply(_image, _edits, _index):
        raise error("Robin Sample")

    report = bare_guard({"strip": stripper(kit, apply)}).check(PICTURE)
    assert report.clean is None
    assert "PG005" in codes(report)
    assert error.__name__ in report.to_json()
    assert "Robin" not in report.to_json()


@pytest.mark.parametrize("error", [ImportError, SystemExit, KeyError])
def test_a_sanitiser_that_cannot_be_made_leaves_no_copy_not_even_the_second_time(bare_guard, kit, error):
    def make():
        raise error

    guard = bare_guard({"strip": stripper(kit, None, make=make)})
    for _ in range(2):
        report = guard.check(PICTURE)
        assert report.clean is None
        assert "PG005" in codes(report)


@pytest.mark.parametrize("result", [b"bytes", "name", 0])
def test_a_sanitiser_that_gives_no_picture_leaves_no_copy(bare_guard, kit, result):
    report = bare_guard({"strip": stripper(kit, lambda *_: result)}).check(PICTURE)
    assert report.clean is None
    assert "PG005" in codes(report)


def test_a_picture_that_passes_unstripped_is_not_let_through_when_stripping_fails(bare_guard, kit):
    def apply(_image, _edits, _index):
        raise ValueError

    guard = bare_guard({"strip": stripper(kit, apply)})
    draft = Draft("", images=(Image("a.png", b"clean"),))
    assert guard.check(draft).decision is Decision.BLOCK
    with pytest.raises(PostBlocked):
        guard.gate(draft)


def test_a_checker_that_fails_on_the_copy_leaves_no_copy(bare_guard, kit):
    def check(context):
        if "badger" not in context.draft.text:
            raise ValueError
        span = TextSpan("text", 2, 8)
        yield Finding("ZZZ901", evidence=span, edits=(Edit(span, "cat"),))

    report = bare_guard({"word": kit.plugin(kit.checker(check))}).check(BADGER)
    assert report.clean is None
    assert "PG005" in codes(report)


@pytest.mark.parametrize("applicability", [Applicability.OFFERED, Applicability.SHOW_ONLY])
def test_edits_that_a_person_must_choose_are_never_applied(bare_guard, kit, applicability):
    span = TextSpan("text", 2, 8)
    found = Finding("ZZZ901", evidence=span, edits=(Edit(span, "cat", applicability),))
    report = bare_guard({"word": kit.plugin(kit.checker(lambda _c: [found]))}).check(BADGER)
    assert report.clean is None


# The gate


def test_the_gate_leaves_a_text_alone_that_only_advice_speaks_of(bare_guard, kit):
    advising = replace(word_checker(kit, "cat"), rules=(kit.rule(default=["send", "send", "send"]),))
    guard = bare_guard({"word": kit.plugin(advising)})
    assert guard.gate(BADGER) == BADGER


def test_the_gate_holds_back_what_a_person_has_to_see_though_a_clean_copy_is_there(bare_guard, kit):
    with pytest.raises(PostBlocked) as held:
        bare_guard({"word": kit.plugin(word_checker(kit, "cat"))}).gate(BADGER)
    assert held.value.report.clean is not None


# Nothing softens the core


@pytest.mark.parametrize("code", ["PG001", "PG002", "PG003", "PG004", "PG005", "PG006"])
@pytest.mark.parametrize("verdict", ['"send"', '"review"', '"off"', '["block", "block", "send"]'])
def test_the_rules_of_the_core_cannot_be_softened_in_a_config(tmp_path, code, verdict):
    (tmp_path / "postguard.toml").write_text(f"[rules]\n{code} = {verdict}\n")
    with pytest.raises(ConfigError, match="can only be made stricter"):
        load_config(tmp_path / "postguard.toml")


def test_the_rules_of_the_core_cannot_be_softened_by_a_policy_either(bare_guard, kit):
    def check(_context):
        raise ValueError

    soft = Policy("soft", {code: verdicts_of(["off", "off", "off"]) for code in ("PG001", "PG002", "ZZZ902")})
    report = bare_guard({"bad": kit.plugin(kit.checker(check))}, policy=soft).check(BADGER)
    assert report.decision is Decision.BLOCK
    assert "PG001" in codes(report)


def test_nothing_to_check_does_not_pass(bare_guard):
    report = bare_guard().check(Draft(" \n"))
    assert report.decision is Decision.BLOCK
    assert "PG006" in codes(report)


def test_a_report_has_no_truth_value(bare_guard):
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(bare_guard().check(BADGER))
