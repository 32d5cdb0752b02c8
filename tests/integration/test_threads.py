"""One Guard, many threads: the reports are those of one thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pictures
import portraits

from postguard import Draft, Image

BENCH = pictures.jpeg()
FACE = portraits.encoded(portraits.portrait(256))
DRAFTS = [
    Draft("Our new reading corner is finished. Come and see it."),
    Draft("Congratulations to Robin Sample on winning the science prize!"),
    Draft("Year 5 are at Sample Bay Sea Life all day!"),
    Draft("Our bench.", images=(Image("bench.jpg", BENCH, subjects=()),)),
    Draft("Somebody.", images=(Image("a.jpg", FACE, subjects=()),)),
    Draft("A broken one.", images=(Image("b.jpg", BENCH[:50]),)),
    Draft(""),
]


def told(report):
    """A report without how long it took."""
    return replace(report, runs=tuple(replace(run, milliseconds=0.0) for run in report.runs))


def test_many_threads_on_one_guard_get_what_one_thread_gets(whole_guard):
    alone = [told(whole_guard.check(draft)) for draft in DRAFTS]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(whole_guard.check, DRAFTS * 4))
    assert [told(report) for report in together] == alone * 4


def test_many_drafts_come_back_in_their_order_as_if_checked_one_by_one(whole_guard):
    one_by_one = [told(whole_guard.check(draft)) for draft in DRAFTS[:3]]
    assert [told(report) for report in whole_guard.check_many(iter(DRAFTS[:3]))] == one_by_one


def test_a_clean_copy_passes_and_is_cleaned_no_further(whole_guard):
    for draft in DRAFTS:
        clean = whole_guard.check(draft).clean
        if clean is not None:
            again = whole_guard.check(clean)
            assert again.decision == 0
            assert again.clean == clean


def test_drafts_are_judged_at_once_by_threads_that_meet_in_one_view(bare_guard, kit):
    from postguard import View

    made = []

    def make(_options):
        return lambda context: made.append(context.draft.text) or context.draft.text

    def check(context):
        assert context.view("text") == context.draft.text
        return []

    guard = bare_guard({"p": kit.plugin(kit.checker(check, views=[View("text", make)]))})
    drafts = [Draft(f"Post {number}") for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert {report.decision for report in pool.map(guard.check, drafts)} == {0}
    assert sorted(made) == sorted(draft.text for draft in drafts)
