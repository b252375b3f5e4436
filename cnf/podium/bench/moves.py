"""A mount that is moved under programs, in a container: how long calls are held, and that nothing is lost."""

import collections
import os
import pathlib
import subprocess
import sys
import tempfile

from machine import BENCHMARKS
from report import Table, number, progress
from starts import measuring, told

# The file system of this tree: temporary folders are often no disk.
DISK = BENCHMARKS / "target"

Move = collections.namedtuple("Move", "to crowd pause tail took")


def hammer(count, seed):
    """What podium.benchmark.container.Moves says: moves, and figures by their names."""
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as scratch, tempfile.TemporaryDirectory(prefix="podium-bench-", dir=DISK) as folder:
        podium = measuring(pathlib.Path(scratch))
        scripts, guests = BENCHMARKS / "src/main/js/moves", BENCHMARKS / "target/guest"
        given = {"moves": count, "folder": folder, "scripts": scripts, "guests": guests, "seed": seed}
        with subprocess.Popen([podium, "start"], env=told(given), stdout=subprocess.PIPE, text=True) as container:
            moves, figures = follow(container.stdout, count)
    if len(moves) != count or "names" not in figures:
        sys.exit(f"bench: {len(moves)} of {count} moves came to an end")
    return moves, figures


def follow(lines, count):
    moves, figures = [], {}
    for line in lines:
        name, *values = line.split()
        if name == "failed":
            sys.exit(f"bench: after {len(moves)} moves: {line}{lines.read()}")
        if name == "move":
            to, crowd, *numbers = values
            moves.append(Move(to, crowd == "crowd", *map(int, numbers)))
            if len(moves) * 10 // count != (len(moves) - 1) * 10 // count:
                progress(f"{len(moves)} of {count} moves")
        else:
            figures[name] = float(values[0])
    return moves, figures


def quantiles(values):
    """Median, 99 %, most."""
    values = sorted(values)
    return values[len(values) // 2], values[len(values) * 99 // 100], values[-1]


def milliseconds(nanoseconds):
    return [f"{number(value / 1e6)} ms" for value in quantiles(nanoseconds)]


def row(table, name, moves, target=None):
    if not moves:
        return
    left = [f"{tail:,}" for tail in quantiles(move.tail for move in moves)]
    held = milliseconds(move.pause for move in moves)
    took = milliseconds(move.took for move in moves)
    table.add(name, f"{len(moves):,}", *held, target, *left, took[0], took[2])


def load():
    return ", ".join(f"{mean:.1f}" for mean in os.getloadavg())


def measure(count, seed):
    progress(f"{count} moves")
    before = load()
    moves, figures = hammer(count, seed)
    held = ["calls held, median", "99 %", "most", "target"]
    table = Table("moves", "moved to", "moves", *held, "left then, median", "99 %", "most", "a move, median", "most")
    for to in dict.fromkeys(move.to for move in moves):
        row(table, f"`{to}`", [move for move in moves if move.to == to and not move.crowd])
    row(table, "any, in a crowd", [move for move in moves if move.crowd])
    row(table, "all", moves, "99 % < 50 ms")
    table.remark(
        "No failure and no difference in {operations:,.0f} operations on files by Node, the slowest {slowest-operation:,.0f} ms, {transactions:,.0f}"
        " transactions, the slowest {slowest-transaction:,.0f} ms, and {files:,.0f} files made in crowds.".format(**figures)
    )
    table.remark(f"Load average before {before}, after {load()}.")
    yield table
