"""Quiet painted stand-ins for the photographs of the sample community.

Everything is drawn here from a seed: no photograph, no model, no text, no face. A scene is painted at half
size as fields of light and colour, then enlarged, given grain and written as a JPEG without metadata.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np

from alongside.demo import drawings_of_weather as weather
from alongside.demo.easel import (
    CLAY,
    FLAX,
    INK,
    LAMP,
    MIST,
    PAPER,
    SHADE,
    SLATE,
    WOOD,
    Colour,
    Easel,
    smooth,
)


def _blanket(e: Easel) -> None:
    angle = e.near(0.65, 0.25)
    height = e.folds(angle + 0.7)
    across = e.x * np.cos(angle) - e.y * np.sin(angle) + 1.5 * height + 0.012 * e.noise(2, 2)
    period = across * 2.9 + e.near(0, 0.5)
    band = np.abs(period - np.round(period))
    light = e.relief(height, 1.2) + 0.012 * np.sin(e.x * 900) * np.sin(e.y * 900)
    e.lay(np.ones_like(band), PAPER, light)
    stripe = e.cloth() if e.hand.random() < 0.5 else SLATE
    deep: Colour = (stripe[0] * 0.72, stripe[1] * 0.78, stripe[2] * 0.82)
    e.lay(0.85 * smooth(0.075, 0.055, band), deep, light)
    e.lay(0.7 * smooth(0.02, 0.01, np.abs(band - 0.115)), deep, light)


def _hat(e: Easel) -> None:
    e.lay(np.ones_like(e.x), e.cloth(), e.relief(e.folds(2.2, 1.3)) * 0.92)
    cx, top, half = e.aspect / 2 + e.near(0, 0.06), 0.14, 0.4
    across = (e.x - cx) / half
    brim = 0.66 + 0.035 * across**2
    dome = (1 - np.abs(across) ** 2.3) - np.clip((brim - e.y) / (brim - top), 0, None) ** 2.1
    crown = smooth(0, 0.02, dome) * smooth(0.004, -0.004, e.y - brim)
    low = 0.84 + 0.04 * across**2 - 0.02
    rim = (
        smooth(1.045, 1.03, np.abs(across))
        * smooth(-0.006, 0.006, e.y - brim + 0.02)
        * smooth(0.008, -0.008, e.y - low)
    )
    whole = np.maximum(crown, rim)
    e.cast(whole, 0.06, 0.05, 0.06, 0.5)
    turn = np.arcsin(np.clip(across, -0.98, 0.98))
    body = 0.24 * np.sqrt(np.clip(dome, 0, 1)) + 0.9 * e.knit(turn * 15, e.y * 30 + 2 * across**2)
    wool = FLAX if e.hand.random() < 0.5 else e.cloth()
    e.lay(crown, wool, e.relief(body, 0.9))
    roll = np.sqrt(np.clip(1 - ((e.y - (brim + low) / 2 + 0.01) / 0.1) ** 2, 0, 1))
    rib = 0.22 * np.sqrt(np.clip(1.08 - across**2, 0, 1.1)) + 0.05 * roll + 0.006 * np.abs(np.sin(turn * 46))
    e.darken(crown * np.exp(-(((e.y - brim + 0.02) / 0.025) ** 2)), 0.35)
    e.lay(rim, wool, e.relief(rib + 0.4 * e.knit(turn * 15, e.y * 40), 0.8))


def _shelf(e: Easel) -> None:
    e.room(e.cloth(), WOOD, 0.74)
    e.lay(smooth(0.795, 0.8, e.y), WOOD, 0.5)
    e.lay(smooth(0.83, 0.836, e.y), SHADE, 0.95 - 0.5 * (e.y - 0.83) - 0.2 * e.x / e.aspect)
    e.lay(e.panes(e.aspect * 0.7, 0.3) * (e.y < 0.735) * 0.4, LAMP, 1.0)
    left = e.near(0.2, 0.04)
    for layer in range(4):
        foot, wide = 0.742 - 0.062 * layer, 0.38 - 0.012 * layer + e.near(0, 0.012)
        inside = smooth(-0.004, 0.008, e.x - left) * smooth(0.004, -0.008, e.x - left - wide)
        sag = 0.006 * np.sin((e.x - left) * 13 + layer) + 0.004 * e.noise(3)
        roll = (foot - e.y + sag) / 0.062
        e.lay(
            inside * smooth(-0.05, 0.02, roll) * smooth(1.02, 0.92, roll),
            e.cloth(),
            0.66 + 0.42 * np.sqrt(np.clip(roll, 0, 1)) - 0.2 * (e.x - left) + 0.02 * e.noise(30, 1),
        )
    e.jar(e.near(0.8, 0.03), 0.742, 0.085, 0.34, SLATE)
    e.jar(e.near(1.06, 0.03), 0.745, 0.06, 0.17, PAPER)


def _letter(e: Easel) -> None:
    e.lay(np.ones_like(e.x), WOOD, 0.95 - 0.3 * e.x / e.aspect + 0.05 * np.sin(e.y * 40 + 6 * e.noise(1, 3)))
    for turn, size, tone in ((e.near(-0.2, 0.1), 0.9, CLAY), (e.near(0.14, 0.08), 0.8, PAPER)):
        cx, cy = e.aspect / 2 + 0.1 * turn, 0.5 + 0.15 * turn
        u = (e.x - cx) * np.cos(turn) + (e.y - cy) * np.sin(turn)
        v = -(e.x - cx) * np.sin(turn) + (e.y - cy) * np.cos(turn)
        mask = smooth(0.006, -0.002, np.abs(u) - 0.56 * size) * smooth(0.006, -0.002, np.abs(v) - 0.38 * size)
        e.cast(mask, 0.035, 0.03, 0.04, 0.45)
        bow = 0.03 * np.abs(v + 0.08) + 0.022 * np.abs(v - 0.14) + 0.016 * np.abs(u + 0.02) + 0.006 * e.noise(2, 2)
        e.lay(mask, tone, e.relief(bow, 2.2) * (1.0 - 0.12 * e.x / e.aspect))
    bars = 0.5 + 0.5 * np.tanh(4 * np.sin((e.x * 0.9 + e.y * 0.5) * 9 + e.near(0, 2)) + 1.2 * e.noise(2))
    e.darken(e.blurred(1 - bars, 0.03), 0.3)


def _chair(e: Easel) -> None:
    e.room(MIST, WOOD, 0.8)
    x, seat = e.aspect * e.near(0.42, 0.05), 0.62
    back = [(x, 0.2, x - 0.015, 0.95, 0.026), (x + 0.36, 0.2, x + 0.345, 0.95, 0.024)]
    back += [(x, y, x + 0.36, y, 0.024) for y in (0.235, 0.33)]
    back += [(x + s, 0.33, x + s, seat, 0.012) for s in (0.09, 0.18, 0.27)]
    legs = [
        (x - 0.1, seat, x - 0.115, 1.0, 0.028),
        (x + 0.33, seat, x + 0.325, 1.0, 0.026),
        (x - 0.1, 0.82, x + 0.33, 0.82, 0.014),
    ]
    board = e.shape(
        [
            (x - 0.005, seat - 0.03),
            (x + 0.365, seat - 0.03),
            (x + 0.37, seat + 0.035),
            (x - 0.125, seat + 0.035),
        ]
    )
    whole = np.maximum(e.strokes(back + legs, 0.003), board)
    e.lay(e.panes(e.aspect * 0.56, 0.3) * 0.75, LAMP, 1.04)
    e.cast(whole, 0.2, 0.02, 0.02, 0.34)
    e.lay(whole, WOOD, 0.62 + 0.5 * smooth(0.5, -0.3, e.x - x) - 0.1 * e.y)
    fall = 0.05 * np.sin((e.x - x) * 17) + 0.02 * e.noise(3)
    drape = e.blurred(
        smooth(0, 0.01, e.x - x - 0.04) * smooth(0, 0.01, x + 0.27 - e.x) * (e.y > 0.215) * (e.y < 0.56 + 0.3 * fall),
        0.006,
    )
    e.cast(drape, 0.03, 0.0, 0.03, 0.3)
    e.lay(drape, e.cloth(), e.relief(0.5 * fall + 0.02 * smooth(0.27, 0.2, e.y), 1.0))


def _bracelet(e: Easel) -> None:
    e.lay(np.ones_like(e.x), e.cloth(), e.relief(e.folds(e.near(0.8, 0.3), 1.4), 1.1) * 0.97)
    cx, cy, radius = e.aspect / 2 + e.near(0, 0.05), 0.5, 0.26
    bend = 0.02 * e.noise(1.5, 1)
    for lift, alpha in ((0.05, 0.0), (0.0, 1.0)):
        far = np.hypot((e.x - cx - lift) / 1.18, (e.y - cy - 0.8 * lift) * 1.25) + bend - radius
        band = smooth(0.036, 0.031, np.abs(far))
        if alpha == 0.0:
            e.darken(e.blurred(band, 0.03), 0.5)
            continue
        around = np.arctan2((e.y - cy) * 1.25, (e.x - cx) / 1.18)
        height = 0.03 * np.sqrt(np.clip(1 - (far / 0.04) ** 2, 0, 1))
        weave = 0.0018 * np.sin(around * 130) * np.sin(far * 330)
        e.lay(band, PAPER, e.relief(height + weave, 0.9) * (0.96 + 0.05 * np.cos(around + 2.4)))
        bead = np.abs(np.mod(around + 0.5, 2 * np.pi) - np.pi)
        for place in (0.0, 0.17, 0.34):
            ball = np.clip(1 - ((bead - place) * radius / 0.036) ** 2 - (far / 0.04) ** 2, 0, 1)
            e.lay(smooth(0, 0.12, ball), SLATE, e.relief(0.06 * np.sqrt(ball), 0.8))


def _bundle(e: Easel) -> None:
    e.lay(np.ones_like(e.x), e.cloth(), e.relief(e.folds(0.4, 1.1), 1.1) * 0.9)
    cx, cy, turn = e.aspect / 2, 0.52, e.near(-0.45, 0.1)
    wool = 0.05 * e.noise(2.4, 3)
    u = ((e.x - cx) * np.cos(turn) + (e.y - cy) * np.sin(turn)) / 0.48
    v = (-(e.x - cx) * np.sin(turn) + (e.y - cy) * np.cos(turn)) / (0.25 - 0.06 * np.clip(u, -1, 1))
    body = 1 - np.abs(u) ** 3 - np.abs(v) ** 2.2 + wool
    mask = smooth(0.0, 0.03, body)
    e.cast(mask, 0.05, 0.06, 0.07, 0.55)
    edge = v + 0.62 * u + 0.16 * np.sin(u * 3.4) + 0.6 * wool
    wrap = smooth(-0.02, 0.03, edge)
    tuck = smooth(-0.02, 0.04, u - 0.42 - 0.4 * v - wool)
    drawn = np.sin((v - 0.85 * u) * 9 + 3 * e.noise(1.6, 2)) * smooth(0, 0.6, body)
    height = 0.19 * np.sqrt(np.clip(body, 0, 1)) + 0.03 * wrap + 0.024 * tuck
    height += 0.016 * drawn * (0.5 + 0.5 * wrap) + 0.012 * np.exp(-((edge / 0.05) ** 2))
    light = 0.9 * e.relief(height, 0.8) + 0.015 * np.sin(e.x * 800) * np.sin(e.y * 800)
    e.lay(mask, PAPER, light)
    lines = edge * 3.1 - np.round(edge * 3.1)
    e.lay(mask * 0.6 * smooth(0.11, 0.08, np.abs(lines)) * smooth(0.2, 0.3, edge), SLATE, light * 0.88)
    e.darken(mask * np.exp(-(((edge + 0.07) / 0.06) ** 2)) * (1 - wrap), 0.3)


_COAT = (
    (-0.05, 0.17),
    (0.05, 0.17),
    (0.12, 0.21),
    (0.25, 0.29),
    (0.31, 0.62),
    (0.3, 0.8),
    (0.23, 0.81),
    (0.215, 0.56),
    (0.24, 1.1),
    (-0.25, 1.1),
    (-0.22, 0.56),
    (-0.24, 0.8),
    (-0.31, 0.79),
    (-0.3, 0.6),
    (-0.25, 0.29),
    (-0.12, 0.21),
)


def _coat(e: Easel) -> None:
    e.wash(MIST, SHADE, 0.12 + 0.4 * e.x / e.aspect + 0.16 * e.y + 0.04 * e.noise(3))
    e.lay(e.panes(e.aspect * 0.24, 0.25) * 0.6, LAMP, 1.02)
    rail = smooth(0.028, 0.024, np.abs(e.y - 0.12))
    e.lay(rail, WOOD, 1.02 - 12 * np.clip(e.y - 0.12, 0, 0.03) - 0.2 * e.x / e.aspect)
    cx = e.aspect * e.near(0.56, 0.04)
    mask = e.shape([(cx + x, y) for x, y in _COAT], 0.007)
    e.cast(mask, 0.07, 0.02, 0.05, 0.45)
    hang = 0.012 * np.sin((e.x - cx) * 30 / (0.55 + 0.5 * e.y) + 1.2 * e.noise(1.3, 2)) * smooth(0.2, 0.6, e.y)
    body = 0.16 * np.sqrt(np.clip(1 - ((e.x - cx) / 0.34) ** 2, 0, 1)) + hang + 0.008 * e.noise(2.4, 2)
    wool = e.cloth()
    light = e.relief(e.blurred(body * 3, 0.01) / 3, 1.0) + 0.02 * e.noise(60, 1)
    e.lay(mask, (wool[0] * 0.82, wool[1] * 0.84, wool[2] * 0.86), light)
    e.darken(mask * np.exp(-(((e.x - cx - 0.01) / 0.006) ** 2)) * (e.y > 0.3), 0.35)
    for side in (-1, 1):
        flap = e.shape(
            [
                (cx + side * 0.02, 0.175),
                (cx + side * 0.1, 0.2),
                (cx + side * 0.13, 0.3),
                (cx + side * 0.01, 0.36),
            ],
            0.006,
        )
        e.lay(flap * 0.7, wool, 1.0 if side < 0 else 0.8)
    e.lay(e.shape([(cx - 0.012, 0.1), (cx + 0.012, 0.1), (cx + 0.012, 0.18), (cx - 0.012, 0.18)]), INK, 1.2)


def _bowl(e: Easel) -> None:
    e.room(e.cloth(), FLAX, 0.6)
    e.lay(e.panes(e.aspect * 0.68, 0.3) * (e.y < 0.6) * 0.35, LAMP, 1.0)
    cx, rim, half, deep = e.aspect * e.near(0.48, 0.04), 0.48, 0.34, 0.29
    across = (e.x - cx) / half
    under = rim + deep * np.minimum(np.sqrt(np.clip(1 - np.abs(across) ** 2.2, 0, 1)), 0.9)
    lip = np.hypot(across, (e.y - rim) / 0.075)
    outside = smooth(1.01, 0.99, np.abs(across)) * smooth(0.004, -0.004, e.y - under) * (e.y > rim)
    whole = np.maximum(e.blurred(outside, 0.004), smooth(1.012, 0.995, lip))
    e.darken(smooth(1.5, 0.2, np.hypot((e.x - cx - 0.16) / (half * 0.95), (e.y - rim - 0.9 * deep) / 0.06)), 0.5)
    glaze = e.cloth()
    turn = 0.58 + 0.52 * np.sqrt(np.clip(1 - (across + 0.5) ** 2 / 2.4, 0, 1)) - 0.5 * np.clip(e.y - rim - 0.08, 0, 1)
    e.lay(whole, PAPER, turn + 0.012 * e.noise(8))
    e.lay(
        whole * smooth(0.004, -0.004, e.y - rim - 0.13 - 0.02 * (1 - across**2) - 0.006 * e.noise(4)) * 0.85,
        glaze,
        turn,
    )
    e.lay(smooth(0.97, 0.945, lip), glaze, 0.66 + 0.3 * smooth(-0.8, 0.9, across + 3 * (e.y - rim)))
    e.lay(0.5 * smooth(0.03, 0.0, np.abs(lip - 0.985)) * smooth(0.4, -0.9, across), PAPER, 1.08)


SCENES: dict[str, Callable[[Easel], None]] = {
    "blanket": _blanket,
    "hat": _hat,
    "window": weather.window,
    "path": weather.path,
    "sea": weather.sea,
    "garden": weather.garden,
    "shelf": _shelf,
    "letter": _letter,
    "tree": weather.tree,
    "chair": _chair,
    "bracelet": _bracelet,
    "bundle": _bundle,
    "coat": _coat,
    "bowl": _bowl,
}
DRAWINGS: tuple[str, ...] = tuple(SCENES)


def draw(name: str, seed: int, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A JPEG of the scene `name` (one of DRAWINGS), `size` in pixels; the same seed gives the same bytes.

    Raises KeyError for a name that is not in DRAWINGS.
    """
    easel = Easel(seed, size[0] // 2, size[1] // 2)
    SCENES[name](easel)
    out = io.BytesIO()
    easel.finished(size).save(out, "JPEG", quality=86)
    return out.getvalue()
