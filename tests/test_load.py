"""What may be handed in as a picture, what it becomes, and how it is refused."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitizer.errors import InputError
from digitizer.evidence import Picture
from digitizer.stages.load import load_picture

SIZE = (60, 40)


def chart(mode: str = "RGB") -> Image.Image:
    """A non-square picture whose four corners differ, so that every turn and flip shows."""
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 9, 9), fill="red")
    draw.rectangle((50, 0, 59, 9), fill="blue")
    draw.rectangle((0, 30, 9, 39), fill="lime")
    draw.line((12, 35, 48, 5), fill="black", width=2)
    return image.convert(mode)


def encode(image: Image.Image, file_format: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format=file_format, **options)
    return out.getvalue()


def noisy(width: int = 300, height: int = 200) -> Image.Image:
    """A picture that compresses badly, so that cutting its file cuts its pixels."""
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8))


def png_of_size(width: int, height: int) -> bytes:
    """A small PNG file that claims a huge size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def assert_is_chart(picture: Picture, tolerance: int = 0) -> None:
    difference = np.abs(picture.rgb.astype(int) - np.asarray(chart()).astype(int))
    assert difference.max() <= tolerance
    assert not picture.rgb.flags.writeable


def refusal(source: object, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        load_picture(source, **options)  # type: ignore[arg-type]
    line = str(caught.value)
    assert line.isprintable()
    assert "; " in line
    return line


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "BMP", "GIF", "WEBP"])
def test_formats_without_loss(tmp_path: Path, file_format: str) -> None:
    path = tmp_path / "misnamed.txt"
    path.write_bytes(encode(chart(), file_format, **({"lossless": True} if file_format == "WEBP" else {})))
    picture = load_picture(path)
    assert_is_chart(picture)
    assert picture.name == "misnamed.txt"
    assert picture.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (picture.width, picture.height) == SIZE


def test_jpeg_and_its_name_from_a_string(tmp_path: Path) -> None:
    path = tmp_path / "chart.png"
    path.write_bytes(encode(chart(), "JPEG", quality=95, subsampling=0))
    assert_is_chart(load_picture(str(path)), tolerance=40)


def test_cmyk_jpeg() -> None:
    assert_is_chart(load_picture(encode(chart("CMYK"), "JPEG", quality=95, subsampling=0)), tolerance=60)


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_scaled_not_clipped(file_format: str) -> None:
    ramp = np.tile(np.linspace(0, 65535, 60), (40, 1)).astype(np.uint16)
    picture = load_picture(encode(Image.fromarray(ramp), file_format))
    expected = np.rint(ramp / 257).astype(np.uint8)
    assert np.array_equal(picture.rgb, np.repeat(expected[:, :, None], 3, axis=2))


def test_sixteen_bit_rgb_png() -> None:
    levels = np.tile(np.linspace(0, 65535, 60).astype(">u2")[None, :, None], (40, 1, 3))
    rows = b"".join(b"\0" + row.tobytes() for row in levels)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60, 40, 16, 2, 0, 0, 0)
    png = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    picture = load_picture(png)
    assert np.abs(picture.rgb.astype(float) - levels.astype(float) / 257).max() <= 1


def test_float_tiff_from_zero_to_one() -> None:
    grey = np.asarray(chart("L")).astype(np.float32) / 255
    picture = load_picture(encode(Image.fromarray(grey), "TIFF"))
    assert np.array_equal(picture.rgb[:, :, 0], np.asarray(chart("L")))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "YCbCr"])
def test_image_modes(mode: str) -> None:
    image = chart(mode)
    picture = load_picture(image)
    assert np.array_equal(picture.rgb, np.asarray(image.convert("RGB")))


def test_palette_with_transparency_lies_on_white() -> None:
    image = chart().quantize(8)
    transparent = image.getpixel((0, 0))
    rgb = load_picture(encode(image, "PNG", transparency=transparent)).rgb
    assert tuple(rgb[0, 0]) == (255, 255, 255)
    assert tuple(rgb[0, 59]) == (0, 0, 255)


def test_half_transparent_ink_lies_on_white() -> None:
    image = Image.new("RGBA", SIZE, (0, 0, 0, 128))
    assert tuple(load_picture(encode(image, "PNG")).rgb[0, 0]) == (127, 127, 127)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "JPEG"])
def test_exif_rotation(orientation: int, file_format: str) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = chart() if orientation == 1 else chart().transpose(undo[orientation])
    options = {"quality": 95, "subsampling": 0} if file_format == "JPEG" else {}
    assert_is_chart(load_picture(encode(stored, file_format, exif=exif, **options)), tolerance=40)


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG", "TIFF"])
def test_first_frame_of_several(file_format: str) -> None:
    later = [Image.new("RGB", SIZE, color) for color in ("black", "navy")]
    options = {"lossless": True} if file_format == "WEBP" else {}
    assert_is_chart(load_picture(encode(chart(), file_format, save_all=True, append_images=later, **options)))


