"""Draw scans of signed approval sheets with Pillow, with the watermark 演示. The same data gives the same bytes.

`SignedSheet` has the subject of the sheet and its signatures; `scan(sheet, kind)` returns it as jpg or pdf.
"""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from PIL import Image, ImageDraw

from portal.demo.pictures import font

PAPER, INK, PEN, FAINT, EDGE = (250, 249, 245), (38, 38, 42), (32, 48, 112), (232, 231, 226), (206, 205, 200)
SIZE = (1240, 1754)  # A4 at 150 dpi
LEFT, RIGHT, TOP, LABEL_WIDTH = 130, 1110, 330, 330  # of the table; width of its first column
_TIMESTAMP = datetime(2022, 1, 1).timetuple()  # noqa: DTZ001  # inside the PDF; the format has no time zone


@dataclass(frozen=True)
class SignatureLine:
    """One line of the sheet: the seat, the opinion, the name of the signer and the date."""

    seat: str
    opinion: str
    name: str
    on: date


@dataclass(frozen=True)
class SignedSheet:
    """An approval sheet: its title, (label, text) rows on its subject, and the signatures so far."""

    title: str
    about: tuple[tuple[str, str], ...]
    signatures: tuple[SignatureLine, ...]


def scan(sheet: SignedSheet, kind: str) -> bytes:
    """Return the scan of the sheet as jpg or pdf."""
    page = Image.new("RGB", SIZE, PAPER)
    _draw_watermark(page)
    draw = ImageDraw.Draw(page)
    draw.text((SIZE[0] / 2, 210), sheet.title, fill=INK, font=font(56), anchor="mm")
    top = TOP
    for label, text in sheet.about:
        top = _draw_row(draw, top, label, text, height=96)
    for signature in sheet.signatures:
        bottom = _draw_row(draw, top, signature.seat, "", height=260)
        _draw_handwriting(page, signature, top)
        top = bottom
    draw.text((LEFT, SIZE[1] - 120), "演示件：内容、人名、签名均为虚构", fill=INK, font=font(26))
    page = page.rotate(0.5, Image.Resampling.BILINEAR, fillcolor=EDGE)  # as an imprecisely placed sheet
    out = BytesIO()
    if kind == "pdf":
        page.convert("L").save(out, "PDF", resolution=150, creationDate=_TIMESTAMP, modDate=_TIMESTAMP)
    else:
        page.save(out, "JPEG", quality=72, dpi=(150, 150))
    return out.getvalue()


def _draw_row(draw: ImageDraw.ImageDraw, top: int, label: str, text: str, *, height: int) -> int:
    """Draw a row of the table; return the top of the next row."""
    draw.rectangle((LEFT, top, LEFT + LABEL_WIDTH, top + height), outline=INK, width=2)
    draw.rectangle((LEFT + LABEL_WIDTH, top, RIGHT, top + height), outline=INK, width=2)
    draw.text((LEFT + LABEL_WIDTH / 2, top + height / 2), _wrapped(label, 9), fill=INK, font=font(30), anchor="mm")
    draw.text((LEFT + LABEL_WIDTH + 24, top + height / 2), _wrapped(text, 20), fill=INK, font=font(30), anchor="lm")
    return top + height


def _wrapped(text: str, width: int) -> str:
    """Wrap Chinese text to lines of at most `width` characters."""
    return "\n".join(text[start : start + width] for start in range(0, len(text), width))


def _draw_handwriting(page: Image.Image, signature: SignatureLine, top: int) -> None:
    """Draw the opinion, the name and the date in the colour of a pen, slightly rotated."""
    day = f"{signature.on.year}.{signature.on.month}.{signature.on.day}"
    writings = ((signature.opinion, 52, (24, 24)), (signature.name, 66, (210, 88)), (day, 40, (370, 172)))
    for number, (text, size, (left, down)) in enumerate(writings):
        layer = Image.new("L", (640, 130), 0)
        ImageDraw.Draw(layer).text((30, 30), text, fill=235, font=font(size))
        layer = layer.rotate((3.5, 5, 2)[number], Image.Resampling.BICUBIC)
        page.paste(PEN, (LEFT + LABEL_WIDTH + left - 30, top + down - 30), layer)


def _draw_watermark(page: Image.Image) -> None:
    """Draw 演示 across the sheet."""
    layer = Image.new("L", (900, 360), 0)
    ImageDraw.Draw(layer).text((450, 180), "演　示", fill=255, font=font(240), anchor="mm")
    layer = layer.rotate(32, Image.Resampling.BILINEAR, expand=True)
    page.paste(FAINT, ((SIZE[0] - layer.width) // 2, 900 - layer.height // 2), layer)
