"""Edits: merged and applied from the right, whatever they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from postguard import Applicability, Decision, Draft, Edit, Finding, Image, ImageBox, ImageFile, MetadataField, TextSpan
from postguard.sanitise import edited, safe_edits, sanitise

TEXT = "Robin Sample won the prize"


def cut(start, end, replacement="", field="text"):
    return Edit(TextSpan(field, start, end), replacement)


def test_edits_are_applied_from_the_right_and_do_not_move_each_other():
    assert edited(TEXT, [cut(0, 12, "A pupil"), cut(21, 26, "cup")]) == "A pupil won the cup"


def test_of_edits_that_overlap_the_widest_wins_and_the_others_only_take_away():
    assert edited(TEXT, [cut(0, 5, "R."), cut(0, 12, "A pupil")]) == "A pupil won the prize"
    assert edited(TEXT, [cut(0, 12, "A pupil"), cut(6, 16, "")]) == "A pupil the prize"


def test_edits_that_touch_are_both_applied():
    assert edited("abcd", [cut(0, 2, "x"), cut(2, 4, "y")]) == "xy"


spans = st.tuples(st.integers(0, 40), st.integers(0, 40), st.text(max_size=4)).map(
    lambda t: (min(t[0], t[1]), max(t[0], t[1]), t[2])
)


@given(st.text(min_size=40, max_size=60), st.lists(spans, max_size=8))
def test_what_an_edit_covers_is_gone_and_what_none_touches_stays(text, chosen):
    text = "".join(chr(0x4E00 + ord(c) % 5000) for c in text)  # no letter of a replacement
    edits = [cut(start, end, "".join(c for c in new if not "\u4e00" <= c <= "\u9fff")) for start, end, new in chosen]
    covered = {i for start, end, _ in chosen for i in range(start, end)}
    kept = "".join(c for i, c in enumerate(text) if i not in covered)
    result = edited(text, edits)
    assert "".join(c for c in result if "\u4e00" <= c <= "\u9fff") == kept
    assert result == edited(text, edits)


@given(st.lists(spans, max_size=6), st.randoms())
def test_the_order_of_edits_of_different_spans_changes_nothing(chosen, random):
    text = "x" * 40
    edits = list({(s, e): cut(s, e, new) for s, e, new in chosen if s < e}.values())
    widths = [e.evidence.end - e.evidence.start for e in edits]
    shuffled = random.sample(edits, len(edits))
    if len(set(widths)) == len(widths):
        assert edited(text, edits) == edited(text, shuffled)


def judged(verdict, *edits):
    return Finding("ZZZ901", verdict=verdict, edits=edits)


def test_only_safe_edits_of_objections_are_applied_each_once():
    safe, offered = cut(0, 5), Edit(TextSpan("text", 6, 12), "", Applicability.OFFERED)
    findings = [judged(Decision.BLOCK, safe, offered), judged(Decision.REVIEW, safe), judged(Decision.SEND, cut(1, 2))]
    assert safe_edits(findings) == [safe]


def test_advice_covers_more_of_a_picture_that_is_covered_anyway_and_of_no_other():
    asked, besides, elsewhere = (
        Edit(ImageBox(i, left, 0, left + 5, 5), "cover") for i, left in ((0, 0), (0, 10), (1, 0))
    )
    assert safe_edits([judged(Decision.BLOCK, asked), judged(Decision.SEND, besides, elsewhere)]) == [asked, besides]
    assert safe_edits([judged(Decision.SEND, besides)]) == []


def test_pictures_are_dropped_covered_then_stripped_in_that_order():
    done = []

    def note(what):
        def apply(image, edits, index):
            done.append((what, index, len(edits)))
            return image

        return apply

    draft = Draft("a", images=tuple(Image(f"{i}.jpg", b"") for i in range(3)))
    edits = [Edit(ImageFile(0), "drop"), Edit(ImageBox(1, 0, 0, 5, 5), "cover"), Edit(MetadataField(2, "xmp"), "strip")]
    copy = sanitise(draft, edits, {ImageBox: [note("cover")], MetadataField: [note("strip")]})
    assert [image.name for image in copy.images] == ["1.jpg", "2.jpg"]
    assert done == [("cover", 1, 1), ("strip", 1, 0), ("strip", 2, 1)]


def test_every_text_field_is_edited():
    draft = Draft("abc", images=(Image("abc", b"", alt="abc"),), place="abc")
    edits = [cut(0, 1, "X", f) for f in ("text", "images[0].name", "images[0].alt")] + [cut(0, 3, "", "place")]
    assert sanitise(draft, edits, {}) == Draft("Xbc", images=(Image("Xbc", b"", alt="Xbc"),), place=None)
