"""Postguard reads a school's draft post before it is sent and says what in it would expose a child.

The public names, loaded when they are first used: `import postguard` loads no model and no image library.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from postguard.calendar import Trip, TripCalendar
    from postguard.errors import ConfigError, PluginError, PostBlocked, PostguardError, PostNeedsReview
    from postguard.guard import Guard
    from postguard.hookspecs import Checker, Detector, Format, Sanitiser, View, hookimpl
    from postguard.model import (
        Applicability,
        CheckRun,
        Decision,
        Draft,
        Edit,
        Finding,
        Image,
        ImageBox,
        ImageFile,
        MetadataField,
        Note,
        Report,
        TextSpan,
        UnreadablePicture,
    )
    from postguard.people import Consent, ConsentRegister, Pupil, Roster, Staff
    from postguard.policy import Policy
    from postguard.rules import Rule

__version__ = "0.1.0"

_HOME = {
    "Guard": "guard",
    "Policy": "policy",
    "Rule": "rules",
    **dict.fromkeys(["Trip", "TripCalendar"], "calendar"),
    **dict.fromkeys(["Consent", "ConsentRegister", "Pupil", "Roster", "Staff"], "people"),
    **dict.fromkeys(["Checker", "Detector", "Format", "Sanitiser", "View", "hookimpl"], "hookspecs"),
    **dict.fromkeys(["ConfigError", "PluginError", "PostBlocked", "PostNeedsReview", "PostguardError"], "errors"),
    **dict.fromkeys(
        [
            "Applicability",
            "CheckRun",
            "Decision",
            "Draft",
            "Edit",
            "Finding",
            "Image",
            "ImageBox",
            "ImageFile",
            "MetadataField",
            "Note",
            "Report",
            "TextSpan",
            "UnreadablePicture",
        ],
        "model",
    ),
}

__all__ = [
    "Applicability",
    "CheckRun",
    "Checker",
    "ConfigError",
    "Consent",
    "ConsentRegister",
    "Decision",
    "Detector",
    "Draft",
    "Edit",
    "Finding",
    "Format",
    "Guard",
    "Image",
    "ImageBox",
    "ImageFile",
    "MetadataField",
    "Note",
    "PluginError",
    "Policy",
    "PostBlocked",
    "PostNeedsReview",
    "PostguardError",
    "Pupil",
    "Report",
    "Roster",
    "Rule",
    "Sanitiser",
    "Staff",
    "TextSpan",
    "Trip",
    "TripCalendar",
    "UnreadablePicture",
    "View",
    "hookimpl",
]


# ONNX Runtime tells its maker how it is used, and leaves a file, unless this stands there before it is loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'postguard' has no attribute {name!r}")
    value = getattr(import_module(f"postguard.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
