"""The kit for plugin authors: drafts and pictures made by code, one checker run by itself, the contract of checkers.

With pytest, one line in a `conftest.py` (or in a test module) makes `draft`, `photo`, `guard`, `run` and `contract`
fixtures:

    pytest_plugins = ["postguard.testing"]

Without pytest, import the functions of the same names from here. Importing this loads no model, no image library and
no pytest; nothing in it reads a config file, the network or the real clock.

PYTEST_DONT_REWRITE: there is no assert in it.
"""

from __future__ import annotations

from postguard.testing.builders import NOW, draft, photo
from postguard.testing.outcome import Outcome, guard, run
from postguard.testing.promises import ContractBroken, contract

pytest_plugins = ["postguard.testing.fixtures"]

__all__ = ["NOW", "ContractBroken", "Outcome", "contract", "draft", "guard", "photo", "run"]
