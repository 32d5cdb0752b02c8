"""The reading of a text: words and their offsets, kinds, spans, parts of speech, trip verdicts, any input."""

from __future__ import annotations

import hashlib
import multiprocessing
import pickle
import sys
import threading
from itertools import pairwise
from subprocess import run

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postguard.text import language
from postguard.text.language import KINDS, MODEL, TRIP_SPANS
from postguard.text.lexicon import Lexicon
from postguard.text.tokens import fold, plain, words


def read_words(text: str) -> list[str]:
    return [token.text for token in language.read(text) if not token.is_space]


def spans_of(text: str, group: str = "kinds") -> set[tuple[str, str]]:
    doc = language.read(text)
    return {(span.text, span.label_) for span in doc.spans[group]}


# --- words


def test_hashtags_in_camel_case_are_cut_into_words() -> None:
    assert read_words("#WellDoneZainab") == ["#", "Well", "Done", "Zainab"]


def test_hashtags_in_lower_case_are_cut_where_words_and_names_meet() -> None:
    assert read_words("#proudofmustafa") == ["#", "proud", "of", "mustafa"]


def test_handles_are_cut_as_well() -> None:
    assert read_words("@ollieskates") == ["@", "ollie", "skates"]


def test_words_outside_of_hashtags_are_never_cut_without_a_capital() -> None:
    assert read_words("proudofmustafa") == ["proudofmustafa"]


def test_a_zero_width_character_or_a_combining_accent_does_not_break_a_name() -> None:
    assert read_words("Zai\u200bnab and Zoe\u0308") == ["Zai\u200bnab", "and", "Zoe\u0308"]


def test_look_alike_letters_are_read_as_the_letters_they_look_like() -> None:
    assert plain("Z\u0430inab") == "Zainab"  # a Cyrillic a
    assert plain("𝐙𝐚𝐢𝐧𝐚𝐛") == "Zainab"
    assert fold("Siobhán") == "siobhan"
    assert fold("Łukasz") == "lukasz"


def test_offsets_are_code_points_of_the_text_given() -> None:
    text = "👩‍🚀 Well done  Łukasz!\n\n#TeamZoë 🎉"
    doc = language.read(text)
    assert doc.text == text
    assert [text[token.idx : token.idx + len(token)] for token in doc] == [token.text for token in doc]


def test_words_cover_a_text_without_a_gap() -> None:
    text = "a  b\u00a0#CamelCase_x\n2.30pm @z.y"
    cut = list(words(text))
    assert cut[0].start == 0
    assert cut[-1].end == len(text)
    assert all(left.end == right.start for left, right in pairwise(cut))


def test_sentences_end_at_stops_and_lines_but_not_inside_times_or_after_titles() -> None:
    text = "Mrs. Patel left at 2.30 today. Did you?\nYes! She did"
    assert [sentence.text.strip() for sentence in language.read(text).sents] == [
        "Mrs. Patel left at 2.30 today.",
        "Did you?",
        "Yes!",
        "She did",
    ]


# --- any input


@given(st.text(st.characters(exclude_categories=()), max_size=120))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_read_and_keeps_its_length(text: str) -> None:
    doc = language.read(text)
    assert len(doc.text) == len(text)
    assert doc._.kinds.shape == (len(doc), 1 + len(KINDS))
    assert doc._.spans_of_trip.shape == (len(doc), 1 + len(TRIP_SPANS))
    assert np.allclose(doc._.kinds.sum(axis=1), 1, atol=1e-3)
    assert all(0 <= span._.p <= 1 for group in doc.spans.values() for span in group)


def test_a_lone_surrogate_becomes_one_replacement_character() -> None:
    assert language.read("a\ud800b").text == "a\ufffdb"


def test_the_empty_text_has_no_words_and_still_a_verdict() -> None:
    doc = language.read("")
    assert len(doc) == 0
    assert sum(language.trip_verdict(doc, "public", 12)) == pytest.approx(1)


def test_a_long_text_is_read_to_its_end() -> None:
    filler = "We painted and we sang and then it rained on the field. " * 150
    doc = language.read(f"{filler}Well done to Zainab in Year 3 for her poem!")
    assert any(span.text == "Zainab" and span.label_ == "PUPIL" for span in doc.spans["kinds"])


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        language.read("a" * 1_000_001)


# --- what the model tells


def test_a_child_who_is_praised_is_a_pupil_in_any_writing() -> None:
    for post in (
        "Well done to Zainab in Year 3 for her brilliant poem!",
        "well done to zainab in year 3 for her brilliant poem!",
        "So proud of our Year 3 poet #WellDoneZainab",
    ):
        assert any(text.lower() == "zainab" and kind == "PUPIL" for text, kind in spans_of(post)), post


def test_a_teacher_an_author_and_a_place_are_not_pupils() -> None:
    found = spans_of("Mrs Patel read us a poem by Michael Rosen about Sheffield.")
    assert ("Mrs Patel", "STAFF") in found
    assert ("Michael Rosen", "FIGURE") in found
    assert not any(kind == "PUPIL" for _, kind in found)


