"""The scenes of light and weather: path, sea, garden, tree, and a window's light on a wall."""

from __future__ import annotations

import numpy as np

from alongside.demo.easel import (
    CLAY,
    FLAX,
    HEATHER,
    INK,
    LAMP,
    MIST,
    MOSS,
    PAPER,
    SAGE,
    SHADE,
    SLATE,
    TIDE,
    Easel,
    smooth,
)


def path(e: Easel) -> None:
    e.wash(LAMP, MIST, smooth(0.0, 0.5, np.hypot(e.x - 0.3, e.y - 0.22)))
    e.hills(0.36, 4, MIST, MOSS)
    deep = np.clip((e.y - 0.47) / 0.53, 0, 1)
    bend = e.near(0.62, 0.1) + 0.14 * np.sin(6.2 * np.sqrt(deep) + e.near(0.4, 0.5)) * (0.25 + deep)
    wide = 0.008 + 0.2 * deep**1.6
    ground = smooth(0.47, 0.53, e.y)
    grass = 0.8 + 0.16 * e.noise(9, 4) * deep + 0.12 * (1 - deep)
    e.lay(ground, SAGE, grass)
    e.lay(
        ground * smooth(1.25, 0.75, np.abs(e.x - bend) / wide + 0.1 * e.noise(12)),
        FLAX,
        1.06 - 0.12 * deep + 0.04 * e.noise(10),
    )
    e.lay(0.4 * smooth(0.2, 0.0, np.abs(e.y - 0.48)), MIST, 1.1)


def sea(e: Easel) -> None:
    line = e.near(0.44, 0.06)
    e.wash(LAMP, SLATE, smooth(0.0, 0.9, (line - e.y) * 1.6 + 0.16 * e.noise(1.2, 4) + 0.05))
    far = np.clip((e.y - line) / (1 - line), 0.0015, 1)
    swell = np.sin(9 / (far + 0.12) * 1.8 + 3 * e.noise(1.6, 2) + 1.2 * e.x) + 0.6 * e.noise(14, 3)
    water = smooth(-0.003, 0.004, e.y - line)
    e.lay(water, TIDE, 1.18 - 0.28 * far + (0.02 + 0.07 * far) * swell)
    sun = e.aspect * e.near(0.36, 0.1)
    glint = np.exp(-(((e.x - sun) / (0.07 + 0.32 * far)) ** 2)) * (0.35 + 0.4 * smooth(-0.3, 1.2, swell))
    e.lay(water * glint, PAPER, 1.0)
    sand = smooth(0.88, 0.95, e.y + 0.02 * np.sin(e.x * 4 + 1) + 0.012 * e.noise(3))
    e.lay(sand, CLAY, 0.95 + 0.04 * e.noise(20, 2))
    e.lay(0.6 * np.exp(-(((sand - 0.35) / 0.25) ** 2)), PAPER)


def garden(e: Easel) -> None:
    e.wash(LAMP, MOSS, 0.2 + 0.7 * e.y + 0.42 * e.noise(1.8, 3))
    dapple = e.noise(6, 2)
    for depth in (0.0, 0.5, 1.0):
        heads = [(e.near(e.aspect / 2, 0.75), e.near(0.5, 0.27)) for _ in range(22)]
        stems = [(x, y, x + e.near(0, 0.09), 1.1, 0.004 + 0.006 * depth) for x, y in heads]
        e.lay(0.6 * e.strokes(stems, 0.022 * (1.15 - depth) + 0.005), MOSS, 0.85 + 0.25 * dapple)
        hearts = np.zeros_like(e.x)
        for turn, colour in enumerate((PAPER, HEATHER, CLAY)):
            petals = np.zeros_like(e.x)
            for x, y in heads[turn * 5 : turn * 5 + 5]:
                radius = e.near(0.034, 0.012) * (0.8 + 0.7 * depth)
                e.flower(petals, x, y, radius, 0.95 - 0.62 * depth)
                e.flower(hearts, x, y + 0.002, radius * 0.25, 0.6)
            e.lay((0.6 + 0.25 * depth) * petals, colour, 1.0 + 0.12 * dapple)
        e.lay(0.45 * depth * hearts, LAMP, 0.8)


def tree(e: Easel) -> None:
    e.wash(LAMP, SLATE, smooth(0.1, 1.1, np.hypot(e.x - 0.35, e.y - 0.6)) + 0.08 * e.noise(1.5))
    e.hills(0.72, 3, MIST, MOSS)
    lines: list[tuple[float, float, float, float, float]] = []
    tips = [(e.aspect * e.near(0.56, 0.06), 0.83, -np.pi / 2, 0.17, 0.03)]
    for _ in range(7):
        grown = []
        for x, y, angle, length, thick in tips:
            x1, y1 = x + length * np.cos(angle), y + length * np.sin(angle)
            lines.append((x, y, float(x1), float(y1), thick))
            for side in (-1, 1):
                grown.append(
                    (
                        float(x1),
                        float(y1),
                        angle + side * e.near(0.42, 0.2),
                        length * e.near(0.76, 0.1),
                        thick * 0.64,
                    )
                )
        tips = grown
    e.lay(0.9 * e.strokes(lines, 0.004), INK, 1.1 + 0.2 * e.noise(3))
    leaf = np.zeros_like(e.x)
    rows = np.clip([round(y * e.height) for _, y, *_ in tips], 0, e.height - 1)
    columns = np.clip([round(x * e.height) for x, *_ in tips], 0, e.width - 1)
    leaf[rows, columns] = 1.0
    mass = e.blurred(np.clip(e.blurred(leaf, 0.03) * 60, 0, 1), 0.02)
    e.lay(
        smooth(0.1, 0.8, mass + 0.35 * e.noise(24, 2)) * mass * 0.75,
        MOSS,
        0.85 + 0.3 * smooth(1.1, 0.3, e.x) + 0.12 * e.noise(16),
    )
    e.lay(0.45 * np.exp(-(((e.y - 0.84) / 0.07) ** 2)), MIST, 1.06)


def window(e: Easel) -> None:
    wall = SLATE if e.hand.random() < 0.5 else HEATHER
    e.wash(wall, SHADE, 0.3 + 0.35 * e.x / e.aspect + 0.3 * e.y + 0.06 * e.noise(3, 4))
    light = e.panes(e.aspect * e.near(0.46, 0.1))
    leaves = smooth(0.1, 0.9, e.noise(4) + 0.9 * (e.x / e.aspect) - 0.55)
    e.lay(light * (0.92 - 0.45 * e.blurred(leaves, 0.02)), LAMP, 1.02)
    e.lay(e.blurred(light, 0.16) * 0.28, LAMP)
    veil = smooth(0.34, 0.0, e.x + 0.03 * np.sin(e.y * 5 + 1))
    e.lay(veil * 0.8, PAPER, 0.72 + 0.2 * np.sin(e.x * 70 + 1.5 * e.noise(1.5, 2)) * veil)
