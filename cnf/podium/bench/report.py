"""Tables: printed row by row as figures come, and put into docs/BENCHMARKS.md between the marks of their name."""

import math
import re
import sys

from machine import TOP

PAGE = TOP / "docs/BENCHMARKS.md"


def progress(what):
    print(f"bench: {what} ...", file=sys.stderr, flush=True)


class Table:
    def __init__(self, name, *columns):
        self.name, self.lines, self.remarks = name, [], []
        self.add(*columns)
        self.add(*["---"] + ["---:"] * (len(columns) - 1))

    def add(self, *cells):
        self.say("| " + " | ".join("" if cell is None else str(cell) for cell in cells) + " |")

    def say(self, line):
        self.lines.append(line)
        print(line, flush=True)

    def remark(self, text):
        """Something to be known by those who look at the table alone; printed below it."""
        self.remarks.append(text)

    def end(self):
        self.say("")
        self.say(f"*{' '.join(self.remarks)}*")
        print(flush=True)


def write(table):
    start, end = f"<!-- figures: {table.name} -->", "<!-- end -->"
    page = PAGE.read_text()
    place = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
    if not place.search(page):
        sys.exit(f"bench: no place for '{table.name}' in {PAGE.relative_to(TOP)}")
    text = "\n".join([start, "", *table.lines, "", end])
    PAGE.write_text(place.sub(lambda _: text, page))


def number(value):
    """Three digits that count."""
    if value is None:
        return None
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{min(digits, 3)}f}"


def ratio(ours, theirs):
    return number(ours / theirs) if ours is not None and theirs else None


def geometric_mean(values):
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values))
