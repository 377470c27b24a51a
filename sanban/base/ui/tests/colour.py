"""Colour arithmetic for the tests: WCAG contrast, CIEDE2000, sight without one kind of cone."""

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

Rgb = tuple[float, float, float]

# Full loss of one cone kind, as linear-light matrices (Machado, Oliveira and Fernandes, 2009, severity 1.0).
SIGHTS: dict[str, tuple[Rgb, Rgb, Rgb]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(hex_colour: str) -> Rgb:
    """#rrggbb as linear light from 0 to 1."""
    parts = [int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return r, g, b


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1 to 21."""
    light, dark = sorted((0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other))))[
        ::-1
    ]
    return (light + 0.05) / (dark + 0.05)


def seen(hex_colour: str, sight: str) -> Rgb:
    """Linear light as this sight would see it."""
    rgb = linear(hex_colour)
    r, g, b = (min(1.0, max(0.0, sum(m * c for m, c in zip(row, rgb, strict=True)))) for row in SIGHTS[sight])
    return r, g, b


def lab(rgb: Rgb) -> Rgb:
    """CIE L*a*b* under D65."""
    r, g, b = rgb
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _hue(a: float, b: float) -> float:
    return degrees(atan2(b, a)) % 360 if a or b else 0.0


def ciede2000(one: Rgb, other: Rgb) -> float:
    """The difference of two L*a*b* colours as the eye weighs it."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean_c**7 / (mean_c**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = _hue(a1, b1), _hue(a2, b2)
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    d_l, d_c, d_h = l2 - l1, c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    mid_l, mid_c = (l1 + l2) / 2, (c1 + c2) / 2
    mid_h = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * cos(radians(mid_h - 30))
        + 0.24 * cos(radians(2 * mid_h))
        + 0.32 * cos(radians(3 * mid_h + 6))
        - 0.20 * cos(radians(4 * mid_h - 63))
    )
    s_l = 1 + 0.015 * (mid_l - 50) ** 2 / sqrt(20 + (mid_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mid_c, 1 + 0.015 * mid_c * t
    r_t = -sin(radians(60 * exp(-(((mid_h - 275) / 25) ** 2)))) * 2 * sqrt(mid_c**7 / (mid_c**7 + 25**7))
    x, y, z = d_l / s_l, d_c / s_c, d_h / s_h
    return sqrt(x * x + y * y + z * z + r_t * y * z)
