"""Where things go on a map: circles moved apart, hubs at the frame, labels beside their circles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.model.quantities import Array

#: Sides on which a label may stand, by preference: direction from the circle's centre.
_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.75, 0.75), (0.75, -0.75), (-0.75, 0.75),
          (-0.75, -0.75))  # fmt: skip
_GAPS = (2.0, 9.0, 18.0, 32.0, 46.0)


def moved_apart(centres: Array, radii: Array, gap: float = 3.0, rounds: int = 200) -> Array:
    """Centres pushed apart until no two circles touch, as little as that needs.

    ``centres`` (circle, 2) and ``radii`` (circle,) in points. The smaller circle moves more.
    """
    # Circles at one place part along directions that depend on their order only.
    turn = np.arange(len(radii)) * 2.4
    placed = np.array(centres, dtype=float) + 0.01 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    share = radii[None, :] / (radii[:, None] + radii[None, :])
    for _ in range(rounds):
        step = placed[:, None] - placed[None, :]
        distance = np.maximum(np.hypot(step[..., 0], step[..., 1]), 1e-9)
        overlap = radii[:, None] + radii[None, :] + gap - distance
        np.fill_diagonal(overlap, 0.0)
        if (overlap <= 0.01).all():
            break
        push = np.maximum(overlap, 0.0) * share / distance
        placed += (push[..., None] * step).sum(axis=1)
    return placed


def at_frame(points: Array, frame: tuple[float, float, float, float], margin: float) -> Array:
    """Points outside a frame, drawn to its edge on the line to its middle; others as they are.

    ``frame`` is left, right, bottom, top; ``margin`` is kept free inside it.
    """
    left, right, bottom, top = frame
    middle = np.array([(left + right) / 2, (bottom + top) / 2])
    half = np.array([(right - left) / 2 - margin, (top - bottom) / 2 - margin])
    away = points - middle
    excess = np.abs(away / half).max(axis=1)
    return middle + away / np.maximum(excess, 1.0)[:, None]


def place_labels(
    centres: Array,
    radii: Array,
    sizes: Array,
    frame: tuple[float, float, float, float],
    order: Sequence[int],
) -> Array:
    """Middles of labels, (label, 2), each beside its circle and clear of the rest where it can be.

    ``sizes`` (label, 2) are widths and heights. Labels are set one by one in ``order``, each on the
    side that overlaps least with circles and labels already set, inside the frame; then once more,
    when all others stand. Everything is in the same unit (points).
    """
    found = np.array(centres, dtype=float)
    placed: dict[int, Array] = {}
    for _ in range(3):
        for index in order:
            others = [placed[other] for other in placed if other != index]
            best, least = None, np.inf
            for gap in _GAPS:
                for rank, side in enumerate(_SIDES):
                    reach = radii[index] + gap + sizes[index] / 2
                    middle = _inside(centres[index] + np.array(side) * reach, sizes[index], frame)
                    box = _box(middle, sizes[index])
                    cost = _cost(box, others, centres, radii) + 0.4 * rank + 3.0 * gap
                    if cost < least:
                        best, least = middle, cost
            assert best is not None
            found[index] = best
            placed[index] = _box(best, sizes[index])
    return found


def _inside(middle: Array, size: Array, frame: tuple[float, float, float, float]) -> Array:
    """A label's middle moved into the frame."""
    low = np.array([frame[0], frame[2]]) + size / 2
    high = np.array([frame[1], frame[3]]) - size / 2
    return np.clip(middle, low, np.maximum(low, high))


def _box(middle: Array, size: Array) -> Array:
    """Left, right, bottom, top."""
    return np.array([middle[0] - size[0] / 2, middle[0] + size[0] / 2,
                     middle[1] - size[1] / 2, middle[1] + size[1] / 2])  # fmt: skip


def _cost(box: Array, others: Sequence[Array], centres: Array, radii: Array) -> float:
    """Area that a label would hide or that would hide it."""
    cost = 0.0
    for other in others:
        width = min(box[1], other[1]) - max(box[0], other[0])
        height = min(box[3], other[3]) - max(box[2], other[2])
        if width > -1 and height > -1:
            cost += 3.0 * (width + 1) * (height + 1) + 30.0
    nearest_x = np.clip(centres[:, 0], box[0], box[1])
    nearest_y = np.clip(centres[:, 1], box[2], box[3])
    depth = radii + 1.0 - np.hypot(centres[:, 0] - nearest_x, centres[:, 1] - nearest_y)
    cost += float((30.0 * np.maximum(depth, 0.0)).sum())
    return cost
