"""Charts drawn on the server as SVG: they print, speak one sentence and carry their table of data."""

from collections.abc import Sequence
from math import ceil, floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

Number = int | float
HATCH = mark_safe('fill="url(#hatch)"')
_FILLS = ("red", "amber", "green", "idle", "action", "done")


def _text(value: Number | None) -> str:
    """A number as people write it: no trailing zeroes; a dash for none."""
    if value is None:
        return "—"
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def sparkline(values: Sequence[Number], title: str = "") -> SafeString:
    """The trend of a few values, the last one marked; at least two values are needed for a line."""
    points = [float(v) for v in values if v is not None]
    if len(points) < 2:
        return mark_safe("")
    low, high = min(points), max(points)
    step = 84 / (len(points) - 1)
    ys = [10.0 if high == low else 18 - 16 * (v - low) / (high - low) for v in points]
    path = "M" + "L".join(f"{2 + i * step:.1f} {y:.1f}" for i, y in enumerate(ys))
    said = title or _("从 %(first)s 到 %(last)s") % {"first": _text(values[0]), "last": _text(values[-1])}
    return format_html(
        '<svg class="spark" viewBox="0 0 88 20" role="img" aria-label="{}"><path d="{}"/>'
        '<circle cx="86" cy="{}" r="2"/></svg>',
        said,
        path,
        f"{ys[-1]:.1f}",
    )


def _ticks(low: float, high: float) -> list[float]:
    """Three or four round values that hold the range."""
    span = (high - low) or abs(high) or 1.0
    raw = span / 3
    unit = 10.0 ** floor(log10(raw))
    step = next(unit * m for m in (1, 2, 2.5, 5, 10) if unit * m >= raw)
    first = floor(low / step) * step
    count = ceil((high - first) / step - 1e-9)
    return [round(first + step * n, 10) for n in range(max(1, count) + 1)]


def _grid(ticks: Sequence[float], unit: str, left: int, right: int, y: dict[float, float]) -> SafeString:
    rows = ((left, right, f"{y[t]:.1f}", left - 6, f"{y[t] + 4:.1f}", _text(t), unit) for t in ticks)
    return format_html_join(
        "",
        '<path class="grid-line" d="M{0} {2}H{1}"/><text x="{3}" y="{4}" text-anchor="end">{5}{6}</text>',
        rows,
    )


def _x_labels(labels: Sequence[str], xs: Sequence[float], bottom: int) -> SafeString:
    """First, last and some between: no label may touch the next."""
    every = max(1, ceil(len(labels) / 4))
    last = len(labels) - 1
    keep = [i for i in range(len(labels)) if i == last or (i % every == 0 and last - i >= every / 2)]
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        ((f"{xs[i]:.1f}", bottom + 16, labels[i]) for i in keep),
    )


def data_table(labels: Sequence[str], columns: Sequence[tuple[str, Sequence[Number | None]]]) -> SafeString:
    """The numbers behind a chart, folded away under one line."""
    head = format_html_join("", '<th scope="col" class="n">{}</th>', ((name,) for name, _values in columns))
    rows = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (label, format_html_join("", '<td class="n">{}</td>', ((_text(v[i]),) for _name, v in columns)))
            for i, label in enumerate(labels)
        ),
    )
    return format_html(
        '<details><summary>{}</summary><table class="compact"><thead><tr><th scope="col">{}</th>{}</tr></thead>'
        "<tbody>{}</tbody></table></details>",
        _("数据表"),
        _("时间"),
        head,
        rows,
    )


def _figure(
    title: str, sentence: str, legend: SafeString, height: int, inner: SafeString, table: SafeString
) -> SafeString:
    return format_html(
        '<figure class="chart"><figcaption>{}</figcaption>{}<svg viewBox="0 0 360 {}" role="img">'
        "<title>{}</title><desc>{}</desc>{}</svg>{}</figure>",
        title,
        legend,
        height,
        title,
        sentence,
        inner,
        table,
    )


class _Scale:
    """Where values and places stand in the drawing."""

    left, right, top, bottom = 44, 346, 16, 112

    def __init__(self, low: float, high: float, places: int) -> None:
        self.ticks = _ticks(low, high)
        step = (self.right - self.left) / max(1, places - 1)
        self.xs = [self.left + i * step for i in range(places)]

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.bottom - (self.bottom - self.top) * (value - low) / (high - low)

    def path(self, points: Sequence[Number | None]) -> str:
        """The line; a missing value lifts the pen."""
        pen, path = "M", ""
        for x, value in zip(self.xs, points, strict=True):
            path += "" if value is None else f"{pen}{x:.1f} {self.y(float(value)):.1f}"
            pen = "M" if value is None else "L"
        return path


