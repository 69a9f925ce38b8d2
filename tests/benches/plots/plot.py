"""Draws Markdown tables of benches as bar charts. `run.sh` installs what it needs."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

# Shades of one color for jwt-auth, and of another one for what it is compared with.
OURS, PEERS = ["#b7410e", "#e39a6f", "#f1cdb5"], ["#8a8f98", "#c3c7cd"]


@dataclass
class Chart:
    """How to draw the tables with certain columns."""

    name: str
    title: str
    # The columns that name a row.
    labels: list[str]
    # The columns that become bars.
    bars: list[str]
    unit: str
    # A column whose value is 1 in every row.
    base: str | None = None
    # For the names of the files, if several tables have these columns.
    suffixes: tuple[str, ...] = ("",)


CHARTS = [
    Chart("verify", "Verifying an access token", ["revoked sessions"], ["median, ns"], "ns"),
    Chart(
        "tokens", "Time, relative to jsonwebtoken", [""], ["jsonwebtoken, µs", "jwt-auth", "cached, of 10 000"],
        "× jsonwebtoken", base="jsonwebtoken, µs",
    ),
    Chart(
        "instructions", "Instructions, relative to jsonwebtoken", [""], ["jsonwebtoken", "jwt-auth", "cached"],
        "× jsonwebtoken", base="jsonwebtoken",
    ),
    Chart(
        "cookies", "A session cookie and a header", ["request"], ["median, ns"], "ns",
        suffixes=("", "-guard", "-same-origin"),
    ),
    Chart("push", "From a logout to its effect in another process", [""], ["median", "90 %", "99 %"], "µs"),
    Chart(
        "sessions", "Refreshes", ["sessions", "per user"],
        ["`redis-benchmark -P 16`", "one connection, only the script", "`auth.refresh`, 64 tasks", "256 tasks"], "per second",
    ),
    Chart("refusals", "A rejected refresh", ["token"], ["median, ns"], "ns"),
    Chart("http", "Requests", ["route", "connections"], ["requests/s"], "per second"),
    Chart("peers", "Throughput, relative to the open route of the same server", ["route"], ["ratio"], "of the open route"),
    Chart("routes", "Instructions per request", ["route"], ["instructions"], "instructions"),
    Chart("observed", "Instructions per request", ["response"], ["instructions", "observed"], "instructions"),
    Chart("compile-time", "Compiling 200 routes", [""], ["annotated, ms", "by hand, ms"], "ms of processor time"),
    Chart("claims", "Compiling 40 types", [""], ["claims types, ms", "without claims, ms"], "ms of processor time"),
]


def tables(text):
    """Yields the rows of each table, as lists of cells. The first row contains the names of the columns."""
    for block in re.findall(r"(?:^\|.*\|$\n?)+", text, re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        yield [rows[0], *rows[2:]]


def number(cell):
    """Returns the number at the beginning of a cell, or 0 if there is none."""
    found = re.match(r"[-+]?[\d \u202f]*\d(?:\.\d+)?", cell.strip("*"))
    return float(re.sub(r"\s", "", found[0])) if found else 0.0


def plain(label):
    """Removes Markdown and units."""
    return re.sub(r"[`*]|, (µs|ms)$", "", label)


def draw(chart, header, rows, path):
    column = {name: header.index(name) for name in [*chart.labels, *chart.bars]}
    labels = [", ".join(plain(row[column[name]]) for name in chart.labels) for row in rows]
    count, height = len(chart.bars), 0.8 / len(chart.bars)
    ours, peers = iter(OURS), iter(PEERS)
    shades = {name: next(ours if is_ours(name) else peers) for name in chart.bars}
    figure, axes = plt.subplots(figsize=(8, 0.8 + len(rows) * max(0.34, 0.2 * count)))
    for n, name in enumerate(chart.bars):
        values = [number(row[column[name]]) for row in rows]
        if chart.base:
            values = [value / number(row[column[chart.base]]) for value, row in zip(values, rows)]
        color = shades[name] if count > 1 else [OURS[0] if is_ours(label) else PEERS[0] for label in labels]
        places = [place + n * height for place in range(len(rows))]
        bars = axes.barh(places, values, height * 0.92, color=color, label=plain(name))
        texts = [f"{value:.2f}" if value < 10 else f"{value:,.0f}".replace(",", " ") for value in values]
        axes.bar_label(bars, [text if value else "" for text, value in zip(texts, values)], padding=3, fontsize=8)
    axes.set_yticks([place + (count - 1) * height / 2 for place in range(len(rows))], labels, fontsize=9)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel(chart.unit, fontsize=9)
    axes.set_title(chart.title, fontsize=11, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    if count > 1:
        axes.legend(fontsize=8, frameon=False, loc="lower left", bbox_to_anchor=(0.4, 1.0), ncols=count)
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)


def is_ours(label):
    """Returns whether a bar shows jwt-auth, and not what it is compared with."""
    others = r"jsonwebtoken|redis-benchmark|only the script|jwks|open|header|without cookies|without claims|by hand|^rocket-|axum"
    return not re.search(others, plain(label))


def main(source, folder):
    matplotlib.rcParams.update({"svg.hashsalt": "jwt-auth", "svg.fonttype": "none", "font.family": "sans-serif"})
    text, seen = Path(source).read_text(encoding="utf-8"), {}
    for header, *rows in tables(text):
        for chart in CHARTS:
            if not set(chart.labels + chart.bars) <= set(header) or len(rows) < 2:
                continue
            n = seen[chart.name] = seen.get(chart.name, -1) + 1
            if n < len(chart.suffixes):
                path = Path(folder) / f"{chart.name}{chart.suffixes[n]}.svg"
                draw(chart, header, rows, path)
                print(path)
            break


if __name__ == "__main__":
    main(*sys.argv[1:])
