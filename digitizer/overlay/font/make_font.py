"""Cuts the overlay's font out of DejaVu Sans: the characters that chart texts are made of.

Run from the checkout, in its development environment (matplotlib brings DejaVu Sans and fontTools):
``python digitizer/overlay/font/make_font.py``.
"""

import shutil
from pathlib import Path

import matplotlib
from fontTools import subset

RANGES = (
    "U+0020-007E,U+00A0-017F,U+0370-03FF,U+0400-045F,U+2010-2044,U+2070-209F,U+20AC,U+2103,U+2126,"
    "U+212B,U+2190-2199,U+2200-2265,U+25A0-25CF,U+FFFD"
)


def main() -> None:
    """Write the font and its licence beside this script."""
    source = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    here = Path(__file__).parent
    subset.main(
        [
            str(source / "DejaVuSans.ttf"),
            f"--unicodes={RANGES}",
            f"--output-file={here / 'DejaVuSans-cut.ttf'}",
            "--layout-features=",
            "--no-recalc-timestamp",
        ]
    )
    shutil.copyfile(source / "LICENSE_DEJAVU", here / "LICENSE_DEJAVU")


if __name__ == "__main__":
    main()
