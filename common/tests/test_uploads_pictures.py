"""A picture of a person comes out as a picture and nothing else."""

import io
import zipfile

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from common.errors import RuleBroken
from common.testing.uploads import (
    CANARY,
    encoded,
    exif_with_gps,
    jpeg_with_comment,
    noise,
    opened,
    picture,
    png,
    uploaded,
)
from common.uploads import MAX_BYTES
from common.uploads.checking import checked
from common.uploads.pictures import MAX_PIXELS

pytestmark = pytest.mark.once
FORMATS = ["JPEG", "PNG", "WEBP"]


def clean(content: bytes):
    return checked(uploaded(content))


def refusal(content: bytes) -> str:
    with pytest.raises(RuleBroken) as broken:
        clean(content)
    return broken.value.code


def is_red_then_blue(image: Image.Image) -> bool:
    left = image.convert("RGB").getpixel((5, image.height // 2))
    right = image.convert("RGB").getpixel((image.width - 5, image.height // 2))
    return left[0] > 200 > 60 > left[2] and right[2] > 200 > 60 > right[0]


@pytest.mark.parametrize("format", FORMATS)
def test_a_picture_stays_what_it_is(format):
    found = clean(picture(format, size=(60, 40)))
    image = opened(found.content)
    assert (image.format, image.size) == (format, (60, 40))
    assert found.media_type == Image.MIME[format]
    assert (found.width_px, found.height_px) == (60, 40)
    assert is_red_then_blue(image)


@pytest.mark.parametrize("format", FORMATS)
def test_exif_with_its_places_is_gone_and_the_picture_stands_upright(format):
    found = clean(picture(format, exif=exif_with_gps(orientation=3)))
    image = opened(found.content)
    assert not image.getexif()
    assert CANARY not in found.content
    turned = image.transpose(Image.Transpose.ROTATE_180)
    assert is_red_then_blue(turned)


@pytest.mark.parametrize("format", FORMATS)
def test_a_picture_that_was_turned_a_quarter_changes_its_sides(format):
    found = clean(picture(format, size=(60, 40), exif=exif_with_gps(orientation=6)))
    assert opened(found.content).size == (found.width_px, found.height_px) == (40, 60)


def test_exif_that_cannot_be_read_costs_nobody_the_picture():
    assert clean(picture(exif=b"Exif\0\0" + b"MM\0*\xff\xff\xff\xff" + CANARY)).width_px == 60


@pytest.mark.parametrize("format", FORMATS)
def test_colours_are_brought_to_srgb_and_the_profile_goes(format):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = clean(picture(format, icc_profile=profile))
    assert "icc_profile" not in opened(found.content).info
    assert is_red_then_blue(opened(found.content))


@pytest.mark.parametrize("format", FORMATS)
def test_a_profile_that_is_none_is_left_out(format):
    found = clean(picture(format, icc_profile=CANARY * 20))
    assert CANARY not in found.content
    assert is_red_then_blue(opened(found.content))


def test_a_picture_for_printing_becomes_one_for_screens():
    image = opened(clean(encoded(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), "JPEG")).content)
    assert image.mode == "RGB"
    red, green, _ = image.getpixel((10, 10))
    assert red > 200 > 60 > green


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_what_is_transparent_stays_so(format):
    found = clean(encoded(Image.new("RGBA", (20, 20), (255, 0, 0, 0)), format))
    assert opened(found.content).convert("RGBA").getpixel((10, 10))[3] == 0


def test_a_palette_with_a_transparent_colour_stays_transparent():
    image = Image.new("RGB", (20, 20), "red").quantize(4)
    sent = encoded(image, "PNG", transparency=image.getpixel((10, 10)))
    assert opened(sent).mode == "P"
    found = opened(clean(sent).content)
    assert found.convert("RGBA").getpixel((10, 10))[3] == 0


def test_sixteen_bits_of_grey_stay_grey():
    found = clean(encoded(Image.new("I;16", (20, 20), 32_768), "PNG"))
    assert opened(found.content).convert("L").getpixel((10, 10)) == 128


def test_black_and_white_stays_black_and_white():
    found = clean(encoded(Image.new("1", (20, 20), 1), "PNG"))
    assert opened(found.content).convert("L").getpixel((10, 10)) == 255


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_one_stays(format):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "lime", "blue")]
    moving = encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=80)
    assert opened(moving).n_frames == 3
    image = opened(clean(moving).content)
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((10, 10))[0] > 200


