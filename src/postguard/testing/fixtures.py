"""The kit's functions as pytest fixtures. Only pytest imports this file."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from postguard.guard import Guard
from postguard.model import Draft, Image
from postguard.testing import builders, outcome, promises


@pytest.fixture
def draft() -> Callable[..., Draft]:
    """Makes drafts: `draft("Our new reading corner is finished.", images=photo())`."""
    return builders.draft


@pytest.fixture
def photo() -> Callable[..., Image]:
    """Makes pictures: `photo(faces=2, gps=(54.0, 2.0))`."""
    return builders.photo


@pytest.fixture
def guard() -> Callable[..., Guard]:
    """Makes a Guard with only the checkers that are named: `guard("contact")`."""
    return outcome.guard


@pytest.fixture
def run() -> Callable[..., outcome.Outcome]:
    """Runs one checker on one draft: `run("contact", draft(...)).assert_codes("CON505")`."""
    return outcome.run


@pytest.fixture(name="contract")
def contract_of() -> Callable[..., None]:
    """Holds a checker to its contract: `contract("contact")`."""
    return promises.contract
