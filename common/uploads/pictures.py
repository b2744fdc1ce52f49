"""A picture, decoded completely and written anew: the points of the picture are all that is left.

Comments, EXIF with its places, XMP, thumbnails, and anything hidden before, between or behind are
never read and so never written. Colours are brought to sRGB, because the profile goes too. Of
a moving picture the first one stays.
"""

import contextlib
import io
import warnings

from PIL import Image, ImageCms, ImageOps

from common.errors import RuleBroken
from common.uploads import MAX_BYTES

MAX_PIXELS = 50_000_000
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# Quality and scale, the first that fits in MAX_BYTES: the sender cannot help how we encode.
ATTEMPTS = ((88, 1.0), (80, 1.0), (80, 0.7), (80, 0.5), (80, 0.35), (80, 0.2))


def rewritten(content: bytes, media_type: str) -> tuple[bytes, int, int]:
    """The copy, its width and its height in pixels.

    Raises RuleBroken("file_too_large_picture") before a point is decoded; whatever the decoder
    raises means that the picture is broken.
    """
    format = FORMATS[media_type]
    picture = _plain(_decoded(content, format), format)
    for quality, scale in ATTEMPTS:
        smaller = _scaled(picture, scale)
        copy = _encoded(smaller, format, quality)
        if len(copy) <= MAX_BYTES:
            return copy, smaller.width, smaller.height
    raise RuleBroken("file_too_big")


def _decoded(content: bytes, format: str) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Pillow warns past the limit and refuses past twice the limit; here both are refused.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture = Image.open(io.BytesIO(content), formats=[format])
            picture.load()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise RuleBroken("file_too_large_picture") from None
    return picture


def _plain(picture: Image.Image, format: str) -> Image.Image:
    """Upright, in sRGB or grey, with transparency where the format has it, and nothing else."""
    # EXIF that cannot be read tells no direction either; the picture itself is fine.
    with contextlib.suppress(Exception):
        ImageOps.exif_transpose(picture, in_place=True)
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):  # 16 bits of grey, which a plain conversion would cut off
        picture = picture.point(lambda value: value * (1 / 256))
    transparent = picture.has_transparency_data and format != "JPEG"
    grey = picture.mode in {"1", "L", "I", "I;16", "F"} and not transparent
    if profile and picture.mode in {"CMYK", "RGB", "RGBA"}:
        picture = _in_srgb(picture, profile)
    picture = picture.convert("L" if grey else "RGBA" if transparent else "RGB")
    picture.info = {}
    return picture


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    mode = "RGB" if picture.mode == "CMYK" else picture.mode
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(
            picture, own, ImageCms.createProfile("sRGB"), outputMode=mode
        )
        if converted is not None:
            return converted
    return picture


def _scaled(picture: Image.Image, scale: float) -> Image.Image:
    if scale == 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _encoded(picture: Image.Image, format: str, quality: int) -> bytes:
    written = io.BytesIO()
    if format == "PNG":
        picture.save(written, format)
    elif format == "WEBP":
        picture.save(written, format, quality=quality, method=2)
    else:
        picture.save(written, format, quality=quality)
    return written.getvalue()
