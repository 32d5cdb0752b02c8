"""Takes out of a picture's file all that is not the picture, without touching a pixel: allow-lists, one file each."""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Final

from postguard.images.containers import Damaged, PictureError, Unsupported, container

__all__ = ["INSTEAD", "SUPPORTED", "Damaged", "PictureError", "Stripped", "Unsupported", "container", "strip"]

SUPPORTED: Final = frozenset({"jpeg", "png", "webp", "gif", "tiff", "heif", "mp4"})
INSTEAD: Final = {
    "svg": "an SVG drawing; send a PNG or JPEG picture of it instead",
    "pdf": "a PDF document; send a JPEG or PNG picture of the page instead",
    "raw": "a camera's raw file; send the JPEG that the camera makes of it instead",
    "bmp": "a BMP picture; send it as PNG instead",
    "ico": "an icon file; send it as PNG instead",
    "jp2": "a JPEG 2000 picture; send it as JPEG or PNG instead",
    "jxl": "a JPEG XL picture; send it as JPEG or PNG instead",
    "unknown": "a file of a kind that is not known; send a JPEG or PNG picture instead",
}


@dataclass(frozen=True, slots=True)
class Stripped:
    """A picture's file with nothing in it but the picture.

    `orientation` is the EXIF orientation (1 to 8) that the file still tells. `lost` names in plain words what a
    viewer may miss: so far only the gain map or second picture that made a photo HDR.
    """

    container: str
    data: bytes = field(repr=False)
    orientation: int = 1
    lost: tuple[str, ...] = ()


HDR: Final = "the brighter HDR version; the photo itself is unchanged"


def strip(data: bytes) -> Stripped:
    """The file without its metadata; decoded pixels, shown orientation, colours and timing stay the same.

    Stripping a stripped file gives the same bytes. Raises `Unsupported` for a container that is not handled and
    `Damaged` for a file that breaks its container's grammar; neither quotes anything of the file.
    """
    name = container(data)
    if name not in SUPPORTED:
        raise Unsupported(INSTEAD.get(name, f"a {name.upper()} file; send a JPEG or PNG picture instead"))
    stripped: Stripped = import_module(f"{__name__}.{name}").strip(data)
    return stripped
