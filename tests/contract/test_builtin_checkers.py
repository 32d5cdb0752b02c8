"""Every built-in checker holds the contract that plugins are held to, on drafts that make it speak."""

from __future__ import annotations

import logging

import pytest

from postguard import Draft
from postguard.plugins import BUILTIN
from postguard.testing import contract, draft, guard, photo

pytest_plugins = ["postguard.testing"]


def _drafts() -> dict[str, list[Draft]]:
    return {
        "names": [
            draft("Congratulations to Robin Sample and Tariq! #WellDoneRobin", channel="x-protected"),
            draft("Mrs Sample's class thanked Tariq's mum.", images=photo(alt="Robin and the 🏆", name="robin.jpg")),
        ],
        "trips": [
            draft(
                "Year 5 are at Sample Bay Sea Life all day! Back at school at 3.30pm.", publish_at="2026-06-10T10:05"
            ),
            draft(
                "We leave for Sample Bay tomorrow at 8am, staying at the Pinewood Lodge till Friday.",
                place="Sample Bay",
            ),
            draft("Last week Year 4 went to the museum.", history=[("2026-06-10T09:00", "Off we go to the castle!")]),
        ],
        "metadata": [
            draft("Our wall.", images=photo(gps=(54.0, -2.0), time="2026-06-10T11:50", caption="A wall", format=kind))
            for kind in ("jpeg", "png", "webp", "tiff")
        ],
        "faces": [
            draft("Two of us.", images=photo(faces=2, subjects=("P901", "P902")), channel="x-protected"),
            draft("Nobody said who.", images=[photo(faces=1), photo(faces=1, format="png", subjects=("staff:S91",))]),
        ],
    }


@pytest.mark.parametrize("name", BUILTIN)
def test_a_built_in_checker_holds_its_contract(name: str) -> None:
    contract(name, _drafts()[name])


def test_pillow_logs_nothing_of_a_file_either(caplog: pytest.LogCaptureFixture) -> None:
    drafts = [draft(images=photo(caption="Zephyrine", format=kind)) for kind in ("jpeg", "png", "webp", "tiff")]
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    for made in drafts:
        guard("faces", "metadata").check(made)
    assert "Zephyrine" not in caplog.text
