"""The contact plugin, found through its entry point, holds the contract of checkers."""

from __future__ import annotations

import pytest

from postguard.testing import contract, draft, photo, run

pytest_plugins = ["postguard.testing"]

pytest.importorskip("postguard_contact", reason="postguard-contact is not installed")


def test_the_contact_plugin_holds_its_contract() -> None:
    contract(
        "contact",
        [
            draft("Costumes? Ring me on 07700 900123 or write to jess.sample88@mail.example 🎭", channel="x-protected"),
            draft("Bottles to my place, 12 Sample Rise.", images=photo(alt="the locker code is 4417")),
        ],
    )


def test_it_holds_with_the_schools_own_details_as_well() -> None:
    contract("contact", options={"own": ("@oakfield.example", "01632 960001")})


def test_the_kit_reads_its_findings() -> None:
    run("contact", draft("The side door code is now 1234X.")).assert_codes("CON505").assert_marks("1234X")
    run("contact", draft("Write to j.sample@oakfield.example."), own=("@oakfield.example",)).assert_clean()
