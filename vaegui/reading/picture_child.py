"""The program that decodes pictures so that the rest of vaegui need not.

It runs as a process of its own, with pipes as its standard input and output, and gives up all other
rights (``confinement.py``) before it sees the first picture. A picture that makes a decoder
misbehave does so in here, and all that the parent gets is pixels of the size that it asked for, or
a sentence, or no answer.

It says ``R`` when it is ready. It is asked for several pictures together: their number, the length
of each, then their bytes as the files have them. It answers for each: ``P`` and what was asked for,
or ``E`` and a clause that says why not, with their length between (4 bytes, little-endian like all
numbers here).

It is started by ``pictures.py``, by path, and imports of vaegui only what needs no other package.
"""

from __future__ import annotations

import io
import json
import re
import struct
import sys
from collections.abc import Callable, Iterator
from typing import Any

MAX_PIXELS = 100_000_000
"""Of a picture."""
MAX_PAGES = 10_000
LARGEST_RATIO = 250
ALLOWED_BYTES = 32 << 20
"""A picture that takes more than this may be so many times larger than its file."""
MEMORY = 768 << 20
FORMATS = ("PNG", "JPEG", "BMP", "DIB", "TIFF", "WEBP", "PPM")
PLANES, BITS = 284, 258
"""Tags of TIFF: how colours lie, 2 if in planes; and bits of each of them."""
_SAMPLE = 64
"""Width and height to which a picture is reduced where it is looked at for its colours."""
_GREY_ENOUGH = 4
"""Red, green and blue of a grey picture differ by no more than this, on a scale to 255."""

Answer = Callable[[bytes], bytes]


class Refused(Exception):
    """A picture cannot be used; the text is a clause for the user."""


def look(content: bytes) -> bytes:
    """What a picture is like, as JSON: width, height, pages, bits, colour, transparent."""
    from PIL import Image

    with opened(content) as picture:
        width, height = picture.size
        bits = depth(picture)  # before the picture is decoded, as looking for its EXIF may do
        if picture.getexif().get(0x0112, 1) in (5, 6, 7, 8):  # lies on its side
            width, height = height, width
        pages = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
        transparent = picture.has_transparency_data
        picture.draft(None, (_SAMPLE, _SAMPLE))
        colour = picture.mode not in ("1", "L", "LA", "F", "I") and not picture.mode.startswith(
            "I;"
        )
        if colour:
            small = picture.convert("RGBA").resize((_SAMPLE, _SAMPLE), Image.Resampling.NEAREST)
            colour = is_coloured(small)
    found = (width, height, min(pages, MAX_PAGES), bits, colour, transparent)
    names = ("width", "height", "pages", "bits", "colour", "transparent")
    return json.dumps(dict(zip(names, found, strict=True))).encode()


def is_coloured(picture: Any) -> bool:
    """Whether what can be seen of an RGBA picture has colours."""
    import numpy as np

    pixels = np.asarray(picture).astype(int).reshape(-1, 4)
    seen = pixels[pixels[:, 3] > 0, :3]
    return bool(seen.size and np.ptp(seen, axis=1).max() > _GREY_ENOUGH)


def depth(picture: Any) -> int:
    """Bits of a value: 8, 16, or 32 for grey values of any size."""
    if picture.mode == "F" or (picture.mode == "I" and picture.format == "TIFF"):
        return 32
    return 16 if picture.mode.startswith("I") or has_fine_colours(picture) else 8


def has_fine_colours(picture: Any) -> bool:
    """Whether a picture that is not decoded yet has colours of 16 bits."""
    return bool(picture.tile) and all(_order_of_bytes(tile) for tile in picture.tile)


def _order_of_bytes(tile: Any) -> str:
    """L, B or N where a piece of a picture has colours of 16 bits, else ''."""
    args = tile[3]
    mode = args[0] if isinstance(args, tuple) else args
    found = re.fullmatch("RGB[AX]?;16([LBN])", mode) if isinstance(mode, str) else None
    return found[1] if found else ""


def pages_of(content: bytes) -> bytes:
    """How many pages a file has, 4 bytes."""
    with opened(content) as picture:
        pages = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    return struct.pack("<I", min(pages, MAX_PAGES))


