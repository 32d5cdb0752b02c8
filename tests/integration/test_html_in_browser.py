"""The HTML report in Debian's chromium: nothing has to be scrolled sideways, on a phone or on a desk.

With POSTGUARD_SCREENSHOTS=1 it also writes the screenshots of the documentation.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from postguard import Report
from postguard.demo import demo_drafts, demo_guard
from postguard.formats.html import write_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
]
SHOTS = Path(__file__).parents[2] / "docs/images"
MEASURE = """<!doctype html><title>measure</title><style>* {{ margin: 0 }} iframe {{ border: 0 }}</style>
<iframe id="page" src="report.html" width="{width}" height="900"></iframe><p id="said"></p>
<script>
document.getElementById("page").onload = (event) => {{
  const page = event.target.contentDocument;
  const over = [...page.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > {width} + 1);
  const broken = [...page.images].filter((image) => !image.naturalWidth);
  document.getElementById("said").textContent =
    `width ${{page.documentElement.scrollWidth}}; over ${{over.map((e) => e.tagName)}}; ` +
    `pictures ${{page.images.length}}; broken ${{broken.length}}; height ${{page.documentElement.scrollHeight}}; done`;
}};
</script>"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (on Debian: apt install chromium)")


@cache
def demo_report() -> Report:
    """The report on the demo's draft with a name, a face and a photo that tells where it was taken."""
    draft = next(draft for name, _, draft in demo_drafts() if name == "2-name-and-face")
    return demo_guard().check(draft)


def browse(tmp_path: Path, *flags: str) -> str:
    """Runs chromium with a profile of its own; what it prints."""
    command = [CHROMIUM or "", *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *flags]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def measured(page: str, width: int, tmp_path: Path) -> dict[str, str]:
    """What the page measures in a window of that many CSS pixels."""
    (tmp_path / "report.html").write_text(page, "utf-8")
    (tmp_path / "measure.html").write_text(MEASURE.format(width=width), "utf-8")
    url = (tmp_path / "measure.html").as_uri()
    flags = ("--allow-file-access-from-files", "--virtual-time-budget=5000", f"--window-size={width},900", "--dump-dom")
    said = re.search(r'id="said">(.*?); done<', browse(tmp_path, *flags, url))
    assert said is not None, "the page was not measured"
    return dict(part.split(" ", 1) for part in said[1].split("; "))


@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desk"])
@pytest.mark.parametrize("private", [False, True])
def test_nothing_has_to_be_scrolled_sideways(width: int, tmp_path: Path, *, private: bool) -> None:
    said = measured(write_html(demo_report(), excerpts=private, private=private), width, tmp_path)
    assert int(said["width"]) <= width
    assert said["over"].strip() == ""
    assert int(said["pictures"]) >= 1
    assert said["broken"] == "0"


def test_the_measure_notices_a_page_that_is_too_wide(tmp_path: Path) -> None:
    said = measured('<!doctype html><body><div style="width: 600px">wide</div>', 390, tmp_path)
    assert int(said["width"]) > 390
    assert said["over"] == "DIV"


@pytest.mark.parametrize(("name", "width"), [("report-phone", 390), ("report", 1280)])
def test_the_page_can_be_photographed_whole(name: str, width: int, tmp_path: Path) -> None:
    from PIL import Image

    page = write_html(demo_report())
    height = int(measured(page, width, tmp_path)["height"])
    shot = tmp_path / f"{name}.png"
    # Below 500 pixels a window does not go, so a phone's page is framed.
    style = "<style>* { margin: 0 } iframe { border: 0 }</style>"
    frame = f'{style}<iframe src="report.html" width="{width}" height="{height}"></iframe>'
    (tmp_path / "frame.html").write_text(frame, "utf-8")
    browse(
        tmp_path,
        f"--screenshot={shot}",
        f"--window-size={max(width, 500)},{height}",
        (tmp_path / "frame.html").as_uri(),
    )
    with Image.open(shot) as picture:
        assert picture.height == height
        seen = picture.convert("RGB").crop((0, 0, width, height))
    colours = seen.getcolors(maxcolors=1 << 24)
    assert colours is not None
    assert len(colours) > 100, "the page is blank"
    if os.environ.get("POSTGUARD_SCREENSHOTS") == "1":
        SHOTS.mkdir(parents=True, exist_ok=True)
        seen.quantize(128).save(SHOTS / f"{name}.png", optimize=True)