def test_arrays_of_each_kind() -> None:
    rgb = np.asarray(chart())
    grey = np.asarray(chart("L"))
    assert_is_chart(load_picture(rgb))
    assert_is_chart(load_picture(rgb.astype(np.int64)))
    assert_is_chart(load_picture(rgb / 255.0))
    assert_is_chart(load_picture(rgb.astype(np.uint16) * 257))
    assert_is_chart(load_picture(rgb[:, ::-1][:, ::-1]))
    assert_is_chart(load_picture(np.asarray(chart("RGBA"))))
    for array in (grey, grey[:, :, None], grey / 255.0):
        assert np.array_equal(load_picture(array).rgb[:, :, 1], grey)
    assert load_picture(grey > 128).rgb.max() == 255
    picture = load_picture(rgb, name="figure 1")
    assert picture.name == "figure 1"
    assert picture.sha256 == hashlib.sha256(rgb.tobytes()).hexdigest()


def test_the_callers_array_stays_writable_and_apart() -> None:
    array = np.array(chart())
    picture = load_picture(array)
    array[:] = 0
    assert_is_chart(picture)


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.full((40, 60), 300), "values from 300 to 300"),
        (np.full((40, 60), -1), "0 to 255"),
        (np.full((40, 60), 255.0), "scale floats to 0..1"),
        (np.full((40, 60), np.nan), "nan"),
        (np.zeros((40, 60, 2)), "shape (40, 60, 2)"),
        (np.zeros(60), "shape (60,)"),
        (np.zeros((40, 60), dtype=complex), "complex128"),
        (np.zeros((0, 60)), "too small"),
    ],
)
def test_refused_arrays(array: np.ndarray, words: str) -> None:
    line = refusal(array)
    assert line.startswith("array: ")
    assert words in line


def test_refused_paths(tmp_path: Path) -> None:
    assert (
        refusal(tmp_path / "absent.png")
        == f"{tmp_path / 'absent.png'}: there is no such file; check the path"
    )
    assert "is a folder" in refusal(tmp_path)
    assert "web address" in refusal("https://example.org/chart.png")
    assert "cannot be opened" in refusal("nul\0byte.png")
    (tmp_path / "empty.png").touch()
    assert "empty.png: is empty; give a picture" in refusal(tmp_path / "empty.png")
    (tmp_path / "line\nbreak.png").touch()
    assert "line?break.png" in refusal(tmp_path / "line\nbreak.png")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Épreuve, not a picture\n".encode() * 40, "is text, not a picture"),
        (b"<html><body><p>404 <svg></svg></body></html>", "is text"),
        (b"<html><body>not found</body></html>", "is text"),
        (
            b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- <b>by hand</b> --><!DOCTYPE svg>\n<svg xmlns="x"/>',
            "is an SVG drawing",
        ),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "is a PDF document, which may hold several figures"),
        (b'{"schema_version": 1, "panels": []}', "is a document of numbers"),
        (b"\0\0\0\x1cftypheic", "HEIC"),
        (b"PK\x03\x04\x14\x00", "ZIP"),
        (bytes(range(256)), "is not a picture in a known format"),
        (b"\x89PNG\r\n\x1a\n", "is damaged"),
        (b"\xff\xd8\xff\xe0", "is damaged"),
    ],
)
def test_refused_contents(content: bytes, words: str) -> None:
    assert words in refusal(content, name="chart.png")
    assert refusal(content, name="chart.png").startswith("chart.png: ")


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize(
    ("file_format", "options"),
    [
        ("PNG", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("WEBP", {"lossless": True}),
        ("GIF", {}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
    ],
)
def test_files_cut_short_are_refused(file_format: str, options: dict[str, object], share: float) -> None:
    content = encode(noisy(), file_format, **options)
    line = refusal(content[: int(len(content) * share)], name="cut")
    assert "is cut short" in line or "is damaged" in line


def test_a_flipped_byte_in_a_png_is_noticed() -> None:
    content = bytearray(encode(noisy(), "PNG"))
    content[len(content) // 2] ^= 0xFF
    assert "is damaged" in refusal(bytes(content))


@pytest.mark.parametrize("size", [(1, 1), (23, 400), (400, 1)])
def test_too_small(size: tuple[int, int]) -> None:
    line = refusal(encode(Image.new("RGB", size), "PNG"))
    assert f"too small to hold a chart ({size[0]} x {size[1]} pixels)" in line


@pytest.mark.parametrize("size", [(30_000, 30_000), (10_000, 10_000), (9_000, 8_000), (1_000_000_000, 30)])
def test_too_large_is_refused_before_decoding(size: tuple[int, int]) -> None:
    assert "is too large" in refusal(png_of_size(*size))


def test_thirty_six_megapixels_are_read() -> None:
    picture = load_picture(encode(Image.new("1", (6000, 6000), 1), "PNG"))
    assert picture.rgb.shape == (6000, 6000, 3)


def test_anything_else_is_a_programming_error() -> None:
    with pytest.raises(TypeError, match="not int"):
        load_picture(3)  # type: ignore[arg-type]