def pixels(content: bytes, wanted: dict[str, Any]) -> bytes:
    """The pixels of a picture, or of all its pages, brought to the size that is wanted.

    ``wanted`` has width, height, fit, colour, bits, background and pages.
    """
    with opened(content) as picture, opened(content) as again:
        last = 1
        if wanted["pages"] == "all" and picture.format == "TIFF":
            last = min(getattr(picture, "n_frames", 1), MAX_PAGES)
        found = []
        for page in range(last):
            if page:
                picture.seek(page)
                again.seek(page)
                check_size(picture, len(content))
            if wanted["colour"] and wanted["bits"] == 16:
                found.append(fine_pixels(picture, again, wanted))
            else:
                found.append(page_pixels(picture, wanted))
    return b"".join(found)


def fine_pixels(picture: Any, again: Any, wanted: dict[str, Any]) -> bytes:
    """Colours of 16 bits of the page at which a picture, opened twice, stands.

    Pillow keeps one byte of such a colour, the one that is the higher in the order of bytes that
    it is told. So it decodes the picture twice, once told the other order.
    """
    import numpy as np
    from PIL import Image

    white = 65535.0 * (wanted["background"] == "white")
    fine = has_fine_colours(picture)
    if fine:
        again.tile = [_turned(tile) for tile in again.tile]
    high, low = (_upright_values(p) for p in ((picture, again) if fine else (picture, picture)))
    values = 256.0 * high + low
    if values.shape[2] == 4:
        share = values[..., 3:] / 65535
        values = values * share + white * (1 - share)
    size = wanted["width"], wanted["height"]
    found = [
        np.asarray(sized(Image.fromarray(plane), *size, wanted["fit"], white))
        for plane in np.moveaxis(values[..., :3].astype(np.float32), -1, 0)
    ]
    return bytes(np.clip(np.rint(np.stack(found, -1)), 0, 65535).astype("<u2").tobytes())


def _upright_values(picture: Any) -> Any:
    """Values (height, width, 3 or 4) of 8 bits."""
    import numpy as np
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):
        upright = flat(upright, white=False)
    return np.asarray(upright.convert("RGBA" if upright.has_transparency_data else "RGB"), float)


def _turned(tile: Any) -> Any:
    """The same piece of a picture with its bytes in the other order."""
    order = _order_of_bytes(tile)
    little = order == "L" or (order == "N" and sys.byteorder == "little")
    *begin, args = tile
    mode = args[0] if isinstance(args, tuple) else args
    other = f"{mode[:-1]}{'B' if little else 'L'}"
    return type(tile)(*begin, (other, *args[1:]) if isinstance(args, tuple) else other)


def page_pixels(picture: Any, wanted: dict[str, Any]) -> bytes:
    """The pixels of the page at which an open picture stands, but for colours of 16 bits."""
    import numpy as np
    from PIL import Image, ImageOps

    width, height = wanted["width"], wanted["height"]
    # A JPEG can be decoded at a half, a quarter or an eighth of its size, which is far quicker.
    picture.draft(None, (2 * max(width, height),) * 2)
    upright = ImageOps.exif_transpose(picture)
    white = wanted["background"] == "white"
    if wanted["bits"] == 8:
        plain = flat(upright, white).convert("RGB" if wanted["colour"] else "L")
        background: Any = (255 * white,) * 3 if wanted["colour"] else 255 * white
        small = sized(plain, width, height, wanted["fit"], background).tobytes()
        return bytes(small)
    values = np.asarray(upright if upright.mode[0] in "IF" else flat(upright, white).convert("L"))
    sixteen = wanted["bits"] == 16
    if sixteen and values.dtype == np.uint8:
        values = values.astype(np.uint16) * 257
    edge = (65535 if sixteen else float(values.max())) if white else 0
    plain = Image.fromarray(values.astype(np.float32))
    found = np.asarray(sized(plain, width, height, wanted["fit"], edge))
    if sixteen:
        return bytes(np.clip(np.rint(found), 0, 65535).astype("<u2").tobytes())
    return np.asarray(found, "<f4").tobytes()


def flat(picture: Any, white: bool) -> Any:
    """A picture of 8 bits without palette and transparency; behind it is black or white."""
    import numpy as np
    from PIL import Image

    if picture.mode.startswith("I"):
        high = np.asarray(picture) / 257.0
        return Image.fromarray(np.clip(np.rint(high), 0, 255).astype(np.uint8))
    if not picture.has_transparency_data:
        return picture.convert("RGB") if picture.mode == "P" else picture
    above = picture.convert("RGBA")
    ground = Image.new("RGBA", above.size, (255 * white,) * 3 + (255,))
    return Image.alpha_composite(ground, above).convert("RGB")


