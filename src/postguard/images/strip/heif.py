"""Strips a HEIC or AVIF: a new file with the primary picture, its tiles and its transparency; nothing is re-encoded."""

from dataclasses import dataclass, field
from typing import Final

from postguard.images.containers import Damaged, Unsupported
from postguard.images.containers.boxes import Box, box, full_box, walk
from postguard.images.containers.heif import Meta, read_meta
from postguard.images.strip import HDR, Stripped, coded, properties
from postguard.images.strip.film import BRANDS, Film
from postguard.images.strip.words import must_not_end_in_words

_CODED: Final = frozenset({b"hvc1", b"av01"})
_DERIVED: Final = frozenset({b"grid", b"iovl", b"iden"})
_STILL_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1", b"miaf"}
    | {b"avif", b"avis", b"avio", b"MA1A", b"MA1B", b"MiHB", b"MiHE", b"MiHA"}
)


def strip(data: bytes) -> Stripped:
    """See `postguard.images.strip.strip`. What is derived in other ways than grid, overlay and identity is refused."""
    top = list(walk(data))
    if not top or top[0].kind != b"ftyp":
        raise Damaged("a HEIF file that does not start like one")
    meta_box = next((part for part in top if part.kind == b"meta"), None)
    film_box = next((part for part in top if part.kind == b"moov"), None)
    if meta_box is None:
        raise Damaged("a HEIF file without its items")
    meta = read_meta(data, meta_box)
    still = _Still(data, meta)
    still.keep(meta.primary)
    head = brands(data, top[0], _STILL_BRANDS | BRANDS)
    film = Film(data, film_box, still=True) if film_box is not None else None
    # The places of the bytes behind depend on the size of what stands before, which the places do not change.
    before = len(head) + len(still.meta(0)) + (len(film.moov(0)) if film else 0) + 8
    items_size = sum(map(len, still.in_file))
    pieces = [head, still.meta(before)]
    if film:
        pieces.append(film.moov(before + items_size))
    body = [*still.in_file, *(film.chunks if film else ())]
    size = 8 + sum(map(len, body))
    if size >> 32:
        raise Unsupported("a picture that is too large; send it smaller")
    lost = (HDR,) if _has_gain_map(meta) else ()
    return Stripped("heif", b"".join((*pieces, size.to_bytes(4, "big"), b"mdat", *body)), 1, lost)


def brands(data: bytes, part: Box, allowed: frozenset[bytes]) -> bytes:
    """The file's brands as far as they are known ones."""
    major = data[part.body : part.body + 4]
    others = [data[at : at + 4] for at in range(part.body + 8, part.end - 3, 4)]
    kept = [brand for brand in dict.fromkeys(others) if brand in allowed]
    return box(b"ftyp", major if major in allowed else kept[0] if kept else b"mif1", bytes(4), *kept)


def _has_gain_map(meta: Meta) -> bool:
    return any(item.kind == b"tmap" for item in meta.items.values())