def _target_line(scale: _Scale, target: Number, unit: str) -> SafeString:
    y = scale.y(float(target))
    return format_html(
        '<path class="target" d="M{} {}H{}" fill="none"/><text x="{}" y="{}">{}</text>',
        scale.left,
        f"{y:.1f}",
        scale.right,
        scale.left + 4,
        f"{y - 4:.1f}",
        _("目标 %(value)s%(unit)s") % {"value": _text(target), "unit": unit},
    )


def _last_point(scale: _Scale, points: Sequence[Number | None], unit: str) -> SafeString:
    end = max(i for i, value in enumerate(points) if value is not None)
    y = scale.y(float(points[end] or 0))
    return format_html(
        '<circle class="f-action" cx="{0}" cy="{1}" r="3"/>'
        '<text class="strong" x="{2}" y="{3}" text-anchor="end">{4}{5}</text>',
        f"{scale.xs[end]:.1f}",
        f"{y:.1f}",
        f"{min(scale.right, scale.xs[end] + 4):.1f}",
        f"{max(11.0, y - 7):.1f}",
        _text(points[end]),
        unit,
    )


def line_chart(
    points: Sequence[Number | None],
    labels: Sequence[str],
    target: Number | None,
    title: str,
    sentence: str,
    unit: str = "",
) -> SafeString:
    """One line, with the target dashed where there is one; gaps stay gaps."""
    known = [float(v) for v in [*points, target] if v is not None]
    if not any(v is not None for v in points):
        return format_html(
            '<figure class="chart"><figcaption>{}</figcaption><p class="muted">{}</p></figure>',
            title,
            _("还没有数据"),
        )
    scale = _Scale(min(known), max(known), len(points))
    inner = format_html(
        '{}{}<path class="trend" d="{}"/>{}{}',
        _grid(scale.ticks, unit, scale.left, scale.right, {t: scale.y(t) for t in scale.ticks}),
        _target_line(scale, target, unit) if target is not None else "",
        scale.path(points),
        _last_point(scale, points, unit),
        _x_labels(labels, scale.xs, scale.bottom),
    )
    table = data_table(labels, [(title, points)])
    return _figure(title, sentence, mark_safe(""), scale.bottom + 22, inner, table)


def _fill(key: str) -> SafeString:
    return HATCH if key == "red" else format_html('class="f-{}"', key)


def _legend(series: Sequence[tuple[str, str, Sequence[Number]]]) -> SafeString:
    entries = format_html_join(
        "",
        '<span><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" {}/></svg>{} {}</span>',
        ((_fill(key), name, _text(values[-1]) if values else "") for name, key, values in series),
    )
    return format_html('<div class="legend">{}</div>', entries)


def stacked_bars(
    series: Sequence[tuple[str, str, Sequence[Number]]],
    labels: Sequence[str],
    title: str,
    sentence: str,
) -> SafeString:
    """Columns of stacked parts; series are (name, key, values), the key a light or `action`; red is hatched."""
    for _name, key, _values in series:
        if key not in _FILLS:
            raise ValueError(f"unknown series key {key!r}; use one of {', '.join(_FILLS)}")
    totals = [sum(values[i] for _n, _k, values in series) for i in range(len(labels))]
    ticks = _ticks(0.0, float(max([1, *totals])))
    left, right, top, bottom = 44, 346, 10, 112
    slot = (right - left) / max(1, len(labels))
    scale = (bottom - top) / ticks[-1]
    width = min(22.0, slot * 0.6)
    rects: list[tuple[str, str, str, str, SafeString]] = []
    for i in range(len(labels)):
        x, y = left + i * slot + (slot - width) / 2, float(bottom)
        for _name, key, values in series:
            tall = float(values[i] * scale)
            y -= tall
            if tall > 0:
                rects.append(
                    (f"{x:.1f}", f"{y:.1f}", f"{width:.1f}", f"{max(1.0, tall - 1):.1f}", _fill(key))
                )
    inner = format_html(
        "{}{}{}",
        _grid(ticks, "", left, right, {t: bottom - t * scale for t in ticks}),
        format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}" rx="1" {}/>', rects),
        _x_labels(labels, [left + (i + 0.5) * slot for i in range(len(labels))], bottom),
    )
    table = data_table(labels, [(name, values) for name, _key, values in series])
    return _figure(title, sentence, _legend(series), bottom + 22, inner, table)