def test_where_and_when_are_found_in_a_post_that_gives_a_trip_away() -> None:
    found = spans_of("Year 4 are off to Chester Zoo tomorrow at 9.30, coach leaves at nine!", "trip")
    assert any("Chester Zoo" in text and label == "WHERE" for text, label in found)
    assert any(label == "WHEN" for _, label in found)


def test_the_form_of_a_verb_is_told() -> None:
    doc = language.read("We visited the zoo and will visit it again. They are leaving now.")
    tags = {token.text: token.tag_ for token in doc}
    assert (tags["visited"], tags["visit"], tags["leaving"], tags["will"]) == ("VBD", "VB", "VBG", "MD")
    assert all(token.pos_ for token in doc)


def test_a_trip_announced_to_the_public_is_likelier_to_be_held_than_one_that_is_over() -> None:
    ahead = language.read("Year 4 leave for Chester Zoo at 9.30 tomorrow morning.")
    over = language.read("Year 4 had a lovely day at Chester Zoo yesterday and are all home.")
    assert language.trip_verdict(ahead, "public", 10)[0] < language.trip_verdict(over, "public", 17)[0]


def test_a_protected_audience_is_never_likelier_to_be_blocked_for_a_trip() -> None:
    doc = language.read("Year 4 leave for Chester Zoo at 9.30 tomorrow morning.")
    assert language.trip_verdict(doc, "protected", 10)[2] <= language.trip_verdict(doc, "public", 10)[2]


def test_trip_verdicts_refuse_an_unknown_audience_and_an_hour_out_of_the_day() -> None:
    doc = language.read("Hello")
    with pytest.raises(ValueError, match="audience"):
        language.trip_verdict(doc, "everybody", 10)
    for hour in (-1, 25, float("nan")):
        with pytest.raises(ValueError, match="hour"):
            language.trip_verdict(doc, "public", hour)


def test_probabilities_of_spans_are_those_of_their_own_group() -> None:
    doc = language.read("Year 4 are off to Chester Zoo tomorrow at 9.30, coach leaves at nine!")
    for span in doc.spans["trip"]:
        column = 1 + TRIP_SPANS.index(span.label_)
        assert span._.p == pytest.approx(float(doc._.spans_of_trip[span.start : span.end, column].max()))


# --- names and words


def test_names_are_known_in_any_case_and_with_any_accents() -> None:
    assert language.names_frequency("SIOBHÁN") >= 3
    assert language.names_frequency("aisha") == 4
    assert language.names_frequency("xqzt") == 0
    assert language.is_common_word("Will")
    assert not language.is_common_word("siobhan")


@given(st.text(max_size=40))
def test_a_run_of_letters_is_cut_in_order_and_inside(run_: str) -> None:
    cuts = Lexicon({"leo": 4, "mia": 4}, {"go": 4, "well": 4, "done": 3}).cuts(run_)
    assert cuts == sorted(set(cuts))
    assert all(0 < cut < len(run_.lower()) for cut in cuts)


# --- the pipeline


def test_the_pipeline_is_read_from_disk_once_also_from_many_threads() -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(language.load())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(nlp) for nlp in found}) == 1


def test_threads_read_the_same_as_one_after_the_other() -> None:
    posts = [f"Well done to Zainab and Kai for goal {i}! Mrs Patel was proud." for i in range(12)]
    alone = [language.read(post)._.kinds for post in posts]
    told: dict[int, np.ndarray] = {}

    def reader(i: int) -> None:
        told[i] = language.read(posts[i])._.kinds

    threads = [threading.Thread(target=reader, args=(i,)) for i in range(len(posts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.allclose(told[i], alone[i], atol=1e-5) for i in range(len(posts)))


def test_a_reading_can_be_pickled_with_what_was_told() -> None:
    doc = language.read("Well done to Zainab in Year 3!")
    again = pickle.loads(pickle.dumps(doc))  # noqa: S301
    assert again.text == doc.text
    assert np.array_equal(again._.kinds, doc._.kinds)
    assert [(s.text, s.label_) for s in again.spans["kinds"]] == [(s.text, s.label_) for s in doc.spans["kinds"]]


def test_a_missing_model_is_an_error() -> None:
    with pytest.raises(OSError, match="nowhere"):
        language.load(MODEL.parent / "nowhere")


def test_the_shipped_files_are_those_that_were_measured() -> None:
    listed = dict(
        reversed(line.split("  ")) for line in (MODEL / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    found = {p.relative_to(MODEL).as_posix(): p for p in MODEL.rglob("*") if p.is_file() and p.name != "SHA256SUMS"}
    assert set(found) == set(listed)
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == listed[name] for name, path in found.items())


def test_importing_the_interface_loads_no_heavy_library() -> None:
    code = "import sys, postguard.text.language; print(sorted({'spacy', 'onnxruntime', 'numpy'} & set(sys.modules)))"
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_child_of_a_fork_reads_as_its_parent_does():
    told = language.read("Well done Otis in Year 4!")._.kinds
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=lambda: answers.put(language.read("Well done Otis in Year 4!")._.kinds.tolist()))
    child.start()
    found = answers.get(timeout=60)
    child.join(timeout=60)
    assert found == told.tolist()
