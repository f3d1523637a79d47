"""Signed sheets as they come from a scanner, drawn with Pillow and marked 演示. The same words give the same bytes.

Key concepts
- `SignedSheet`: what the sheet is about, and the lines that were signed. `scan(sheet, kind)`: its picture, jpg or pdf.
"""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from PIL import Image, ImageDraw

from portal.demo.pictures import font

PAPER, INK, PEN, FAINT, EDGE = (250, 249, 245), (38, 38, 42), (32, 48, 112), (232, 231, 226), (206, 205, 200)
SIZE = (1240, 1754)  # A4 at 150 dpi
LEFT, RIGHT, TOP, LABELS = 130, 1110, 330, 330  # of the table, and the width of its first column
_STAMP = datetime(2022, 1, 1).timetuple()  # noqa: DTZ001  # inside the PDF; the format knows no zone


@dataclass(frozen=True)
class Signed:
    """One line of the sheet: whose it is, what was written there, by whom, when."""

    seat: str
    opinion: str
    name: str
    on: date


@dataclass(frozen=True)
class SignedSheet:
    """A sheet that went from desk to desk: its title, what it is about, and who signed so far."""

    title: str
    about: tuple[tuple[str, str], ...]
    signed: tuple[Signed, ...]


def scan(sheet: SignedSheet, kind: str) -> bytes:
    """The scanned sheet as jpg or pdf."""
    page = Image.new("RGB", SIZE, PAPER)
    _mark(page)
    draw = ImageDraw.Draw(page)
    draw.text((SIZE[0] / 2, 210), sheet.title, fill=INK, font=font(56), anchor="mm")
    top = TOP
    for label, text in sheet.about:
        top = _row(draw, top, label, text, height=96)
    for signed in sheet.signed:
        bottom = _row(draw, top, signed.seat, "", height=260)
        _handwriting(page, signed, top)
        top = bottom
    draw.text((LEFT, SIZE[1] - 120), "演示件：内容、人名、签名均为虚构", fill=INK, font=font(26))
    page = page.rotate(0.5, Image.Resampling.BILINEAR, fillcolor=EDGE)  # nobody lays a sheet down quite straight
    out = BytesIO()
    if kind == "pdf":
        page.convert("L").save(out, "PDF", resolution=150, creationDate=_STAMP, modDate=_STAMP)
    else:
        page.save(out, "JPEG", quality=72, dpi=(150, 150))
    return out.getvalue()


def _row(draw: ImageDraw.ImageDraw, top: int, label: str, text: str, *, height: int) -> int:
    """A row of the table; where the next one begins."""
    draw.rectangle((LEFT, top, LEFT + LABELS, top + height), outline=INK, width=2)
    draw.rectangle((LEFT + LABELS, top, RIGHT, top + height), outline=INK, width=2)
    draw.text((LEFT + LABELS / 2, top + height / 2), _folded(label, 9), fill=INK, font=font(30), anchor="mm")
    draw.text((LEFT + LABELS + 24, top + height / 2), _folded(text, 20), fill=INK, font=font(30), anchor="lm")
    return top + height


def _folded(text: str, most: int) -> str:
    """Chinese text in lines of at most so many signs."""
    return "\n".join(text[start : start + most] for start in range(0, len(text), most))


def _handwriting(page: Image.Image, signed: Signed, top: int) -> None:
    """What a pen wrote: the opinion, the name and the day, a little aslant."""
    day = f"{signed.on.year}.{signed.on.month}.{signed.on.day}"
    words = ((signed.opinion, 52, (24, 24)), (signed.name, 66, (210, 88)), (day, 40, (370, 172)))
    for number, (text, size, (left, down)) in enumerate(words):
        layer = Image.new("L", (640, 130), 0)
        ImageDraw.Draw(layer).text((30, 30), text, fill=235, font=font(size))
        layer = layer.rotate((3.5, 5, 2)[number], Image.Resampling.BICUBIC)
        page.paste(PEN, (LEFT + LABELS + left - 30, top + down - 30), layer)


def _mark(page: Image.Image) -> None:
    """Say across the sheet that it is a demonstration."""
    layer = Image.new("L", (900, 360), 0)
    ImageDraw.Draw(layer).text((450, 180), "演　示", fill=255, font=font(240), anchor="mm")
    layer = layer.rotate(32, Image.Resampling.BILINEAR, expand=True)
    page.paste(FAINT, ((SIZE[0] - layer.width) // 2, 900 - layer.height // 2), layer)
