"""Reads the text files that a person names: config, calendar, draft, CSV. Every fault is one ConfigError."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from postguard.errors import ConfigError


def read_text(path: Path, *, hint: str = "") -> str:
    """The text of a UTF-8 file, with or without a byte order mark.

    `hint` says what to do where it is no UTF-8. Raises ConfigError.
    """
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text{hint}") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {why(error)}") from None


def read_toml(path: Path) -> dict[str, Any]:
    """The table in a TOML file.

    Raises ConfigError.
    """
    text = read_text(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: {why(error)}") from None


def why(error: Exception) -> str:
    """Why a file can't be read, without the path that the error may quote."""
    return getattr(error, "strerror", None) or "can not be read"
