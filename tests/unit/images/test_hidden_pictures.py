"""Every picture that hides in a file is taken out to be looked at, or told as one that nobody can look at."""

import base64
import struct

import pictures
import pytest

from postguard.images.containers import container
from postguard.images.containers.boxes import walk
from postguard.images.containers.heif import read_meta
from postguard.images.metadata import Kind, read
from postguard.images.strip import strip

SMALL = pictures.jpeg(pictures.scene((40, 30)))
FILM = b"\0\0\0\x18ftypmp42" + bytes(40)


def exif_jpeg(block):
    return pictures.jpeg(exif=b"Exif\0\0" + block)


def in_app(marker, payload):
    return pictures.after_soi(pictures.jpeg(), pictures.segment(marker, payload))


def bare_strip_thumbnail():
    """EXIF with a thumbnail as camcorders write it: one strip of bare RGB pixels."""
    block = pictures.exif(thumbnail=bytes(4 * 3 * 3))
    return exif_jpeg(
        block.replace(struct.pack("<H", 0x0201), struct.pack("<H", 0x0111)).replace(
            struct.pack("<H", 0x0202), struct.pack("<H", 0x0117)
        )
    )


def with_maker_note(note):
    return pictures.tiff([], [(0x8769, [(0x927C, 7, note)])], b"")


def in_heic(kind):
    """A HEIC whose second coded picture belongs to the first as `kind` says."""
    reference = pictures.box(kind, struct.pack(">HHH", 2, 1, 1))
    return pictures.heic(((b"hvc1", b"", b"", b"\0\0\0\2\x26\1"),), references=reference)


XMP_THUMBNAIL = (
    f'<rdf:Description xmlns:g="http://ns.adobe.com/xap/1.0/g/img/" g:image="{base64.b64encode(SMALL).decode()}"/>'
)
PAGES = pictures.tiff_file(save_all=True, append_images=[pictures.scene((24, 16))])

LOOKED_AT = {
    "a thumbnail in EXIF": (exif_jpeg(pictures.exif(thumbnail=SMALL)), "exif.thumbnail"),
    "a preview in a maker note": (exif_jpeg(with_maker_note(b"Camera\0\1" + SMALL)), "exif.preview"),
    "a thumbnail in JFXX": (in_app(0xE0, b"JFXX\0\x10" + SMALL), "jfxx.thumbnail"),
    "a thumbnail of Photoshop": (
        in_app(0xED, b"Photoshop 3.0\0" + pictures.photoshop(0x040C, bytes(28) + SMALL)),
        "photoshop.thumbnail",
    ),
    "a thumbnail in XMP": (
        in_app(0xE1, pictures.XMP_HEAD + pictures.xmp(f"<xmp:Thumbnails>{XMP_THUMBNAIL}</xmp:Thumbnails>")),
        "xmp.thumbnail",
    ),
    "a second picture behind the first": (pictures.jpeg() + SMALL, "second-picture"),
    "a thumbnail in a PNG's EXIF": (pictures.png(exif=pictures.exif(thumbnail=SMALL)), "exif.thumbnail"),
    "a thumbnail in a WebP's EXIF": (pictures.webp(exif=pictures.exif(thumbnail=SMALL)), "exif.thumbnail"),
    "a picture behind a PNG": (pictures.png() + SMALL, "second-picture"),
    "a thumbnail in a HEIC's EXIF": (
        pictures.heic(((b"Exif", b"", b"", bytes(4) + pictures.exif(thumbnail=SMALL)),)),
        "exif.thumbnail",
    ),
}
NOT_LOOKED_AT = {
    "bare pixels in EXIF": (bare_strip_thumbnail(), "exif.thumbnail"),
    "bare pixels in JFIF": (
        pictures.jpeg()[:2] + pictures.segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\2\2" + bytes(12)) + pictures.jpeg()[20:],
        "jfif.thumbnail",
    ),
    "the film of a motion photo": (pictures.jpeg() + FILM, "motion-video"),
    "the film of a HEIC": (pictures.heic(behind=pictures.box(b"mpvd", FILM)), "motion-video"),
    "a HEIC's thumbnail": (in_heic(b"thmb"), "heif.thumbnail"),
    "a HEIC's auxiliary picture": (in_heic(b"auxl"), "second-picture"),
    "a TIFF's page of a reduced size": (
        pictures.tiff_with_hidden(pictures.tiff_file(), b"small", as_page=True),
        "tiff.reduced-page",
    ),
    "a TIFF's sub-directory": (
        pictures.tiff_with_hidden(pictures.tiff_file(), b"small", as_page=False),
        "tiff.sub-picture",
    ),
    "a HEIC's picture that belongs to nothing": (
        pictures.heic(((b"hvc1", b"", b"", b"\0\0\0\2\x26\1"),)),
        "second-picture",
    ),
}


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_hidden_picture_is_taken_out_whole(name):
    data, key = LOOKED_AT[name]
    facts = read(data)
    assert key in {fact.key for fact in facts.of_kind(Kind.PICTURE)}
    [hidden] = facts.hidden
    assert hidden.key == key
    assert hidden.data.startswith(SMALL)


