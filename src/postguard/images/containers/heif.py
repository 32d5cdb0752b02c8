"""The items of a HEIF file (ISO 23008-12): what kind each is, where its bytes lie, how they belong together."""

from dataclasses import dataclass, field

from postguard.images.containers import Damaged
from postguard.images.containers.boxes import Box, Fields, walk

_MOST_ITEMS = 4096


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its four-letter kind, for MIME items the content type, and its name."""

    number: int
    kind: bytes
    content: bytes = b""
    name: bytes = b""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    kind: bytes
    source: int
    targets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Location:
    """Where an item's bytes lie: in the file (method 0) or in the `idat` box (1), as (start, size) extents."""

    method: int
    extents: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Meta:
    """The `meta` box of a file, read whole. `properties` are the boxes of `ipco`; `uses` maps an item to
    (number of the property counted from 1, is essential)."""

    primary: int = 0
    items: dict[int, Item] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    properties: list[Box] = field(default_factory=list)
    uses: dict[int, list[tuple[int, bool]]] = field(default_factory=dict)
    locations: dict[int, Location] = field(default_factory=dict)
    stored: Box | None = None
    others: list[Box] = field(default_factory=list)

    def property_boxes(self, item: int) -> list[tuple[Box, bool]]:
        """The properties of an item in their order, each with whether it is essential."""
        return [(self.properties[n - 1], must) for n, must in self.uses.get(item, []) if 0 < n <= len(self.properties)]

    def bytes_of(self, data: bytes, item: int) -> bytes:
        """The bytes of an item, its extents put together; raises `Damaged` where they lie outside."""
        location = self.locations.get(item)
        if location is None:
            raise Damaged("a HEIF item without a place")
        base, end = 0, len(data)
        if location.method == 1:
            if self.stored is None:
                raise Damaged("a HEIF item without a place")
            base, end = self.stored.body, self.stored.end
        parts, total = [], 0
        for start, size in location.extents:
            long = size or end - base - start
            total += long
            if long < 0 or base + start + long > end or total > len(data):
                raise Damaged("a HEIF item that lies outside the file")
            parts.append(data[base + start : base + start + long])
        return b"".join(parts)


def read_meta(data: bytes, meta: Box) -> Meta:
    """Reads a `meta` box; raises `Damaged` where a box in it is too short or there are too many items."""
    found = Meta()
    for box in walk(data, meta.body + 4, meta.end):
        fields = Fields.of(data, box)
        if box.kind == b"pitm":
            found.primary = fields.number(2 if fields.number(4) >> 24 == 0 else 4)
        elif box.kind == b"iinf":
            _read_items(data, box, fields, found)
        elif box.kind == b"iref":
            _read_references(data, box, fields, found)
        elif box.kind == b"iprp":
            _read_properties(data, box, found)
        elif box.kind == b"iloc":
            _read_locations(fields, found)
        elif box.kind == b"idat":
            found.stored = box
        elif box.kind != b"hdlr":
            found.others.append(box)
    return found


def _read_items(data: bytes, box: Box, fields: Fields, found: Meta) -> None:
    fields.number(2 if fields.number(4) >> 24 == 0 else 4)
    for entry in walk(data, fields.at, box.end):
        if entry.kind != b"infe":
            continue
        inner = Fields.of(data, entry)
        head = inner.number(4)
        if head >> 24 < 2:
            raise Damaged("a HEIF item of an old kind")
        number = inner.number(2 if head >> 24 == 2 else 4)
        inner.number(2)
        kind, name = inner.take(4), inner.word()
        content = inner.word() if kind in (b"mime", b"uri ") else b""
        found.items[number] = Item(number, kind, content, name, is_hidden=bool(head & 1))
        if len(found.items) > _MOST_ITEMS:
            raise Damaged("a HEIF file of too many items")


def _read_references(data: bytes, box: Box, fields: Fields, found: Meta) -> None:
    size = 2 if fields.number(4) >> 24 == 0 else 4
    for entry in walk(data, fields.at, box.end):
        inner = Fields.of(data, entry)
        source = inner.number(size)
        targets = tuple(inner.number(size) for _ in range(inner.number(2)))
        found.references.append(Reference(entry.kind, source, targets))


def _read_properties(data: bytes, box: Box, found: Meta) -> None:
    for part in walk(data, box.body, box.end):
        if part.kind == b"ipco":
            found.properties = list(walk(data, part.body, part.end))
        elif part.kind == b"ipma":
            fields = Fields.of(data, part)
            head = fields.number(4)
            for _ in range(fields.number(4)):
                item = fields.number(2 if head >> 24 == 0 else 4)
                size = 2 if head & 1 else 1
                raw = [fields.number(size) for _ in range(fields.number(1))]
                top = 0x8000 if size == 2 else 0x80
                found.uses.setdefault(item, []).extend((value & top - 1, bool(value & top)) for value in raw)


def _read_locations(fields: Fields, found: Meta) -> None:
    version = fields.number(4) >> 24
    sizes = fields.number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    for _ in range(fields.number(2 if version < 2 else 4)):
        item = fields.number(2 if version < 2 else 4)
        method = fields.number(2) & 15 if version else 0
        reference = fields.number(2)
        base = fields.number(base_size)
        extents = []
        for _ in range(fields.number(2)):
            fields.number(index_size)
            start = fields.number(offset_size)
            extents.append((base + start, fields.number(length_size)))
        if reference == 0 and method < 2:
            found.locations[item] = Location(method, tuple(extents))
