"""A canvas of light and colour fields with a seeded hand: what the scenes of `drawings` are painted on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Field = NDArray[np.float64]
"""Shape (height, width): a mask in 0..1, a height in units of the picture's height, or an amount of light."""
Colour = tuple[float, float, float]

LIGHT = (-0.62, -0.5, 0.6)  # from the upper left, as in the design pictures


def _hex(hexadecimal: str) -> Colour:
    red, green, blue = bytes.fromhex(hexadecimal)
    return red / 255, green / 255, blue / 255


INK, SHADE, MIST, PAPER = (_hex(c) for c in ("2b3a42", "5d6a70", "cfd6d6", "f4efe4"))
FLAX, SAGE, SLATE, HEATHER, CLAY = (_hex(c) for c in ("ddd1b5", "b9c7b3", "aebdc7", "c3b5c7", "d6b9a7"))
LAMP, TIDE, WOOD, MOSS = (_hex(c) for c in ("f2ddb7", "5f8289", "8b7863", "76866f"))
CLOTHS = (FLAX, SAGE, SLATE, HEATHER, CLAY)


def smooth(low: float, high: float, value: Field) -> Field:
    """A soft step: 0 below `low`, 1 above `high`, no corner between (the smoothstep polynomial)."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def resized(field: Field, width: int, height: int) -> Field:
    image = Image.fromarray(field.astype(np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float64)


class Easel:
    """A canvas whose x runs from 0 to the aspect ratio and y from 0 (top) to 1, with a seeded hand."""

    def __init__(self, seed: int, width: int, height: int) -> None:
        self.hand = np.random.default_rng(seed)
        self.width, self.height = width, height
        self.aspect = width / height
        self.y, self.x = np.mgrid[0:height, 0:width] / height
        self.paint = np.zeros((height, width, 3))

    def cloth(self) -> Colour:
        return CLOTHS[int(self.hand.integers(len(CLOTHS)))]

    def near(self, value: float, spread: float) -> float:
        return value + float(self.hand.uniform(-spread, spread))

    def noise(self, cells: float, octaves: int = 3) -> Field:
        """Smooth value noise about 0 (mostly -1..1) with `cells` features over the picture's height."""
        total = np.zeros((self.height, self.width))
        for octave in range(octaves):
            rows = max(3, round(cells * 2**octave) + 2)
            columns = max(3, round(cells * 2**octave * self.aspect) + 2)
            total += resized(self.hand.uniform(-1, 1, (rows, columns)), self.width, self.height) / 2**octave
        return total

    def blurred(self, field: Field, radius: float) -> Field:
        """`field` softened over `radius`, a share of the picture's height."""
        step = max(1.0, radius * self.height)
        small = Image.fromarray(field.astype(np.float32)).resize(
            (max(4, round(self.width / step)), max(4, round(self.height / step))), Image.Resampling.HAMMING
        )
        return np.clip(resized(np.asarray(small, dtype=np.float64), self.width, self.height), 0.0, 1.0)

    def shape(self, points: list[tuple[float, float]], soft: float = 0.004) -> Field:
        image = Image.new("L", (self.width, self.height))
        ImageDraw.Draw(image).polygon([(x * self.height, y * self.height) for x, y in points], fill=255)
        return self.blurred(np.asarray(image) / 255.0, soft)

    def strokes(self, lines: list[tuple[float, float, float, float, float]], soft: float = 0.004) -> Field:
        """Mask of straight strokes (x0, y0, x1, y1, thickness)."""
        image = Image.new("L", (self.width, self.height))
        pen = ImageDraw.Draw(image)
        for x0, y0, x1, y1, thick in lines:
            ends = [value * self.height for value in (x0, y0, x1, y1)]
            pen.line(ends, fill=255, width=max(1, round(thick * self.height)))
        return self.blurred(np.asarray(image) / 255.0, soft)

    def wash(self, first: Colour, second: Colour, amount: Field) -> None:
        """Paints the whole ground from `first` (amount 0) to `second` (amount 1)."""
        mix = np.clip(amount, 0.0, 1.0)[..., None]
        self.paint = np.array(first) * (1 - mix) + np.array(second) * mix

    def lay(self, mask: Field, colour: Colour, light: Field | float = 1.0) -> None:
        cover = np.clip(mask, 0.0, 1.0)[..., None]
        tint = np.array(colour) * np.broadcast_to(np.asarray(light), mask.shape)[..., None]
        self.paint = self.paint * (1 - cover) + tint * cover

    def darken(self, mask: Field, amount: float) -> None:
        """Shadow: less light, and what is left is bluer."""
        cover = (np.clip(mask, 0.0, 1.0) * amount)[..., None]
        self.paint *= 1 - cover * np.array([1.0, 0.93, 0.86])

    def relief(self, height: Field, depth: float = 1.0) -> Field:
        """Light on a surface of that height, about 0.45 (turned away) to 1.15 (facing LIGHT)."""
        down, right = np.gradient(height * depth * self.height)
        length = np.sqrt(down**2 + right**2 + 1)
        facing = (-right * LIGHT[0] - down * LIGHT[1] + LIGHT[2]) / length
        light: Field = 0.45 + 0.75 * np.clip(facing + 0.1, 0.0, 1.0)
        return light

    def folds(self, angle: float, cells: float = 2.2) -> Field:
        """Height of a cloth: long creases across `angle`, bent by slow noise."""
        along = self.x * np.cos(angle) + self.y * np.sin(angle) + 0.16 * self.noise(cells * 0.7, 2)
        phase = self.near(0, 3)
        crease = np.sin(along * cells * 5 + phase) + 0.45 * np.sin(along * cells * 11 + 1.7 * phase)
        height: Field = 0.018 * crease + 0.02 * self.noise(cells, 2)
        return height

    def room(self, wall: Colour, table: Colour, edge: float) -> None:
        """A wall in raking light over a table whose far edge is at y = `edge`."""
        glow = 1.05 - 0.3 * self.x / self.aspect - 0.18 * np.abs(self.y - 0.3) + 0.03 * self.noise(3)
        self.wash(SHADE, wall, glow)
        grain = 0.93 + 0.05 * self.noise(2.5, 2) - 0.22 * (self.x / self.aspect) + 0.1 * (self.y - edge)
        self.lay(smooth(edge - 0.006, edge + 0.006, self.y), table, grain)
        self.darken(np.exp(-(((self.y - edge) / 0.05) ** 2)), 0.16)

    def cast(self, mask: Field, right: float, down: float, soft: float, amount: float) -> None:
        """The shadow of `mask`, moved and softened by shares of the picture's height."""
        dx, dy = round(right * self.height), round(down * self.height)
        moved = np.pad(mask, ((dy, 0), (dx, 0)))[: self.height, : self.width]
        self.darken(self.blurred(moved, soft), amount)

    def panes(self, centre: float, lean: float = 0.23) -> Field:
        """Two leaning panes of window light with a bar between, soft as they lie on a wall."""
        across = self.x + lean * (self.y - 0.5) + 0.012 * self.noise(3) - centre
        upright = (
            smooth(0.06, 0.1, self.y)
            * smooth(0.96, 0.86, self.y)
            * (1 - 0.8 * np.exp(-(((self.y - 0.4) / 0.016) ** 2)))
        )
        two = smooth(0.02, 0.035, np.abs(across)) * smooth(0.2, 0.18, np.abs(across))
        light: Field = self.blurred(two * upright, 0.012) * (0.75 + 0.25 * self.y)
        return light

    def knit(self, u: Field, v: Field) -> Field:
        """Height of stocking stitch: columns of small leaning stitches."""
        side = np.abs(u - np.round(u)) * 2
        lean = np.sin((v + 0.9 * side) * 2 * np.pi)
        stitches: Field = 0.0035 * (np.sin(side * np.pi) * (0.7 + 0.5 * lean)) + 0.002 * self.noise(4)
        return stitches

    def hills(self, horizon: float, layers: int, far: Colour, close: Colour) -> None:
        for layer in range(layers):
            share = layer / max(1, layers - 1)
            ridge = horizon + 0.1 * share + (0.05 + 0.03 * share) * self.noise(1.2 + share, 4)[0] - 0.03
            tone = (
                far[0] + (close[0] - far[0]) * share,
                far[1] + (close[1] - far[1]) * share,
                far[2] + (close[2] - far[2]) * share,
            )
            self.lay(0.85 * smooth(-0.01, 0.012, self.y - ridge), tone, 1.06 - 0.12 * self.y + 0.03 * self.noise(6))

    def flower(self, mask: Field, x: float, y: float, radius: float, soft: float) -> None:
        """Adds one five-petalled flower to `mask`, out of focus by `soft`."""
        reach = round(radius * (1.3 + soft) * self.height) + 1
        rows = slice(max(0, round(y * self.height) - reach), round(y * self.height) + reach)
        columns = slice(max(0, round(x * self.height) - reach), max(0, round(x * self.height) + reach))
        dx, dy = self.x[rows, columns] - x, (self.y[rows, columns] - y) * 1.3
        petal = 1 + 0.13 * np.cos(np.arctan2(dy, dx) * 5 + x * 40)
        near = smooth(1 + soft, 1 - soft, np.hypot(dx, dy) / radius / petal)
        mask[rows, columns] = np.maximum(mask[rows, columns], near)

    def jar(self, x: float, foot: float, half: float, tall: float, colour: Colour) -> None:
        up = (foot - self.y) / tall
        profile = half * (0.78 + 0.34 * np.sin(np.clip(up, 0, 1) * 2.5 + 0.35) - 0.3 * smooth(0.75, 0.9, up))
        across = (self.x - x) / np.maximum(profile, 1e-3)
        mask = self.blurred(smooth(1.02, 0.98, np.abs(across)) * ((up > 0) & (up < 1)), 0.005)
        self.cast(mask, 0.09, 0.0, 0.05, 0.4)
        self.lay(mask, colour, 0.62 + 0.5 * np.sqrt(np.clip(1 - (across + 0.45) ** 2 / 2.2, 0, 1)) - 0.06 * up)

    def finished(self, size: tuple[int, int]) -> Image.Image:
        """The painting at `size` (width, height in pixels): edges a little unsteady, muted, with grain."""
        wander = 0.001 * self.height
        rows = np.clip(self.y * self.height + wander * self.noise(12, 2), 0, self.height - 1).astype(np.intp)
        columns = np.clip(self.x * self.height + wander * self.noise(12, 2), 0, self.width - 1).astype(np.intp)
        paint = self.paint[rows, columns]
        grey = paint.mean(axis=2, keepdims=True)
        dusk = 1 - 0.2 * ((self.x / self.aspect - 0.42) ** 2 + (self.y - 0.42) ** 2) + 0.012 * self.noise(40, 2)
        paint = np.clip((grey + 0.8 * (paint - grey)) * dusk[..., None], 0, 1) ** 0.96
        half = Image.fromarray((paint * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(self.height / 700))
        full = np.asarray(half.resize(size, Image.Resampling.BICUBIC), dtype=np.float32)
        grain = self.hand.standard_normal((size[1], size[0], 1), dtype=np.float32) * 2.6
        return Image.fromarray(np.clip(full + grain, 0, 255).astype(np.uint8))
