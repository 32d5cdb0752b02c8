"""What is written in English is told from what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postguard.text.english import is_english


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🎉🎉",
        "#WellDone #TeamWork",
        "Bore da pawb!",
        "Y5 maths relay:\n1. Thanushan\n2. Oliwia\n3. Kwabena\n4. Ruaridh",
        "Kai, Aisha, Zainab, Mustafa, Siobhán, Yusuf",
        "Today we said bonjour, hola and guten Tag in our languages assembly.",
        "y2 pancake races!! first place went to the blue team",
        "A\u200bll our swimmers ca\u0301me home happy with their medals today",
    ],
)
def test_these_count_as_english(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Mae Blwyddyn 5 wedi bod yn brysur iawn heddiw yn yr ardd!",
        "Dzisiaj nasi uczniowie byli w muzeum i bardzo im się podobało.",
        "ہمارے طلباء نے آج سائنس کا تجربہ کیا",
        "اليوم زار طلاب الصف الخامس المتحف",
        "Aujourd'hui les élèves ont fait une belle sortie au musée.",
        "Hoy los alumnos de quinto han visitado el museo con sus maestros.",
        "Bha latha math aig a' chlann an-diugh anns a' choille.",
        "Bhí lá iontach ag na páistí inniu sa choill.",
        "Сьогодні наші учні ходили до музею",
        "今天我們的學生參觀了博物館和公園。",
    ],
)
def test_these_do_not(text: str) -> None:
    assert not is_english(text)


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    assert is_english(text) in {True, False}
