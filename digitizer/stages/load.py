"""Load: from a file, bytes, an image or an array to upright 8-bit RGB pixels on white.

What a file is, is told by its content and never by its name. A picture is read whole or not at
all: half a picture would give wrong numbers.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import warnings
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from digitizer.errors import InputError
from digitizer.evidence import ByteImage, Picture

PictureSource: TypeAlias = "str | os.PathLike[str] | bytes | Image.Image | NDArray[Any]"

FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP")
FORMATS_TEXT = "PNG, JPEG, WebP, TIFF, GIF or BMP"

# The largest scan worth reading is an A3 page at 500 dpi (48 megapixels); 64 need 200 MB as RGB.
MAX_PIXELS = 64_000_000
# 64 megapixels of uncompressed 16-bit RGBA; anything longer is no picture that would be accepted.
MAX_BYTES = 512 * 2**20
# Below this no axis with two readable labels fits (digits are at least 5 px high).
MIN_SIDE_PX = 24

# What people hand in by mistake, told by its first bytes: (prefix, what it is, what to do).
_SAVE_AS_PNG = "save the chart as PNG and give that"
_FOREIGN = (
    (b"%!PS", "is PostScript, which this version does not read", _SAVE_AS_PNG),
    (b"8BPS", "is a Photoshop file, which is not read", _SAVE_AS_PNG),
    (b"PK\x03\x04", "is a ZIP archive or an office document, not a picture", _SAVE_AS_PNG),
    (b"\x1f\x8b", "is compressed with gzip", "unpack it first"),
    (b"\x00\x00\x00\x0cjP", "is a JPEG 2000 picture, which is not read", _SAVE_AS_PNG),
    (b"\x93NUMPY", "is a NumPy file, not a picture", "load it and give the array to chartscribe.digitize"),
    (b"version https://git-lfs", "is a Git LFS pointer, not the picture itself", "run git lfs pull"),
)


def load_picture(source: PictureSource, name: str | None = None) -> Picture:
    """Load a picture as upright RGB, transparency laid on white.

    Parameters
    ----------
    source : str, os.PathLike, bytes, PIL.Image.Image or numpy.ndarray
        A file's path, a file's bytes, an image, or an array of shape (height, width),
        (height, width, 1), (height, width, 3) or (height, width, 4). Arrays hold booleans,
        integers from 0 to 255, uint16 from 0 to 65535, or floats from 0 to 1.
    name : str, optional
        What the picture is called in the document and in errors; by default the file's name.

    Returns
    -------
    Picture
        Its ``sha256`` is of the file's bytes, or of the pixels' bytes for images and arrays.

    Raises
    ------
    InputError
        Where it cannot be read as a picture of a chart, in one line with the reason.

    Notes
    -----
    Of animations and files with several pages the first is read. EXIF rotation is applied.
    """
    if isinstance(source, np.ndarray):
        name = name or "array"
        digest = hashlib.sha256(np.ascontiguousarray(source).tobytes())
        image = _image_from_array(source, name)
        shown = name
    elif isinstance(source, Image.Image):
        shown = name or Path(os.fsdecode(getattr(source, "filename", "") or "image")).name
        _decode(source, shown)
        digest = hashlib.sha256(source.tobytes())
        image = source
    elif isinstance(source, bytes | bytearray | memoryview):
        shown = name or "picture"
        content = bytes(source)
        digest = hashlib.sha256(content)
        image = _open_image(content, shown)
    elif isinstance(source, str | os.PathLike):
        # Errors name the file as it was given; the document holds its bare name and no folders.
        shown = name or os.fsdecode(source)
        content = read_bytes(source)
        digest = hashlib.sha256(content)
        image = _open_image(content, shown)
        name = name or Path(os.fsdecode(source)).name
    else:
        raise TypeError(f"a picture is a path, bytes, a PIL image or an array, not {type(source).__name__}")
    rgb = _to_rgb(image, shown)
    return Picture(name=_valid_text(name or shown), sha256=digest.hexdigest(), rgb=rgb)


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Read a whole file; what prevents it becomes an :class:`InputError`."""
    shown = os.fsdecode(path)
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        if re.match(r"[a-z]+://", shown):
            raise InputError(
                shown, "is a web address, and nothing is fetched", "download the picture first"
            ) from None
        raise InputError(shown, "there is no such file", "check the path") from None
    except IsADirectoryError:
        raise InputError(shown, "is a folder", "give the pictures in it one by one") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(
            shown, f"cannot be opened ({reason.lower()})", "check the path and its permissions"
        ) from None
    if len(content) > MAX_BYTES:
        raise InputError(shown, f"is larger than {MAX_BYTES // 2**20} MiB", "give a smaller picture")
    return content


def _open_image(content: bytes, shown: str) -> Image.Image:
    """Open and fully decode a picture file's bytes, its size checked before."""
    _check_content(content, shown)
    with warnings.catch_warnings():
        # Pillow warns of large pictures (the size is checked below) and of harmless damage in metadata.
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(content), formats=FORMATS)
        except Image.DecompressionBombError as error:
            n_pixels = re.search(r"\d{8,}", str(error))
            size = f"{int(n_pixels[0]) / 1e6:,.0f} megapixels" if n_pixels else "several hundred megapixels"
            raise _too_large(shown, size) from None
        except Exception as error:
            raise _undecodable(content, shown) from error
        _decode(image, shown)
    return image


def _decode(image: Image.Image, shown: str) -> None:
    """Decode all pixels, or none: Pillow raises where the end of the file is missing."""
    _check_size(image.size, shown)
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:
        if "truncated" in str(error).lower() or isinstance(error, EOFError):
            problem = "is cut short: the end of the picture is missing"
        else:
            problem = "is damaged: its pixels cannot be decoded"
        raise InputError(shown, problem, "get the file again, or save it anew as PNG") from error


