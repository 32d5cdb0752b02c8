"""The metadata rules: one finding for each kind of thing that a file tells, each with edits that strip it."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pictures
import pytest

from postguard.channels import Audience
from postguard.checkers import metadata
from postguard.context import Context, School
from postguard.errors import UnreadablePicture
from postguard.images.strip.audit import audit
from postguard.model import Applicability, Draft, Image, MetadataField, TextSpan
from postguard.text.names import Kind, Mention

NAME = "Maja Lindqvist"
[CHECKER] = metadata.postguard_checkers()
[STRIP] = metadata.postguard_sanitisers()
CHECK = CHECKER.make(metadata.MetadataOptions())
THUMBNAIL = pictures.jpeg(pictures.scene((40, 30)))


def looking_at(*images, faces=None, mentions=None, options=None):
    makers = {view.name: view.make(metadata.MetadataOptions()) for view in CHECKER.views}
    if faces is not None:
        makers["faces_in"] = faces
    if mentions is not None:
        makers["mentions"] = lambda *_: mentions
    moment = datetime(2026, 6, 10, 12, tzinfo=UTC)
    context = Context(
        Draft("Lava lamps", images=tuple(images)),
        publish_at=moment,
        now=moment,
        channels=(SimpleNamespace(audience=Audience.PUBLIC),),
        school=School("Europe/London", None, None, None),
        makers=makers,
    )
    check = CHECKER.make(options) if options else CHECK
    return check(context)


def found(*images, **given):
    return list(looking_at(*images, **given))


def photo(name="photo-1.jpg", **told):
    return Image(name, pictures.jpeg(exif=b"Exif\0\0" + pictures.exif(**told)))


def test_a_picture_that_tells_nothing_gives_no_finding():
    assert found(Image("photo-1.jpg", pictures.jpeg()), Image("lava.png", pictures.png())) == []


def test_a_phone_photo_is_told_by_kind_and_every_key_is_to_be_stripped():
    findings = found(photo(artist=NAME))
    assert [finding.rule for finding in findings] == ["MET301", "MET302", "MET303", "MET304"]
    assert findings[0].evidence == MetadataField(0, "exif.GPSLatitude")
    for finding in findings:
        assert finding.edits
        assert {edit.replacement for edit in finding.edits} == {"strip"}
        assert {edit.applicability for edit in finding.edits} == {Applicability.SAFE}
        assert NAME not in repr(finding)
    assert findings[0].advice == "The file tells where it was taken, to about 10 m."


def test_the_second_picture_is_told_as_the_second():
    findings = found(Image("photo-1.jpg", pictures.jpeg()), photo())
    assert {finding.evidence.image for finding in findings} == {1}


FACE = ((1, 2, 3, 4),)


@pytest.mark.parametrize(
    ("faces", "possible", "variant"), [((), (), "without-face"), (FACE, (), "default"), ((), FACE, "default")]
)
def test_a_thumbnail_is_looked_at_for_faces(faces, possible, variant):
    seen = []

    def faces_in(context, data):
        seen.append(data)
        return SimpleNamespace(faces=faces, possible=possible)

    [finding] = [f for f in found(photo(thumbnail=THUMBNAIL), faces=faces_in) if f.rule == "MET305"]
    assert finding.variant == variant
    assert seen == [THUMBNAIL]


def test_a_hidden_picture_that_cannot_be_looked_at_counts_as_one_with_a_face():
    def unreadable(context, data):
        raise UnreadablePicture(None, "the file is cut short or damaged")

    for faces in (unreadable, None):
        [finding] = [f for f in found(photo(thumbnail=THUMBNAIL), faces=faces) if f.rule == "MET305"]
        assert finding.variant == "default"


def test_of_a_gain_map_the_finding_says_that_hdr_falls_back_to_ordinary_brightness():
    sign = pictures.segment(0xE1, pictures.XMP_HEAD + pictures.xmp("<dc:format>hdrgm:Version 1.0</dc:format>"))
    data = pictures.jpeg() + pictures.after_soi(pictures.jpeg(), sign)
    [finding] = [f for f in found(Image("photo-1.jpg", data)) if f.rule == "MET305"]
    assert "ordinary brightness on HDR screens" in finding.advice


def test_data_that_nobody_knows_is_told_with_its_size():
    [finding] = found(Image("photo-1.jpg", pictures.jpeg() + b"x" * 1234))
    assert finding.rule == "MET306"
    assert finding.advice == "1,234 bytes that are no part of the picture."


def test_a_date_in_the_files_name_is_told_and_the_name_becomes_neutral():
    [finding] = found(Image("lava 2026-06-10.png", pictures.jpeg()))
    assert (finding.rule, finding.evidence) == ("MET307", TextSpan("images[0].name", 5, 15))
    [edit] = finding.edits
    assert (edit.evidence, edit.replacement) == (TextSpan("images[0].name", 0, 19), "photo-1.jpg")
    assert (
        found(Image("lava 2026-06-10.png", pictures.jpeg()), options=metadata.MetadataOptions(file_names=False)) == []
    )


def test_a_name_in_the_files_name_is_told_and_a_figures_is_not():
    maja = Mention(0, 4, Kind.CHILD, 0.9, sure=True)
    [finding] = found(Image("Maja lava.jpg", pictures.jpeg()), mentions=(maja,))
    assert (finding.rule, finding.evidence) == ("MET307", TextSpan("images[0].name", 0, 4))
    assert finding.advice == "The name of the file tells a name."
    matilda = Mention(0, 7, Kind.FIGURE, 0.9, sure=True)
    assert found(Image("Matilda play.jpg", pictures.jpeg()), mentions=(matilda,)) == []


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", pictures.jpeg()[:100]])
def test_a_file_that_cannot_be_judged_is_unreadable(data):
    with pytest.raises(UnreadablePicture) as caught:
        found(Image("photo-1.jpg", pictures.jpeg()), Image("x.jpg", data))
    assert caught.value.image == 1


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (pictures.heic(((b"Exif", b"", b"", bytes(4) + pictures.exif()),)), "HEIC photo.*as JPEG"),
        (pictures.film(), "film.*JPEG of one"),
        (pictures.tiff_file(big_tiff=True, tiffinfo={306: "2026:06:10 10:15:30"}), "BigTIFF.*JPEG or PNG"),
    ],
    ids=["heic", "film", "bigtiff"],
)
def test_what_can_be_read_but_not_looked_at_is_told_and_then_held_back_with_a_word_on_what_to_send(data, word):
    told = looking_at(Image("a.jpg", pictures.jpeg()), Image("x", data))
    assert next(told).evidence.image == 1
    with pytest.raises(UnreadablePicture) as caught:
        list(told)
    assert caught.value.image == 1
    assert re.search(word, caught.value.reason)
    audit(STRIP.make()(Image("x", data), (), 0).data)


def test_a_file_that_cannot_be_judged_hides_nothing_of_the_next():
    told = looking_at(Image("x.jpg", b"no picture"), photo())
    assert next(told).evidence == MetadataField(1, "exif.GPSLatitude")


def test_the_sanitiser_leaves_nothing_to_tell():
    image = photo(artist=NAME, thumbnail=THUMBNAIL, orientation=6)
    clean = STRIP.make()(image, (), 0)
    assert found(clean) == []
    assert STRIP.make()(clean, (), 0) == clean


@pytest.mark.parametrize(
    ("name", "data", "neutral"),
    [
        ("Holiday.jpg", pictures.jpeg(exif=b"Exif\0\0" + pictures.exif()), "photo-3.jpg"),
        ("lava.png", pictures.jpeg(), "photo-3.jpg"),
        ("lava.gif", pictures.png(), "photo-3.png"),
        ("lava.heic", pictures.avif(exif=pictures.exif()), "photo-3.avif"),
        ("lava", pictures.heic(), "photo-3.heic"),
        ("lava.mp4", pictures.film(name=b"somebody's"), "photo-3.mp4"),
        ("lava", pictures.tiff_file(), "photo-3.tif"),
        ("lava", pictures.webp(), "photo-3.webp"),
    ],
)
def test_a_file_that_is_written_anew_gets_a_neutral_name_that_fits_what_it_holds(name, data, neutral):
    assert STRIP.make()(Image(name, data), (), 2).name == neutral


def test_a_file_in_which_nothing_changes_keeps_a_name_that_fits():
    image = Image("Lava lamps.JPEG", STRIP.make()(Image("x", pictures.jpeg()), (), 0).data)
    assert STRIP.make()(image, (), 0) == image


def test_the_sanitiser_never_hands_on_what_it_cannot_vouch_for():
    with pytest.raises(UnreadablePicture):
        STRIP.make()(Image("x.svg", b"<svg/>"), (), 0)


def test_every_rule_has_the_verdicts_of_the_catalogue():
    words = {
        rule.code: {variant: [v.name[0] for v in row] for variant, row in rule.verdicts.items()}
        for rule in CHECKER.rules
    }
    assert words == {
        "MET301": {"default": ["B", "B", "R"]},
        "MET302": {"default": ["R", "R", "S"]},
        "MET303": {"default": ["B", "B", "R"]},
        "MET304": {"default": ["S", "S", "S"]},
        "MET305": {"default": ["B", "B", "R"], "without-face": ["R", "R", "S"]},
        "MET306": {"default": ["R", "R", "S"]},
        "MET307": {"default": ["R", "R", "S"]},
    }
