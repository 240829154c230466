"""What comes out: ratios, a table of them, and a bar chart as SVG."""

import statistics
from xml.sax.saxutils import escape

from measures import ROWS

REFERENCE = "reference"
COLOURS = {"direct": "#9aa5b1", "vxlan": "#7b8794", "reference": "#3e4c59", "socat": "#d9a05b", "wireguard-go": "#a3543f",
           "culvert": "#0f8b8d", "culvert-wireguard": "#5b8c2a", "culvert-aes": "#b5651d"}
OTHERS = ("#6b4e9b", "#2f6f3e")


def ratios(values):
    """values[subject][row] is a list with one figure a round, None where it failed. Ratios are taken inside each round."""
    result = {}
    for subject, rows in values.items():
        for row, figures in rows.items():
            base = values.get(REFERENCE, {}).get(row, [])
            pairs = [(own, other) for own, other in zip(figures, base) if own is not None and other]
            each = [own / other for own, other in pairs]
            if each:
                result.setdefault(subject, {})[row] = {"median": statistics.median(each), "lowest": min(each), "highest": max(each)}
    return result


def medians(values):
    return {subject: {row: statistics.median(known) for row, figures in rows.items() if (known := [f for f in figures if f is not None])}
            for subject, rows in values.items()}


def table(underlay, values):
    """Lines of text: each row's median ratio to the loop in C, and the median figure itself."""
    rows = [row for row in ROWS if any(row in of for of in values.values())]
    ratio, middle = ratios(values), medians(values)
    lines = [f"{underlay} underlay: ratio to the reference loop in C of the same round, median (figure)"]
    cells = [[""] + [f"{row} {'↑' if ROWS[row][1] else '↓'}" for row in rows]]
    for subject in values:
        line = [subject]
        for row in rows:
            figure = middle[subject].get(row)
            own = ratio.get(subject, {}).get(row)
            text = "–" if figure is None else f"({figure:.3g} {ROWS[row][0]})"
            line.append(f"{own['median']:.2f} {text}" if own else text)
        cells.append(line)
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines += ["  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in cells]
    return lines


def further_lines(underlay, figures):
    lines = [f"{underlay} underlay: Culvert alone"]
    for name, result in figures.items():
        lines.append(f"  {name:<8} " + "; ".join(f"{key} {short(value)}" for key, value in result.items()
                                                if key not in ("runs", "values", "functions", "third_second_gbits", "steady_gbits")))
    return lines


def short(value):
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list):
        return "/".join(short(v) for v in value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} {short(v)}" for k, v in value.items()) + "}"
    return str(value)


def chart(title, subtitle, by_underlay):
    """Bars of the median ratios with whiskers from lowest to highest, a panel for each row of each underlay."""
    label, bar, gap, width, panel_gap, left, top = 96, 15, 5, 330, 34, 16, 64
    panels = []
    for underlay, values in by_underlay.items():
        of = ratios(values)
        for row, (unit, more, what) in ROWS.items():
            bars = [(subject, of[subject][row]) for subject in of if row in of[subject]]
            if bars:
                panels.append((f"{what} · {underlay}", "more is better" if more else "less is better", bars))
    height_of = [30 + len(bars) * (bar + gap) for _, _, bars in panels]
    columns = 2
    heights = [max(height_of[i:i + columns]) for i in range(0, len(panels), columns)]
    total_width = left * 2 + columns * (label + width) + panel_gap
    total_height = top + sum(h + 22 for h in heights) + 10
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{total_width}" height="{total_height}" '
           f'viewBox="0 0 {total_width} {total_height}" font-family="system-ui, sans-serif" font-size="12">',
           f'<rect width="{total_width}" height="{total_height}" fill="#ffffff"/>',
           f'<text x="{left}" y="26" font-size="18" font-weight="600" fill="#1f2933">{escape(title)}</text>',
           f'<text x="{left}" y="46" fill="#52606d">{escape(subtitle)}</text>']
    y = top
    for index, (heading, better, bars) in enumerate(panels):
        if index and index % columns == 0:
            y += heights[index // columns - 1] + 22
        x = left + (index % columns) * (label + width + panel_gap)
        longest = max(max(own["highest"] for _, own in bars), 1.0)
        scale = (width - 46) / longest
        out.append(f'<text x="{x}" y="{y + 12}" font-weight="600" fill="#1f2933">{escape(heading)}'
                   f'<tspan dx="5" font-weight="400" fill="#7b8794">({better})</tspan></text>')
        zero, one = x + label, x + label + scale
        at = y + 22
        out.append(f'<line x1="{one:.1f}" y1="{at}" x2="{one:.1f}" y2="{at + len(bars) * (bar + gap)}" stroke="#1f2933" '
                   'stroke-dasharray="3 3" stroke-width="1"/>')
        for number, (subject, own) in enumerate(bars):
            colour = COLOURS.get(subject, OTHERS[number % len(OTHERS)])
            middle, long = at + bar / 2, own["median"] * scale
            out += [f'<text x="{zero - 6}" y="{at + 12}" text-anchor="end" fill="#323f4b">{escape(subject)}</text>',
                    f'<rect x="{zero}" y="{at}" width="{max(long, 1):.1f}" height="{bar}" rx="2" fill="{colour}"/>',
                    f'<line x1="{zero + own["lowest"] * scale:.1f}" y1="{middle}" x2="{zero + own["highest"] * scale:.1f}" y2="{middle}" '
                    'stroke="#1f2933" stroke-width="1.2"/>',
                    f'<text x="{zero + own["highest"] * scale + 6:.1f}" y="{at + 12}" fill="#323f4b" '
                    f'stroke="#ffffff" stroke-width="3" paint-order="stroke">{own["median"]:.2f}</text>']
            at += bar + gap
    return "\n".join(out + ["</svg>", ""])