def sized(picture: Any, width: int, height: int, fit: str, background: Any) -> Any:
    """A picture of a width and height: stretched, cropped, or fitted into a background."""
    from PIL import Image, ImageOps

    if picture.size == (width, height):
        return picture
    how = Image.Resampling.BICUBIC
    if fit == "stretch":
        return picture.resize((width, height), how)
    if fit == "crop":
        return ImageOps.fit(picture, (width, height), how)
    return ImageOps.pad(picture, (width, height), how, background)


def opened(content: bytes) -> Any:
    """An open picture of a size that can be decoded. Raises `Refused`."""
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError:
        raise Refused("it is no picture of a kind that can be read") from None
    check_size(picture, len(content))
    check_planes(picture)
    return picture


def check_size(picture: Any, length: int) -> None:
    """Raise `Refused` if a picture claims more pixels than a file of ``length`` bytes holds."""
    width, height = picture.size
    size = width * height * max(1, len(picture.getbands()))
    if width * height > MAX_PIXELS or size > max(ALLOWED_BYTES, LARGEST_RATIO * length):
        raise Refused(f"it claims {width:,} by {height:,} pixels, too many for {length:,} bytes")


def check_planes(picture: Any) -> None:
    """Raise `Refused` for a TIFF of 16 bits with a plane for each colour: Pillow reads it wrong."""
    tags = getattr(picture, "tag_v2", {})
    if tags.get(PLANES) == 2 and max(tags.get(BITS, (8,))) > 8:
        why = "it keeps its colours of 16 bits in planes; save it with colours side by side"
        raise Refused(why)


def load_all() -> None:
    """Load all that decoding needs, as nothing can be loaded later."""
    import warnings

    import numpy as np
    from PIL import Image, ImageOps, MpoImagePlugin  # noqa: F401

    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = 2 * MAX_PIXELS  # `check_size` comes first, and says more
    Image.init()
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    grey, fine = Image.fromarray(values), Image.fromarray(values.astype(np.uint16))
    wanted = {"width": 8, "height": 9, "colour": True, "background": "white", "pages": "all"}
    trials: list[tuple[Any, str, dict[str, Any]]] = [
        *((grey, name, {}) for name in ("PNG", "JPEG", "BMP", "WEBP", "PPM")),
        *((grey, "TIFF", {"compression": name}) for name in ("raw", "tiff_lzw", "jpeg")),
        (fine, "PNG", {}),
    ]
    for picture, name, options in trials:
        file = io.BytesIO()
        picture.save(file, name, **options)
        look(file.getvalue())
        for bits in (8, 16, 32):
            for fit in ("fit", "crop", "stretch"):
                pixels(file.getvalue(), {**wanted, "bits": bits, "fit": fit})


def answered(content: bytes, ask: Answer) -> tuple[bytes, bytes]:
    """``P`` and what was asked for, or ``E`` and why not."""
    try:
        return b"P", ask(content)
    except Refused as refused:
        return b"E", str(refused).encode()
    except MemoryError:
        return b"E", b"it needs too much memory"
    except Exception as error:  # noqa: BLE001 - decoders raise all kinds of errors for bad files
        text = "".join(c for c in str(error)[:200] if c.isprintable()) or type(error).__name__
        return b"E", f"it is damaged ({text})".encode()


def requests(file: io.BufferedIOBase) -> Iterator[list[bytes]]:
    """What is asked for together, until nothing more comes."""
    while len(head := file.read(4)) == 4:
        count = int.from_bytes(head, "little")
        lengths = struct.unpack(f"<{count}I", file.read(4 * count))
        yield [file.read(length) for length in lengths]


def main(task: str, wanted: str, *folders: str) -> None:
    """Answer until standard input ends.

    ``task`` is look, pages or pixels, ``wanted`` JSON for `pixels`; ``folders`` are where numpy,
    Pillow and vaegui lie, as the interpreter is started without any.
    """
    sys.path.extend(folders)
    from vaegui.reading.confinement import confine

    load_all()
    told = json.loads(wanted)
    tasks: dict[str, Answer] = {
        "look": look,
        "pages": pages_of,
        "pixels": lambda content: pixels(content, told),
    }
    confine(seconds=None, memory=MEMORY)
    output = sys.stdout.buffer
    output.write(b"R")
    output.flush()
    for contents in requests(sys.stdin.buffer):  # type: ignore[arg-type]
        for content in contents:
            kind, answer = answered(content, tasks[task])
            output.write(kind + struct.pack("<I", len(answer)) + answer)
            output.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
