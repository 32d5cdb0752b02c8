"""Reading a file tells what it gives away, by kind and key, and never fails on metadata that is broken."""

import io
from contextlib import suppress
from datetime import datetime

import pictures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from postguard.images.containers import PictureError
from postguard.images.metadata import Kind, read
from postguard.images.strip import strip

NAME = "Maja Lindqvist"


def keys(data: bytes, kind: Kind) -> set[str]:
    return {fact.key for fact in read(data).of_kind(kind)}


def in_jpeg(marker: int, payload: bytes) -> bytes:
    return pictures.after_soi(pictures.jpeg(), pictures.segment(marker, payload))


def in_xmp(properties: str) -> bytes:
    return in_jpeg(0xE1, pictures.XMP_HEAD + pictures.xmp(properties))


def phone_photo(**told: object) -> bytes:
    return pictures.jpeg(exif=b"Exif\0\0" + pictures.exif(**told))


def test_a_plain_picture_tells_nothing():
    plain = [pictures.jpeg(), pictures.png(), pictures.webp(), pictures.gif(), pictures.avif(), pictures.tiff_file()]
    for data in (*plain, pictures.tiff_file(big_tiff=True), pictures.heic()):
        assert read(data).facts == ()


def test_a_phone_photo_tells_where_when_and_with_what():
    facts = read(phone_photo(position=(51.50354, -0.12768), orientation=6))
    assert {"exif.GPSLatitude", "exif.GPSLongitude"} <= {fact.key for fact in facts.of_kind(Kind.PLACE)}
    assert "exif.DateTimeOriginal" in {fact.key for fact in facts.of_kind(Kind.TIME)}
    assert {"exif.Make", "exif.Model", "exif.MakerNote"} <= {fact.key for fact in facts.of_kind(Kind.DEVICE)}
    assert facts.position is not None
    assert facts.position.latitude == pytest.approx(51.50354, abs=1e-4)
    assert facts.position.longitude == pytest.approx(-0.12768, abs=1e-4)
    assert facts.position.accuracy < 10
    assert facts.taken == datetime.fromisoformat("2026-06-10T10:15:30")
    assert facts.orientation == 6


def test_a_position_that_only_xmp_tells_is_read():
    angles = "<exif:GPSLatitude>51,30.2N</exif:GPSLatitude><exif:GPSLongitude>0,7,40W</exif:GPSLongitude>"
    position = read(in_xmp(angles)).position
    assert position is not None
    assert (position.latitude, position.longitude) == pytest.approx((51.50333, -0.12778), abs=1e-4)


def test_the_same_is_read_from_every_container():
    block = pictures.exif(artist=NAME)
    for data in (pictures.jpeg(exif=b"Exif\0\0" + block), pictures.png(exif=block), pictures.webp(exif=block)):
        facts = read(data)
        assert facts.position is not None
        assert facts.persons == (NAME,)


@pytest.mark.parametrize(
    ("data", "kind", "key"),
    [
        (in_xmp("<exif:GPSLatitude>51,30.2N</exif:GPSLatitude>"), Kind.PLACE, "xmp.GPS"),
        (in_xmp("<xmp:CreateDate>2026-06-10T10:15:30</xmp:CreateDate>"), Kind.TIME, "xmp.CreateDate"),
        (in_xmp(f"<dc:creator><rdf:Seq><rdf:li>{NAME}</rdf:li></rdf:Seq></dc:creator>"), Kind.PERSON, "xmp.creator"),
        (in_xmp(f'<mwg-rs:Regions><rdf:Description mwg-rs:Name="{NAME}"/></mwg-rs:Regions>'), Kind.PERSON, "xmp.Name"),
        (in_xmp("<xmp:CreatorTool>Editor 3</xmp:CreatorTool>"), Kind.DEVICE, "xmp.CreatorTool"),
        (in_jpeg(0xFE, NAME.encode()), Kind.PERSON, "jpeg.comment"),
        (in_jpeg(0xFE, b"CREATOR: gd-jpeg v1.0"), Kind.DEVICE, "jpeg.comment"),
        (in_jpeg(0xEB, b"JP\0\1" + bytes(40)), Kind.PERSON, "c2pa"),
        (in_jpeg(0xE5, b"something of an app"), Kind.DATA, "unknown-1"),
        (in_jpeg(0xEC, b"Ducky\0\2\0\x10" + NAME.encode()), Kind.PERSON, "ducky"),
        (in_jpeg(0xE1, pictures.XMP_HEAD + b"<x:xmpmeta no xml"), Kind.PERSON, "xmp.unreadable"),
        (in_jpeg(0xE1, b"Exif\0\0not a TIFF block"), Kind.DATA, "exif.unreadable"),
        (
            in_jpeg(0xED, b"Photoshop 3.0\0" + pictures.photoshop(0x0404, pictures.iptc(2, 25, NAME.encode()))),
            Kind.PERSON,
            "iptc.Keywords",
        ),
        (
            in_jpeg(0xED, b"Photoshop 3.0\0" + pictures.photoshop(0x0404, pictures.iptc(2, 90, b"Ashford"))),
            Kind.PLACE,
            "iptc.City",
        ),
        (pictures.jpeg() + b"trailer of a phone", Kind.DATA, "trailer"),
        (pictures.jpeg() + pictures.jpeg(), Kind.PICTURE, "second-picture"),
        (pictures.jpeg() + b"\0\0\0\x18ftypmp42" + bytes(40), Kind.PICTURE, "motion-video"),
        (phone_photo(thumbnail=pictures.jpeg()), Kind.PICTURE, "exif.thumbnail"),
        (pictures.png() + b"trailer", Kind.DATA, "trailer"),
        (pictures.tiff_file(tiffinfo={315: NAME}), Kind.PERSON, "exif.Artist"),
        (pictures.tiff_file(tiffinfo={315: NAME}, big_tiff=True), Kind.DATA, "exif.unreadable"),
        (pictures.webp() + b"trailer", Kind.DATA, "trailer"),
    ],
)
def test_each_place_is_read(data, kind, key):
    assert key in keys(data, kind)


