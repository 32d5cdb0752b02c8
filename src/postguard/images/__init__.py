"""What a picture shows and what its file hides. Knows no rule, no policy."""

from __future__ import annotations

import logging

# At debug level Pillow logs what a file's EXIF says: captions, names, positions.
logging.getLogger("PIL").setLevel(logging.INFO)