def test_a_photo_with_a_second_one_for_depth_is_a_photo():
    pair = io.BytesIO()
    first, second = Image.new("RGB", (20, 20), "red"), Image.new("RGB", (20, 20), "blue")
    first.save(pair, "MPO", save_all=True, append_images=[second])
    found = clean(pair.getvalue())
    assert opened(found.content).format == "JPEG"
    assert len(found.content) < len(pair.getvalue())


# --- what means harm ------------------------------------------------------------------


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x.class", content)
    return packed.getvalue()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "tail",
    [zipped(CANARY), b"<script>" + CANARY + b"</script>", b"<?php " + CANARY, b"MZ" + CANARY],
    ids=["zip", "html", "php", "exe"],
)
def test_a_second_file_behind_a_picture_is_gone(format, tail):
    found = clean(picture(format) + tail)
    assert CANARY not in found.content
    assert not zipfile.is_zipfile(io.BytesIO(found.content))
    assert is_red_then_blue(opened(found.content))


def test_a_script_in_a_comment_of_a_jpeg_is_gone():
    armed = jpeg_with_comment(b"*/=alert('" + CANARY + b"')/*")
    assert opened(armed).info["comment"]
    found = clean(armed)
    assert CANARY not in found.content
    assert "comment" not in opened(found.content).info


def test_code_in_the_chunks_of_a_png_is_gone():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", f"<?php {CANARY.decode()} ?>")
    info.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    armed = picture("PNG", pnginfo=info)
    assert CANARY in armed
    assert CANARY not in clean(armed).content
    row = b"\0" + b"\xff\0\0" * 8
    assert CANARY not in clean(png(8, 8, row * 8, (b"zzZz", CANARY))).content


def test_xmp_in_a_webp_is_gone():
    armed = picture("WEBP", xmp=CANARY)
    assert CANARY in armed
    assert CANARY not in clean(armed).content


@pytest.mark.parametrize("side", [20_000, 50_000])
def test_a_picture_that_unpacks_to_gigabytes_is_refused_by_its_header(side):
    assert refusal(png(side, side, b"\0" * 4_000_000)) == "file_too_large_picture"


def test_the_limit_of_pixels_itself_is_allowed():
    width = 10_000
    assert clean(encoded(Image.new("1", (width, MAX_PIXELS // width)), "PNG")).width_px == width
    assert refusal(png(width, MAX_PIXELS // width + 1, b"\0" * 9)) == "file_too_large_picture"


def test_more_points_than_the_header_says_are_never_unpacked():
    found = clean(png(8, 8, b"\0" * 500_000_000))
    assert (found.width_px, found.height_px) == (8, 8)


def test_a_header_that_promises_more_than_comes_is_broken():
    assert refusal(png(5_000, 5_000, b"\0" * 100)) == "file_broken"


@pytest.mark.parametrize("format", FORMATS)
def test_a_picture_that_was_cut_off_is_broken(format):
    whole = encoded(noise(200, 200), format)
    assert refusal(whole[: len(whole) // 2]) == "file_broken"


@pytest.mark.parametrize("begin", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"])
def test_what_only_begins_like_a_picture_is_broken(begin):
    assert refusal(begin + CANARY * 100) == "file_broken"
    assert refusal(begin) == "file_broken"


def test_a_copy_that_would_be_too_big_is_made_smaller():
    grained = encoded(noise(2_600, 2_600), "JPEG", quality=75)
    assert len(grained) < MAX_BYTES
    found = clean(grained)
    assert len(found.content) <= MAX_BYTES
    assert found.width_px == found.height_px == opened(found.content).width