MWG = f"""<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag><rdf:li>
<rdf:Description mwg-rs:Name="{NAME}" mwg-rs:Type="Face">
<mwg-rs:Area xmlns:a="http://ns.adobe.com/xmp/sType/Area#" a:x="0.5" a:y="0.4" a:w="0.2" a:h="0.4"/>
</rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"""
MICROSOFT = f"""<MP:RegionInfo xmlns:MP="http://ns.microsoft.com/photo/1.2/"><MP:Regions><rdf:Bag>
<rdf:li xmlns:R="http://ns.microsoft.com/photo/1.2/t/Region#"
R:Rectangle="0.4, 0.2, 0.2, 0.4" R:PersonDisplayName="{NAME}"/>
</rdf:Bag></MP:Regions></MP:RegionInfo>"""


@pytest.mark.parametrize("written", [MWG, MICROSOFT])
def test_faces_that_a_file_marks_are_read_with_name_and_box(written):
    (region,) = read(in_xmp(written)).regions
    assert region.name == NAME
    assert (region.left, region.top, region.right, region.bottom) == pytest.approx((0.4, 0.2, 0.6, 0.6))
    assert NAME not in repr(region)


def test_a_region_whose_figures_are_none_is_no_region():
    bad = '<mwg-rs:Area x="nan" y="2" w="a" h=""/>'
    assert read(in_xmp(f"<rdf:Description mwg-rs:Name='x'>{bad}</rdf:Description>")).regions == ()


@pytest.mark.parametrize("text", ["OLYMPUS DIGITAL CAMERA", "SONY DSC", "DSC01234"])
def test_a_cameras_default_caption_is_no_person(text):
    facts = read(in_jpeg(0xE1, b"Exif\0\0" + pictures.exif(artist="")))
    assert not facts.of_kind(Kind.PERSON)
    block = pictures.tiff([(0x010E, 2, text.encode() + b"\0")], [], b"")
    assert keys(in_jpeg(0xE1, b"Exif\0\0" + block), Kind.DEVICE) == {"exif.ImageDescription"}


def test_a_thumbnail_can_be_taken_out_and_looked_at():
    small = pictures.jpeg(pictures.scene((40, 30)))
    hidden = read(phone_photo(thumbnail=small)).hidden
    assert [picture.key for picture in hidden] == ["exif.thumbnail"]
    with Image.open(io.BytesIO(hidden[0].data)) as picture:
        assert picture.size == (40, 30)


def test_nothing_of_what_was_read_shows_in_a_repr():
    facts = read(phone_photo(artist=NAME, thumbnail=pictures.jpeg()))
    assert NAME not in repr(facts)
    assert "51.5" not in repr(facts)
    assert "2026" not in repr(facts)


def test_a_stripped_file_tells_nothing_but_its_orientation():
    for data in (
        phone_photo(orientation=3),
        pictures.png(exif=pictures.exif(orientation=3)),
        pictures.webp(exif=pictures.exif(orientation=3)),
    ):
        facts = read(strip(data).data)
        assert facts.facts == ()
        assert facts.orientation == 3


def test_xmp_cannot_blow_itself_up():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    packet = pictures.xmp("<dc:title>&b;</dc:title>").replace(b"<x:xmpmeta", bomb + b"<x:xmpmeta")
    assert keys(in_jpeg(0xE1, pictures.XMP_HEAD + packet), Kind.PERSON) == {"xmp.unreadable"}


@given(st.binary(max_size=400))
@settings(max_examples=50, deadline=None)
def test_any_exif_block_is_read_or_counted_as_unreadable(noise):
    read(in_jpeg(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + noise))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_mutated_file_is_read_and_stripped_or_refused_in_our_own_words(draw):
    whole = draw.draw(st.sampled_from(WHOLE))
    data = bytearray(whole)
    for _ in range(draw.draw(st.integers(1, 8))):
        at = draw.draw(st.integers(0, len(data) - 1))
        data[at] = draw.draw(st.integers(0, 255))
    for work in (read, strip):
        with suppress(PictureError):
            work(bytes(data))


WHOLE = [
    phone_photo(thumbnail=pictures.jpeg(), artist=NAME),
    pictures.png(exif=pictures.exif(), icc_profile=pictures.srgb_profile()),
    pictures.webp(
        exif=pictures.exif(), xmp=pictures.xmp("<dc:title>x</dc:title>"), icc_profile=pictures.srgb_profile()
    ),
]
