"""Draw cover pictures for the news with Pillow. The same arguments give the same bytes.

- `cover(motif, place, caption)` returns a PNG of 1600×900 pixels.
- `font(size)` returns an installed CJK font, or Pillow's own, which has no Chinese glyphs. Covers then have no text.
"""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

INK = (27, 31, 35)
PAPER = (251, 250, 247)
ACCENT = (31, 78, 95)
SOFT = (217, 223, 222)
WARM = (222, 197, 158)
SIZE = (1600, 900)
SCALE = 2  # draw at twice the size, then reduce, for smooth edges
_FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
)
Draw = ImageDraw.ImageDraw
Colour = tuple[int, int, int]


@cache
def _cjk() -> tuple[str, int] | None:
    return next(((path, index) for path, index in _FONTS if Path(path).exists()), None)


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return a font with Chinese glyphs if one is installed, else Pillow's own."""
    found = _cjk()
    return ImageFont.truetype(found[0], size, index=found[1]) if found else ImageFont.load_default(size)


def cover(motif: str, place: str, caption: str) -> bytes:
    """Return a cover with a motif on the right and, on the left, the place and a caption of up to ten characters."""
    picture = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), PAPER)
    draw = ImageDraw.Draw(picture)
    _draw_ruled_lines(draw)
    MOTIFS[motif](draw)
    picture = picture.resize(SIZE, Image.Resampling.LANCZOS)
    if _cjk():
        drawing = ImageDraw.Draw(picture)
        drawing.rectangle((29, 300, 870, 530), fill=PAPER)
        drawing.text((212, 334), place, fill=ACCENT, font=font(42))
        drawing.text((210, 402), caption, fill=INK, font=font(66))
    out = BytesIO()
    picture.quantize(128).save(out, "PNG")
    return out.getvalue()


def _draw_ruled_lines(draw: Draw) -> None:
    """Draw ruled lines and a margin as background."""
    for top in range(120, 900, 78):
        draw.line(_scaled((0, top), (1600, top)), fill=SOFT, width=2 * SCALE)
    draw.rectangle(_scaled((0, 0), (28, 900)), fill=ACCENT)


def _scaled(*points: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * SCALE, y * SCALE) for x, y in points]


def _ridge(draw: Draw, base: float, height: float, waves: tuple[float, float], colour: Colour) -> None:
    """Draw a line of hills across the right half of the picture."""
    points = [(x, base - height * (0.5 + 0.5 * sin(x / waves[0]) * cos(x / waves[1]))) for x in range(880, 1601, 8)]
    draw.polygon(_scaled((880, 900), *points, (1600, 900)), fill=colour)


def _hall(draw: Draw) -> None:
    """A conference table before hills."""
    draw.ellipse(_scaled((1330, 150), (1450, 270)), fill=WARM)
    _ridge(draw, 560, 240, (90, 210), SOFT)
    _ridge(draw, 650, 180, (70, 160), (150, 176, 184))
    draw.rectangle(_scaled((880, 640), (1600, 900)), fill=PAPER)
    draw.rounded_rectangle(_scaled((960, 690), (1540, 740)), 24 * SCALE, fill=ACCENT)
    for left in range(990, 1500, 104):
        draw.ellipse(_scaled((left, 610), (left + 44, 654)), fill=INK)
        draw.rounded_rectangle(_scaled((left - 12, 652), (left + 56, 694)), 18 * SCALE, fill=INK)
    draw.rectangle(_scaled((1040, 740), (1060, 860)), fill=ACCENT)
    draw.rectangle(_scaled((1440, 740), (1460, 860)), fill=ACCENT)


