"""The HTML report stands alone, hides what it should hide, and takes nothing of a draft for markup."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image as Pillow

from postguard import CheckRun, Decision, Finding, ImageBox, ImageFile, Report, TextSpan
from postguard.formats.html import write_html
from postguard.model import Outcome
from postguard.testing import draft, photo

FILL = (61, 64, 69)
BOX = ImageBox(0, 100, 40, 180, 160)


class Page(HTMLParser):
    """Elements, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def pictures(self) -> list[Pillow.Image]:
        """The pictures of the page, decoded."""
        urls = [value for name, value in self.attributes if name == "src"]
        return [Pillow.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB") for url in urls]


@pytest.mark.parametrize("excerpts", [False, True])
def test_the_page_needs_nothing_from_anywhere(any_report: Report, *, excerpts: bool) -> None:
    written = write_html(any_report, excerpts=excerpts, private=excerpts)
    page = Page(written)
    assert not {"script", "link", "iframe", "object", "embed", "form", "base"} & set(page.elements)
    linked = [value for name, value in page.attributes if name in {"src", "href", "srcset", "data", "action", "poster"}]
    assert all(value.startswith(("data:image/jpeg;base64,", "#")) for value in linked)
    assert {value[1:] for value in linked if value[0] == "#"} <= {
        value for name, value in page.attributes if name == "id"
    }
    assert not re.search(r"url\(|@import|https?:", written)
    assert not any(name.startswith("on") for name, _ in page.attributes)


def test_found_words_are_hidden_unless_excerpts_are_asked_for(full_report: Report) -> None:
    hidden, shown = write_html(full_report), write_html(full_report, excerpts=True)
    assert "zephyrine" not in hidden.lower()
    assert "█" in hidden
    assert "Well done to " in hidden
    assert shown.count("Zephyrine<sup>") == 2
    assert "█" not in shown


def test_words_that_advice_is_about_are_hidden_in_the_clean_copy_as_well(
    report: Callable[..., Report], finding: Callable[..., Finding]
) -> None:
    named = draft("Well done Zephyrine!", channel="parent-app")
    advised = report(finding("NAM101", Decision.SEND, TextSpan("text", 10, 19)), draft=named, clean=named)
    assert "Zephyrine" not in write_html(advised)


def test_file_names_never_stand_on_the_page(any_report: Report) -> None:
    assert "zephyrine-q" not in write_html(any_report, excerpts=True, private=True)


def test_the_length_of_a_hidden_word_is_not_told_beyond_twelve_signs(
    report: Callable[..., Report], finding: Callable[..., Finding]
) -> None:
    long = finding("NAM101", Decision.BLOCK, TextSpan("text", 0, 30))
    assert "█" * 13 not in write_html(report(long, draft=draft("A" * 30)))


def test_a_face_is_filled_unless_the_page_is_private(full_report: Report) -> None:
    original = np.asarray(Pillow.open(io.BytesIO(full_report.draft.images[0].data)).convert("RGB"), dtype=int)
    left, top, right, bottom = BOX.box
    inside = np.s_[top:bottom, left:right]
    public = np.asarray(Page(write_html(full_report)).pictures()[0], dtype=int)
    private = np.asarray(Page(write_html(full_report, private=True)).pictures()[0], dtype=int)
    assert public.shape == original.shape
    assert np.abs(public[inside] - FILL).max() < 12
    assert np.abs(private[inside] - original[inside]).mean() < 6
    outside = np.s_[:, 230:]
    assert np.abs(public[outside] - original[outside]).mean() < 6


def test_a_restricted_picture_is_not_shown_unless_the_page_is_private(
    report: Callable[..., Report], finding: Callable[..., Finding]
) -> None:
    restricted = report(finding("FAC203", Decision.BLOCK, ImageFile(0)), draft=draft(images=photo(faces=1)))
    assert Page(write_html(restricted)).pictures() == []
    assert len(Page(write_html(restricted, private=True)).pictures()) == 1


def many(report: Callable[..., Report], finding: Callable[..., Finding]) -> Report:
    """Three faces and two possible ones in one picture, one face in another."""
    boxes = [ImageBox(0, 10 + 60 * n, 20, 50 + 60 * n, 70) for n in range(5)]
    faces = [finding("FAC202", Decision.BLOCK, box, advice="Nobody said who.") for box in boxes[:3]]
    other = finding("FAC202", Decision.BLOCK, ImageBox(1, 10, 20, 50, 70), advice="One more.")
    possible = [finding("FAC207", Decision.REVIEW, box) for box in boxes[3:]]
    pictures = [photo(faces=1, size=(320, 240)), photo(size=(64, 96))]
    return report(*faces, other, *possible, draft=draft(images=pictures))


def test_many_faces_of_one_rule_in_a_picture_are_told_in_one_line(
    report: Callable[..., Report], finding: Callable[..., Finding]
) -> None:
    written = write_html(many(report, finding))
    lines = re.findall(r"<li>(.*?)</li>", written, re.DOTALL)
    told = [(re.findall(r'number \w+">(.*?)</b>', line), re.findall(r"· (.*?)</code>", line)) for line in lines]
    assert told == [
        (["1–3"], ["images[0], 3 places"]),
        (["4"], ["images[1] at 10,20–50,70"]),
        (["5–6"], ["images[0], 2 places"]),
    ]
    assert written.count("Nobody said who.") == 1
    assert re.findall(r'<b class="number">(\d)</b></span>', written) == ["1", "2", "3", "5", "6", "4"]


def test_what_may_be_a_face_is_shown_enlarged_in_a_private_report_only(
    report: Callable[..., Report], finding: Callable[..., Finding]
) -> None:
    shared, private = (write_html(many(report, finding), private=private) for private in (False, True))
    assert len(Page(shared).pictures()) == 2
    assert "2 places that may be faces" in shared
    assert 'class="strip"' not in shared
    crops = [picture for picture in Page(private).pictures() if max(picture.size) == 120]
    assert len(crops) == 2
    assert re.findall(r'<b class="number">(\d)</b></span>', private.split('class="strip"')[1])[:2] == ["5", "6"]


def test_a_crop_shows_the_box_and_some_of_what_is_around_it(
    report: Callable[..., Report], finding: Callable[..., Finding]
) -> None:
    picture = Pillow.new("RGB", (400, 300), (0, 0, 255))
    picture.paste((255, 0, 0), (100, 100, 140, 140))
    data = io.BytesIO()
    picture.save(data, "PNG")
    said = draft(images=photo(data=data.getvalue()))
    page = Page(
        write_html(
            report(finding("FAC207", Decision.REVIEW, ImageBox(0, 100, 100, 140, 140)), draft=said), private=True
        )
    )
    crop = np.asarray(page.pictures()[1], dtype=int)
    assert crop.shape == (120, 120, 3)
    assert crop[60, 60, 0] > 200
    assert crop[60, 60, 2] < 60
    assert crop[5, 5, 2] > 200


def test_a_large_picture_is_made_small_and_its_boxes_stay_where_they_are(
    report: Callable[..., Report], finding: Callable[..., Finding]
) -> None:
    box = ImageBox(0, 1000, 500, 1500, 1000)
    large = report(finding("FAC202", Decision.REVIEW, box), draft=draft(images=photo(size=(2000, 1500))))
    written = write_html(large)
    (picture,) = Page(written).pictures()
    assert picture.size == (1000, 750)
    assert max(abs(a - b) for a, b in zip(picture.getpixel((625, 375)), FILL, strict=True)) < 12
    assert "left:50.00%;top:33.33%;width:25.00%;height:33.33%" in written


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</p></main></body><h1>SEND</h1>",
    "{{ 7 * 191 }}{% raw %}",
    "&lt;b&gt; &amp; &#x3c;i&#x3e;",
    "' onmouseover='alert(1)",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_a_draft_is_taken_for_markup(
    report: Callable[..., Report], finding: Callable[..., Finding], hostile: str
) -> None:
    def elements(words: str) -> tuple[list[str], list[str], Page]:
        sent = draft(words, place=words, images=photo(alt=words, size=(64, 48)))
        found = [
            finding("NAM101", Decision.REVIEW, TextSpan("text", 0, len(words)), advice=words),
            finding("PG010", Decision.SEND, advice=words),
        ]
        made = report(*found, draft=sent, clean=sent)
        made = replace(made, runs=(CheckRun(words, Outcome.OK, 1.0),), rules=(replace(made.rules[0], why=words),))
        page = Page(write_html(made, excerpts=True))
        return page.elements, [name for name, _ in page.attributes], page

    plain, told = elements("plain words"), elements(hostile)
    assert told[:2] == plain[:2]
    assert sum(hostile in text for text in told[2].texts) == sum("plain words" in text for text in plain[2].texts)


def test_overlapping_finds_share_their_words(report: Callable[..., Report], finding: Callable[..., Finding]) -> None:
    both = report(
        finding("NAM101", Decision.BLOCK, TextSpan("text", 0, 12)),
        finding("NAM104", Decision.REVIEW, TextSpan("text", 6, 18)),
        draft=draft("Robin Sample's mum won"),
    )
    written = write_html(both, excerpts=True)
    assert 'BLOCK">Robin <sup>1</sup>' in written
    assert 'BLOCK">Sample<sup>1,2</sup>' in written
    assert 'REVIEW">&#39;s mum<sup>2</sup>' in written


def test_the_page_says_what_to_do_worst_first_and_what_it_can_not_know(full_report: Report) -> None:
    text = " ".join(Page(write_html(full_report)).texts)
    assert text.index("NAM101 speaks.") < text.index("MET301 speaks.") < text.index("MET307 speaks.")
    assert "Good to know" in text
    assert "Checked again: nothing in it objects." in text
    assert "What this can't know" in text
    assert "Leave it out." in text


def test_a_report_without_a_clean_copy_says_so(report: Callable[..., Report], finding: Callable[..., Finding]) -> None:
    none = write_html(report(finding("TRP401", Decision.BLOCK), draft=draft()))
    assert "There is none: this needs a person." in none
    unchecked = write_html(report(finding("PG001", Decision.BLOCK), draft=draft()))
    assert "This could not be checked, so it does not pass." in unchecked