def _check_content(content: bytes, shown: str) -> None:
    """Refuse what is recognisably no picture, saying what it is."""
    if not content:
        raise InputError(shown, "is empty", f"give a picture ({FORMATS_TEXT})")
    start = content[:1024]
    if b"%PDF-" in start:
        remedy = "give it to the command, or to chartscribe.digitize_paper"
        raise InputError(shown, "is a PDF document, which may hold several figures", remedy)
    if looks_like_svg(content):
        raise InputError(shown, "is an SVG drawing, not a picture", "give it to chartscribe.digitize")
    if start.lstrip()[:1] == b"{" and b'"schema_version"' in start:
        raise InputError(
            shown, "is a document of numbers, not a picture", "give the picture that it came from"
        )
    for prefix, problem, remedy in _FOREIGN:
        if start.startswith(prefix):
            raise InputError(shown, problem, remedy)
    if start[4:8] == b"ftyp":
        raise InputError(shown, "is a HEIC, AVIF or video file, which is not read", _SAVE_AS_PNG)


def looks_like_svg(content: bytes) -> bool:
    """Whether the first element of this text, behind declarations and comments, is ``svg``."""
    head = re.sub(rb"<!--.*?-->", b"", content[:4096], flags=re.DOTALL)
    first = re.search(rb"<([A-Za-z][\w:.-]*)", head)
    return (
        head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        and first is not None
        and (first[1].split(b":")[-1] == b"svg")
    )


def _undecodable(content: bytes, shown: str) -> InputError:
    start = content[:512]
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        # A multi-byte character may be cut at the end of the sample; text for all that.
        is_text = error.start > len(start) - 4
    else:
        is_text = b"\x00" not in start
    if is_text:
        return InputError(shown, "is text, not a picture", f"give a picture ({FORMATS_TEXT})")
    if start.startswith((b"\x89PNG", b"\xff\xd8", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")):
        problem = "is damaged: it begins like a picture, but cannot be opened"
        return InputError(shown, problem, "get the file again, or save it anew as PNG")
    return InputError(shown, "is not a picture in a known format", f"give {FORMATS_TEXT}")


def _too_large(shown: str, size: str) -> InputError:
    limit = f"{MAX_PIXELS // 1_000_000} megapixels"
    return InputError(shown, f"is too large ({size}; the limit is {limit})", "shrink it or cut out the chart")


def _check_size(size: tuple[int, int], shown: str) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise _too_large(shown, f"{width:,} x {height:,} pixels")
    if min(width, height) < MIN_SIDE_PX:
        problem = f"is too small to hold a chart ({width} x {height} pixels)"
        raise InputError(shown, problem, f"give a picture of at least {MIN_SIDE_PX} x {MIN_SIDE_PX} pixels")


def _image_from_array(array: NDArray[Any], shown: str) -> Image.Image:
    """Make an 8-bit image of an array, refusing values that could mean several things."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))):
        remedy = "give (height, width), (height, width, 3) or (height, width, 4)"
        raise InputError(shown, f"has the shape {array.shape}, which is no picture", remedy)
    _check_size((array.shape[1], array.shape[0]), shown)
    kind = array.dtype.kind
    if kind not in "buif":
        raise InputError(shown, f"has the type {array.dtype}", "give booleans, integers or floats")
    if kind == "b":
        return Image.fromarray(array.astype(np.uint8) * np.uint8(255))
    low, high = array.min(), array.max()
    top = {"f": 1, "u": 65535 if array.dtype == np.uint16 else 255}.get(kind, 255)
    if not (low >= 0 and high <= top):  # written so that NaN fails
        remedy = "scale floats to 0..1 or integers to 0..255"
        raise InputError(
            shown, f"has values from {low:g} to {high:g} where {array.dtype} may hold 0 to {top}", remedy
        )
    if array.dtype == np.uint8:
        return Image.fromarray(np.ascontiguousarray(array))
    scaled = array.astype(np.float32) * np.float32(255 / top)
    return Image.fromarray(np.rint(scaled).astype(np.uint8))


def _to_rgb(image: Image.Image, shown: str) -> ByteImage:
    """Turn upright, bring to 8 bits a channel, lay on white."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Broken metadata must not cost the picture; a rotation that cannot be read is none.
        with contextlib.suppress(Exception):
            image = ImageOps.exif_transpose(image)
        if image.mode in ("F", "I") or image.mode.startswith("I;16"):
            image = _narrow(image, shown)
        if image.has_transparency_data:
            image = image.convert("RGBA")
            # Nearly all pictures that could be translucent are not.
            if image.getchannel("A").getextrema() != (255, 255):
                white = Image.new("RGBA", image.size, "white")
                white.alpha_composite(image)
                image = white
        try:
            # np.array copies: the result owns its memory and may be frozen.
            return np.array(image.convert("RGB"), dtype=np.uint8)
        except ValueError as error:
            problem = f"has the colour mode {image.mode}, which is not read"
            raise InputError(shown, problem, "save it as RGB") from error


def _narrow(image: Image.Image, shown: str) -> Image.Image:
    """Bring grey of 16 bits, 32 bits or floats to 8 bits; Pillow's own conversion would clip."""
    values = np.asarray(image)
    if image.mode == "F":
        return _image_from_array(values, shown)
    low, high = int(values.min()), int(values.max())
    if low < 0 or high > 65535:
        raise InputError(
            shown, f"has values from {low} to {high} where 0 to 65535 are read", "save it as RGB"
        )
    return _image_from_array(values.astype(np.uint16), shown)


def _valid_text(name: str) -> str:
    """A name that UTF-8 can hold: file names may carry bytes that are none."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