def _station(draw: Draw) -> None:
    """A service station by the street: roof, door, bench, cup."""
    for left, top in ((900, 380), (1010, 300), (1420, 340), (1510, 420)):
        draw.rectangle(_scaled((left, top), (left + 84, 760)), fill=SOFT)
    draw.rectangle(_scaled((1080, 430), (1440, 760)), fill=PAPER, outline=ACCENT, width=8 * SCALE)
    draw.polygon(_scaled((1050, 430), (1260, 330), (1470, 430)), fill=ACCENT)
    draw.rectangle(_scaled((1290, 540), (1390, 760)), fill=WARM)
    draw.rectangle(_scaled((1120, 520), (1250, 640)), fill=SOFT, outline=INK, width=4 * SCALE)
    draw.rounded_rectangle(_scaled((940, 690), (1060, 712)), 8 * SCALE, fill=INK)
    draw.rectangle(_scaled((955, 712), (967, 760)), fill=INK)
    draw.rectangle(_scaled((1033, 712), (1045, 760)), fill=INK)
    draw.line(_scaled((880, 764), (1600, 764)), fill=INK, width=8 * SCALE)


def _scales(draw: Draw) -> None:
    """Scales over an open book."""
    draw.line(_scaled((1250, 250), (1250, 640)), fill=ACCENT, width=14 * SCALE)
    draw.line(_scaled((1060, 330), (1440, 330)), fill=ACCENT, width=14 * SCALE)
    for centre in (1060, 1440):
        draw.line(_scaled((centre, 330), (centre - 80, 520)), fill=INK, width=4 * SCALE)
        draw.line(_scaled((centre, 330), (centre + 80, 520)), fill=INK, width=4 * SCALE)
        draw.pieslice(_scaled((centre - 96, 440), (centre + 96, 600)), 0, 180, fill=WARM)
    draw.polygon(_scaled((980, 720), (1250, 680), (1250, 800), (980, 840)), fill=PAPER, outline=INK, width=4 * SCALE)
    draw.polygon(_scaled((1520, 720), (1250, 680), (1250, 800), (1520, 840)), fill=PAPER, outline=INK, width=4 * SCALE)


def _heart(draw: Draw) -> None:
    """A heart over two open hands."""
    points = [
        (1250 + 11 * 16 * sin(t) ** 3, 440 - 11 * (13 * cos(t) - 5 * cos(2 * t) - 2 * cos(3 * t) - cos(4 * t)))
        for t in (step * pi / 90 for step in range(180))
    ]
    draw.polygon(_scaled(*points), fill=WARM)
    draw.arc(_scaled((960, 420), (1540, 820)), 20, 160, fill=ACCENT, width=26 * SCALE)
    draw.arc(_scaled((1010, 500), (1490, 860)), 30, 150, fill=INK, width=10 * SCALE)


def _children(draw: Draw) -> None:
    """A schoolhouse and a kite."""
    draw.rectangle(_scaled((1100, 520), (1500, 770)), fill=PAPER, outline=ACCENT, width=8 * SCALE)
    draw.polygon(_scaled((1070, 520), (1300, 390), (1530, 520)), fill=ACCENT)
    for left in (1140, 1250, 1360):
        draw.rectangle(_scaled((left, 580), (left + 74, 660)), fill=SOFT, outline=INK, width=4 * SCALE)
    draw.polygon(_scaled((1010, 180), (1090, 260), (1010, 340), (930, 260)), fill=WARM, outline=INK, width=4 * SCALE)
    draw.line(_scaled((1010, 340), (1040, 470), (990, 600), (1030, 740)), fill=INK, width=4 * SCALE, joint="curve")
    draw.line(_scaled((880, 774), (1600, 774)), fill=INK, width=8 * SCALE)


def _shield(draw: Draw) -> None:
    """A shield with a helmet."""
    draw.polygon(_scaled((1250, 220), (1460, 300), (1440, 560), (1250, 760), (1060, 560), (1040, 300)), fill=SOFT)
    draw.polygon(_scaled((1250, 260), (1420, 326), (1404, 540), (1250, 706), (1096, 540), (1080, 326)), fill=PAPER)
    draw.pieslice(_scaled((1130, 390), (1370, 630)), 180, 360, fill=ACCENT)
    draw.rounded_rectangle(_scaled((1100, 500), (1400, 534)), 14 * SCALE, fill=ACCENT)
    draw.rectangle(_scaled((1236, 376), (1264, 510)), fill=WARM)


MOTIFS: dict[str, Callable[[Draw], None]] = {
    "hall": _hall,
    "station": _station,
    "scales": _scales,
    "heart": _heart,
    "children": _children,
    "shield": _shield,
}
