"""Draft files: a draft written as TOML or JSON, its pictures named by path."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from postguard.errors import ConfigError
from postguard.model import Draft, Image
from postguard.reading import read_text, why

if TYPE_CHECKING:
    import os


def _no_number(value: object) -> object:
    """Pydantic would read a number as seconds since 1970."""
    if isinstance(value, int | float) or (isinstance(value, str) and not value.count("-") >= 2):
        raise ValueError("write a date and a time, such as 2026-06-10T15:30:00")
    return value


_Moment = Annotated[datetime, BeforeValidator(_no_number)]


class _Tie(BaseModel):
    model_config = ConfigDict(extra="forbid")
    box: tuple[int, int, int, int]
    subject: str | None = None


class _Picture(BaseModel):
    model_config = ConfigDict(extra="forbid")
    file: str
    alt: str = ""
    subjects: list[str] | None = None
    faces: list[_Tie] = Field(default_factory=list)
    extra_boxes: list[tuple[int, int, int, int]] = Field(default_factory=list)
    covered: list[tuple[int, int, int, int]] = Field(default_factory=list)


class _Earlier(BaseModel):
    model_config = ConfigDict(extra="forbid")
    publish_at: _Moment
    text: str


class _DraftFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = ""
    images: list[_Picture] = Field(default_factory=list)
    channel: str = "x"
    also: list[str] = Field(default_factory=list)
    publish_at: _Moment | None = None
    author: str | None = None
    reply_to: str | None = None
    place: str | None = None
    history: list[_Earlier] = Field(default_factory=list)


def load_draft(path: str | os.PathLike[str], *, within: str | os.PathLike[str] | None = None) -> Draft:
    """The draft in a .toml or .json file; its pictures are looked for beside it.

    A path in the file may lead anywhere that the reader may go, also through `..` and links. A program that reads
    drafts of people whom it does not trust names the folder that pictures must lie `within`.

    Raises ConfigError: one line that says what, and where.
    """
    path = Path(path)
    written = read_text(path)
    is_json = path.suffix.lower() == ".json"
    return parse_draft(written, where=str(path), beside=path.parent, is_json=is_json, within=within)


def parse_draft(
    written: str, *, where: str, beside: Path, is_json: bool, within: str | os.PathLike[str] | None = None
) -> Draft:
    """The draft that `written` describes; `where` names it in errors, `within` is that of `load_draft`.

    Raises ConfigError.
    """
    fence = None if within is None else Path(within).resolve()
    try:
        table = json.loads(written) if is_json else tomllib.loads(written)
        file = _DraftFile.model_validate(table)
        return Draft(
            text=file.text,
            images=tuple(_picture(picture, beside, i, fence) for i, picture in enumerate(file.images)),
            channel=file.channel,
            also=tuple(file.also),
            publish_at=file.publish_at,
            author=file.author,
            reply_to=file.reply_to,
            place=file.place,
            history=tuple((earlier.publish_at, earlier.text) for earlier in file.history),
        )
    except ValidationError as error:
        from postguard.config import first_fault

        raise ConfigError(f"{where}: {first_fault(error)}") from None
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, ValueError) as error:
        raise ConfigError(f"{where}: {error}") from None
    except RecursionError:
        raise ConfigError(f"{where}: is nested too deeply") from None


def _picture(picture: _Picture, beside: Path, index: int, fence: Path | None) -> Image:
    path = beside / picture.file
    try:
        real = path if fence is None else path.resolve()
        data = real.read_bytes() if fence is None or real.is_relative_to(fence) else None
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
        # A picture's file is not named in errors: its name can be a child's.
        raise ValueError(f"images[{index}]: {why(error)}") from None
    if data is None:
        raise ValueError(f"images[{index}]: lies outside the folder that pictures must be in")
    return Image(
        name=path.name,
        data=data,
        alt=picture.alt,
        subjects=None if picture.subjects is None else tuple(picture.subjects),
        faces=tuple((tie.box, tie.subject) for tie in picture.faces),
        extra_boxes=tuple(picture.extra_boxes),
        covered=frozenset(picture.covered),
    )


def write_draft(draft: Draft, folder: Path) -> list[Path]:
    """Writes a draft as draft.json with its pictures beside it, whole or not at all; gives the paths written.

    The folder is made if it is missing. Raises ConfigError where it can't be written.
    """
    names = _free_names([image.name for image in draft.images])
    table: dict[str, Any] = {"text": draft.text, "channel": draft.channel}
    if draft.also:
        table["also"] = list(draft.also)
    if draft.publish_at:
        table["publish_at"] = draft.publish_at.isoformat()
    table |= {key: value for key in ("author", "reply_to", "place") if (value := getattr(draft, key)) is not None}
    if draft.images:
        table["images"] = [_as_table(image, name) for image, name in zip(draft.images, names, strict=True)]
    if draft.history:
        table["history"] = [{"publish_at": at.isoformat(), "text": text} for at, text in draft.history]
    contents = {name: image.data for name, image in zip(names, draft.images, strict=True)}
    contents["draft.json"] = (json.dumps(table, indent=2) + "\n").encode("ascii")
    parts = {name: folder / f".{name}.part" for name in contents}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            parts[name].write_bytes(data)
        return [part.replace(folder / name) for name, part in parts.items()]
    except OSError as error:
        raise ConfigError(f"{folder}: {error.strerror or 'can not be written'}") from None
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _as_table(image: Image, name: str) -> dict[str, Any]:
    table: dict[str, Any] = {"file": name}
    if image.alt:
        table["alt"] = image.alt
    if image.subjects is not None:
        table["subjects"] = list(image.subjects)
    if image.faces:
        table["faces"] = [{"box": list(box), "subject": subject} for box, subject in image.faces]
    table |= {
        key: [list(b) for b in sorted(boxes)] for key in ("extra_boxes", "covered") if (boxes := getattr(image, key))
    }
    return table


def _free_names(names: Sequence[str]) -> list[str]:
    """File names that are safe in a folder and differ from each other, also where letters have no case."""
    free: list[str] = []
    for number, name in enumerate(names, 1):
        safe = Path(name.replace("\\", "/")).name.lstrip(".")
        suffix = Path(safe).suffix if Path(safe).suffix[1:].isalnum() and Path(safe).suffix.isascii() else ""
        taken = {other.lower() for other in free} | {"draft.json"}
        choices = chain([safe] if _storable(safe) else [], (f"photo-{n}{suffix}" for n in count(number)))
        free.append(next(choice for choice in choices if choice.lower() not in taken))
    return free


def _storable(name: str) -> bool:
    """True if any file system takes it, also with ".part" at its end."""
    return bool(name) and name.isprintable() and len(name.encode("utf-8")) <= 200 and not set(name) & set('<>:"|?*')
