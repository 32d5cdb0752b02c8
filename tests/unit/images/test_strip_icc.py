"""A rebuilt colour profile moves colours as before and holds nothing else, whatever kind of tables it has."""

import struct

import pictures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postguard.images.strip import icc
from postguard.images.strip.audit import Refused
from postguard.images.strip.audit import icc as audit

WORDS = b"Maja Lindqvist, 12 Orchard Road."


def profile(tags, *, version=0x04400000, kind=b"prtr", space=b"CMYK", connection=b"Lab "):
    """A profile of these tags, with words in its header and behind it."""
    at = 128 + 4 + 12 * len(tags)
    table, body = b"", b""
    for name, element in tags:
        table += name + struct.pack(">II", at + len(body), len(element))
        body += element + b"w" * (-len(element) % 4)
    head = bytearray(
        struct.pack(">I", at + len(body)) + b"lcms" + struct.pack(">I", version) + kind + space + connection
    )
    head += bytes(12) + b"acspAPPL" + bytes(84)
    head[84:116] = WORDS
    return bytes(head) + struct.pack(">I", len(tags)) + table + body + WORDS


CURVE = b"curv" + bytes(4) + struct.pack(">I", 1) + b"\1\0"
MFT1 = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + bytes(36) + bytes(4 * 256) + bytes(16 * 3) + bytes(3 * 256)
MFT2 = b"mft2" + bytes(4) + bytes((4, 3, 2, 0)) + bytes(36) + struct.pack(">HH", 2, 2) + bytes(2 * (8 + 48 + 6))
MAB = (
    b"mAB " + bytes(4) + bytes((3, 3)) + b"ww" + struct.pack(">IIIII", 32, 0, 0, 0, 0)
    + (CURVE + b"ww") * 3
    + b"words in the gap"
)  # fmt: skip


@pytest.mark.parametrize("table", [MFT1, MFT2, MAB], ids=["mft1", "mft2", "mAB"])
def test_tables_are_cut_to_their_length_and_gaps_are_blank(table):
    whole = profile(
        [
            (b"desc", b"text" + bytes(4) + WORDS),
            (b"A2B0", table + WORDS),
            (b"priv", WORDS),
            (b"wtpt", b"XYZ " + bytes(16)),
        ]
    )
    rebuilt = icc.rebuilt(whole)
    assert rebuilt is not None
    assert b"Maja" not in rebuilt
    assert b"ww" not in rebuilt
    assert b"words" not in rebuilt
    assert rebuilt.count(b"A2B0") == 1
    audit.audit(rebuilt)
    assert icc.rebuilt(rebuilt) == rebuilt


@pytest.mark.parametrize(
    "broken", [b"", b"acsp", bytes(200), profile([(b"A2B0", MFT1[:100])]), profile([(b"A2B0", b"xxxx" * 9)])]
)
def test_a_profile_that_no_reader_can_use_goes(broken):
    assert icc.rebuilt(broken) is None


@pytest.mark.parametrize("at", [5, 20, 30, 50, 90, 200, -1])
def test_the_auditor_sees_a_single_changed_byte_of_what_is_no_colour(at):
    clean = bytearray(icc.rebuilt(profile([(b"wtpt", b"XYZ " + bytes(16))])))
    clean[at] ^= 0x55
    if at in (200,):
        clean = clean[:132] + b"priv" + clean[136:]
    with pytest.raises(Refused):
        audit.audit(bytes(clean) + (b"x" if at == -1 else b""))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_whatever_is_rebuilt_passes_the_auditor(draw):
    data = bytearray(
        draw.draw(st.sampled_from([pictures.srgb_profile(), profile([(b"A2B0", MFT2)]), profile([(b"A2B0", MAB)])]))
    )
    for _ in range(draw.draw(st.integers(1, 5))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    rebuilt = icc.rebuilt(bytes(data))
    if rebuilt is not None:
        audit.audit(rebuilt)
