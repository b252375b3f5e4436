"""What Node programs spend their first seconds with, beside the real Node.js."""

import json
import pathlib
import shutil
import statistics
import tempfile

from machine import BENCHMARKS, TOP, real_node
from report import Table, number, progress, ratio
from starts import container_starts, milliseconds

PROGRAMS = BENCHMARKS / "src/main/js/node"
STARTS = 5
MODULES, CHILDREN = 1_000, 5
FILES, SIZE = 10_000, 200
JSON_SIZE = 10_000_000


def make_modules(folder):
    """A tree in which a module has so many children; each exports how many are in its part of it."""
    (folder / "modules").mkdir()
    for n in range(MODULES):
        children = [child for child in range(n * CHILDREN + 1, (n + 1) * CHILDREN + 1) if child < MODULES]
        below = "".join(f" + require('./{child}.js')" for child in children)
        text = f"'use strict';\nfunction part(a, b) {{ return [a, b, {n}].length; }}\nmodule.exports = 1{below};\n"
        (folder / f"modules/{n}.js").write_text(text)


def make_express(folder):
    shutil.copytree(TOP / "examples/express/node_modules", folder / "node_modules")


def make_json(folder):
    rows, size = [], 0
    while size < JSON_SIZE:
        n = len(rows)
        row = json.dumps({"id": n, "name": f"row {n}", "tags": ["a", "bé", None], "at": {"x": n / 7, "y": -n, "ok": n % 2 == 0}})
        rows.append(row)
        size += len(row) + 1
    (folder / "rows.json").write_text(f"[{','.join(rows)}]")


def make_files(folder):
    (folder / "files").mkdir()
    for n in range(FILES):
        (folder / f"files/{n}.txt").write_text(f"{n:{SIZE}}")


# The program, and what makes its folder.
PARTS = {
    "`require` of a tree of 1,000 modules": ("modules", make_modules),
    "Express, to the first response": ("express", make_express),
    "`JSON.parse` of 10 MB": ("json", make_json),
    "reading 10,000 files of 200 bytes": ("files", make_files),
}


def measure_part(rounds, name, make):
    """Milliseconds, medians: the first and the last start in a container, the real node's process."""
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as data:
        folder = pathlib.Path(data)
        make(folder)
        program = shutil.copy(PROGRAMS / f"{name}.js", folder)
        (folder / "command").write_text("\0".join(["node", f"/data/{name}.js", "/data"]))
        theirs = milliseconds([real_node(), program, folder], rounds)
        containers = [container_starts(STARTS, folder) for _ in range(rounds)]
        first, last = (statistics.median(times[at] for times in containers) for at in (0, -1))
        return first, last, theirs


def measure(rounds):
    table = Table("node", "ms", "in a container, 1st", f"{STARTS}th", "real node", "ratio", "")
    for title, part in PARTS.items():
        progress(title)
        first, last, node = measure_part(rounds, *part)
        table.add(title, number(first), number(last), number(node), ratio(first, node), ratio(last, node))
    yield table
