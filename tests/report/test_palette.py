# SPDX-License-Identifier: LGPL-2.1-or-later
"""The colours of models: seen on their paper, and told apart by people who see fewer colours."""
import os
import re
import unittest
from pathlib import Path

STYLE = Path(os.environ["QRX_REPORT_STYLE"])
# Machado, Oliveira & Fernandes 2009 (doi:10.1109/TVCG.2009.113), severity 1, of linear RGB.
SIGHTS = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((.152286, 1.052583, -.204868), (.114503, .786281, .099216), (-.003882, -.048116, 1.051998)),
    "deuteranopia": ((.367322, .860646, -.227968), (.280085, .672501, .047413), (-.011820, .042940, .968881)),
    "tritanopia": ((1.255528, -.076749, -.178779), (-.078411, .930809, .147602), (.004733, .691367, .303900)),
}
# Oklab (Ottosson 2020).
TO_CONES = ((.4122214708, .5363325363, .0514459929), (.2119034982, .6806995451, .1073969566),
            (.0883024619, .2817188376, .6299787005))
TO_LAB = ((.2104542553, .7936177850, -.0040720468), (1.9779984951, -2.4285922050, .4505937099),
          (.0259040371, .7827717662, -.8086757660))


def apply(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in matrix]


def linear(color):
    values = [int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]


def luminance(rgb):
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def oklab(rgb):
    return apply(TO_LAB, [max(cone, 0) ** (1 / 3) for cone in apply(TO_CONES, rgb)])


def themes():
    """{"light": {"paper": rgb, "arm-0": rgb, …}, …}; a later block of a theme repeats it."""
    blocks = re.findall(r":root([^{]*)\{([^}]*)\}", STYLE.read_text(encoding="utf-8"))
    found = {}
    for selector, body in blocks:
        colors = {name: linear(value) for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{6})", body)}
        found.setdefault("light" if selector.strip() == "" or "light" in colors.get("scheme", "") else "dark", colors)
    return found


class Palette(unittest.TestCase):
    def test_both_themes_have_all_colours(self):
        for name, colors in themes().items():
            self.assertEqual({f"arm-{i}" for i in range(8)} - set(colors), set(), name)

    def test_colours_stand_out_from_the_paper(self):
        for theme, colors in themes().items():
            for name, color in colors.items():
                if name.startswith(("arm-", "baseline-")):
                    self.assertGreaterEqual(contrast(color, colors["paper"]), 3, f"{theme} {name}")

    def test_colours_differ_for_every_sight(self):
        for theme, colors in themes().items():
            for sight, matrix in SIGHTS.items():
                seen = [oklab([min(max(value, 0), 1) for value in apply(matrix, colors[f"arm-{i}"])]) for i in range(8)]
                for i in range(8):
                    for j in range(i):
                        distance = sum((a - b) ** 2 for a, b in zip(seen[i], seen[j])) ** 0.5
                        # Twice what is just noticeable in Oklab, about 0.02; marks differ too.
                        self.assertGreaterEqual(distance, 0.04, f"{theme}, {sight}: arm-{i}, arm-{j}")


if __name__ == "__main__":
    unittest.main()