@pytest.mark.parametrize("name", NOT_LOOKED_AT)
def test_one_that_nobody_can_open_is_told_without_its_bytes(name):
    data, key = NOT_LOOKED_AT[name]
    facts = read(data)
    assert key in {fact.key for fact in facts.of_kind(Kind.PICTURE)}
    assert [(hidden.key, hidden.data) for hidden in facts.hidden] == [(key, b"")]


@pytest.mark.parametrize("name", LOOKED_AT | NOT_LOOKED_AT)
def test_it_is_gone_from_the_clean_copy(name):
    data, _ = (LOOKED_AT | NOT_LOOKED_AT)[name]
    clean = strip(data).data
    assert read(clean).hidden == ()
    assert SMALL not in clean


def test_what_a_second_picture_tells_is_told_too():
    second = exif_jpeg(pictures.exif(artist="Maja Lindqvist", thumbnail=SMALL, position=(51.5, -0.1)))
    facts = read(pictures.jpeg() + second)
    assert facts.persons == ("Maja Lindqvist",)
    assert facts.position is not None
    assert facts.taken is not None
    assert [hidden.key for hidden in facts.hidden] == ["second-picture", "exif.thumbnail"]
    assert facts.hidden[1].data == SMALL


def test_the_photo_itself_says_where_and_when_before_a_second_picture_does():
    first = exif_jpeg(pictures.exif(position=(53.3, -1.6), taken="2026:06:10 10:15:30"))
    second = exif_jpeg(pictures.exif(position=(10.0, 10.0), taken="2001:01:01 00:00:00"))
    facts = read(first + second)
    assert round(facts.position.latitude, 1) == 53.3
    assert facts.taken.year == 2026


def test_a_picture_in_a_picture_in_a_picture_counts_as_one_that_cannot_be_looked_at():
    data = SMALL
    for _ in range(4):
        data = exif_jpeg(pictures.exif(thumbnail=data))
    assert read(data).hidden[-1].data == b""


def test_a_second_picture_that_is_damaged_counts_as_one_that_cannot_be_looked_at():
    assert read(pictures.jpeg() + SMALL[:60]).hidden[-1].data == b""


def test_of_too_many_hidden_pictures_the_last_stands_for_those_not_looked_at():
    hidden = read(pictures.jpeg() + SMALL * 40).hidden
    assert len(hidden) < 40
    assert hidden[-1].data == b""


def test_pages_of_a_tiff_are_no_hidden_pictures():
    assert container(PAGES) == "tiff"
    assert read(PAGES).hidden == ()


def animated_avif():
    frames = [pictures.scene(), pictures.scene().rotate(180)]
    return pictures.avif(frames[0], save_all=True, append_images=frames[1:], duration=100)


def test_the_still_picture_of_an_animated_avif_is_one_of_its_frames():
    assert read(animated_avif()).hidden == ()


def test_a_still_picture_that_is_no_frame_of_its_animation_is_told():
    data = animated_avif()
    other = pictures.avif(pictures.scene().rotate(90))
    still = read_meta(other, next(part for part in walk(other) if part.kind == b"meta")).bytes_of(other, 1)
    meta = next(part for part in walk(data) if part.kind == b"meta")
    [(at, size)] = read_meta(data, meta).locations[1].extents
    place = struct.pack(">II", at, size)
    assert data.count(place, meta.body, meta.end) == 1
    moved = data.replace(place, struct.pack(">II", len(data) + 8, len(still))) + pictures.box(b"mdat", still)
    assert [hidden.key for hidden in read(moved).hidden] == ["second-picture"]


def test_an_animation_behind_a_still_avif_is_told():
    assert [hidden.key for hidden in read(animated_avif().replace(b"avis", b"avif", 1)).hidden] == ["second-picture"]