@dataclass(slots=True)
class _Still:
    """The items that make up the picture, numbered anew from 1."""

    data: bytes
    source: Meta
    numbers: dict[int, int] = field(default_factory=dict)
    in_file: list[bytes] = field(default_factory=list)
    in_box: list[bytes] = field(default_factory=list)
    stored_in_box: dict[int, bool] = field(default_factory=dict)

    def keep(self, item: int) -> None:
        """Keeps an item, those that it is made of, and its transparency."""
        if item in self.numbers:
            return
        found = self.source.items.get(item)
        if found is None or found.kind not in _CODED | _DERIVED:
            raise Unsupported("a HEIF picture of a rare kind; send it as JPEG instead")
        self.numbers[item] = len(self.numbers) + 1
        payload = self._payload(item, found.kind)
        if found.kind in _CODED:
            must_not_end_in_words(payload)
        is_in_box = self.source.locations[item].method == 1
        self.stored_in_box[item] = is_in_box
        (self.in_box if is_in_box else self.in_file).append(payload)
        for reference in self.source.references:
            if reference.kind == b"dimg" and reference.source == item:
                for target in reference.targets:
                    self.keep(target)
            elif reference.kind == b"auxl" and item in reference.targets and self._is_alpha(reference.source):
                self.keep(reference.source)

    def _is_alpha(self, item: int) -> bool:
        return any(properties.is_alpha(self.data, part) for part, _ in self.source.property_boxes(item))

    def _payload(self, item: int, kind: bytes) -> bytes:
        """An item's bytes without the units that carry words instead of pictures."""
        payload = self.source.bytes_of(self.data, item)
        parts = {part.kind: part for part, _ in self.source.property_boxes(item)}
        if kind == b"hvc1" and b"hvcC" in parts:
            size = (self.data[parts[b"hvcC"].body + 21] & 3) + 1
            return b"".join(coded.picture_units(kind, payload, size))
        # Layers are found by their sizes, so nothing may be taken out between them.
        if kind == b"av01" and b"a1lx" not in parts:
            return b"".join(coded.picture_units(kind, payload, 0))
        return payload

    def meta(self, file_at: int) -> bytes:
        """The new `meta` box, for a file whose item bytes start at `file_at`."""
        stored = box(b"idat", *self.in_box) if self.in_box else b""
        return full_box(
            b"meta",
            0,
            0,
            full_box(b"hdlr", 0, 0, bytes(4), b"pict", bytes(12), b"\0"),
            full_box(b"pitm", 0, 0, _u16(self.numbers[self.source.primary])),
            self._items(),
            self._references(),
            self._properties(),
            self._locations(file_at),
            stored,
        )

    def _items(self) -> bytes:
        entries = [
            full_box(
                b"infe",
                2,
                int(self.source.items[old].is_hidden),
                _u16(new) + bytes(2) + self.source.items[old].kind + b"\0",
            )
            for old, new in self.numbers.items()
        ]
        return full_box(b"iinf", 0, 0, _u16(len(entries)), *entries)

    def _references(self) -> bytes:
        kept = []
        for reference in self.source.references:
            targets = [self.numbers[old] for old in reference.targets if old in self.numbers]
            is_known = reference.kind in (b"dimg", b"auxl", b"prem")
            if is_known and reference.source in self.numbers and targets:
                ids = b"".join(map(_u16, targets))
                kept.append(box(reference.kind, _u16(self.numbers[reference.source]), _u16(len(targets)), ids))
        return full_box(b"iref", 0, 0, *kept) if kept else b""

    def _properties(self) -> bytes:
        boxes: dict[bytes, int] = {}
        uses = []
        for old, new in self.numbers.items():
            marks = []
            for part, is_essential in self.source.property_boxes(old):
                written = properties.rebuilt(self.data, part)
                if written is None:
                    if is_essential and part.kind != b"colr":
                        raise Unsupported("a HEIF picture of a rare kind; send it as JPEG instead")
                    continue
                number = boxes.setdefault(written, len(boxes) + 1)
                marks.append(_u16(number | (0x8000 if is_essential else 0)))
            uses.append(_u16(new) + bytes((len(marks),)) + b"".join(marks))
        return box(b"iprp", box(b"ipco", *boxes), full_box(b"ipma", 0, 1, len(uses).to_bytes(4, "big"), *uses))

    def _locations(self, file_at: int) -> bytes:
        entries, box_at = [], 0
        in_file, in_box = iter(self.in_file), iter(self.in_box)
        for old, new in self.numbers.items():
            is_in_box = self.stored_in_box[old]
            size = len(next(in_box if is_in_box else in_file))
            at = box_at if is_in_box else file_at
            if is_in_box:
                box_at += size
            else:
                file_at += size
            place = at.to_bytes(4, "big") + size.to_bytes(4, "big")
            entries.append(_u16(new) + _u16(int(is_in_box)) + bytes(2) + _u16(1) + place)
        return full_box(b"iloc", 1, 0, b"\x44\0", _u16(len(entries)), *entries)


def _u16(number: int) -> bytes:
    return number.to_bytes(2, "big")
