"""Stripping HEIC, AVIF and MP4 writes a new file of the same coded pictures and sounds."""

import io

import pictures
import pytest
from PIL import Image

from postguard.images.metadata import Kind, read
from postguard.images.strip import Damaged, Unsupported, strip
from postguard.images.strip.audit import Refused, audit

WORDS = b"Maja Lindqvist, 12 Orchard Road"


def shown(data):
    frames = []
    with Image.open(io.BytesIO(data)) as picture:
        for number in range(picture.n_frames):
            picture.seek(number)
            frames.append((picture.size, picture.convert("RGBA").tobytes(), picture.info.get("duration")))
    return frames


def with_alpha():
    picture = pictures.scene(mode="RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    return picture


AVIFS = {
    "plain": pictures.avif(exif=pictures.exif(artist=WORDS.decode())),
    "turned": pictures.avif(exif=pictures.exif(orientation=6, artist=WORDS.decode())),
    "alpha": pictures.avif(with_alpha(), xmp=pictures.xmp(f"<dc:title>{WORDS.decode()}</dc:title>")),
    "full colour": pictures.avif(subsampling="4:4:4", icc_profile=pictures.srgb_profile() + WORDS),
    "animated": pictures.avif(
        save_all=True,
        append_images=[pictures.scene().rotate(10)],
        duration=[100, 250],
        exif=pictures.exif(artist=WORDS.decode()),
    ),
}


@pytest.mark.parametrize("name", AVIFS)
def test_an_avif_shows_the_same(name):
    data = AVIFS[name]
    stripped = strip(data).data
    assert WORDS in data
    assert WORDS not in stripped
    assert shown(stripped) == shown(data)
    assert strip(stripped).data == stripped
    assert read(stripped).facts == ()
    audit(stripped)


def test_a_heic_tells_its_hidden_pictures_and_loses_them():
    data = pictures.heic(((b"Exif", b"", b"", bytes(4) + pictures.exif()),), behind=pictures.box(b"mpvd", WORDS))
    assert "motion-video" in {fact.key for fact in read(data).of_kind(Kind.PICTURE)}
    assert read(data).position is not None
    assert WORDS not in strip(data).data


def test_a_film_keeps_its_samples_and_loses_its_dates_and_other_tracks():
    samples = b"\0\0\0\x0a\x65sample-01" * 5
    data = pictures.film(samples=samples, extra_tracks=((b"meta", WORDS),), name=WORDS, encoder=WORDS)
    keys = {fact.key for fact in read(data).facts}
    assert {"film.times", "film.data-track", "film.handler-name"} <= keys
    stripped = strip(data).data
    assert stripped.endswith(samples)
    assert WORDS not in stripped
    assert read(stripped).facts == ()
    audit(stripped)


def test_the_words_of_an_encoder_between_the_frames_go():
    frame, words = b"\0\0\0\x0a\x65sample-01", b"\x06" + WORDS
    data = pictures.film(samples=len(words).to_bytes(4, "big") + words + frame)
    assert WORDS in data
    stripped = strip(data).data
    assert WORDS not in stripped
    assert stripped.endswith(b"mdat" + frame)
    audit(stripped)


def test_a_film_in_fragments_and_a_heic_of_a_rare_kind_are_refused():
    with pytest.raises(Unsupported, match="fragments"):
        strip(pictures.film(user_data=pictures.box(b"mvex", b"")))
    with pytest.raises(Unsupported, match="JPEG"):
        strip(pictures.heic().replace(b"hvc1", b"xyz1"))


@pytest.mark.parametrize("data", [pictures.heic(), pictures.film(), AVIFS["plain"]], ids=["heic", "film", "avif"])
def test_a_file_that_is_cut_off_is_refused(data):
    for cut in (20, 100, len(data) // 2, len(data) - 1):
        with pytest.raises((Damaged, Unsupported)):
            strip(data[:cut])


@pytest.mark.parametrize("data", [pictures.heic(), pictures.film()], ids=["heic", "film"])
def test_the_auditor_refuses_what_the_stripper_never_writes(data):
    clean = strip(data).data
    for wrong in (data, clean + pictures.box(b"free", b"x"), clean + b"x"):
        with pytest.raises(Refused):
            audit(wrong)
