"""How engines begin: with a module that nobody prepared, from what was prepared, and in their first second."""

import contextlib
import hashlib
import pathlib
import statistics
import tempfile

import quickjs
import runtimes
from machine import BENCHMARKS, GUEST_NODE, V8, has_v8, java
from report import Table, number, progress, ratio
from starts import container_starts

# How often a module is loaded in one JVM, how many instances and processes there are at once, and starts in one container.
LOADS, INSTANCES, PROCESSES, STARTS = 10, 1_000, 100, 20

# What runs before, prepared as well: a little of everything on files.
OTHER, OTHER_ARGUMENTS = BENCHMARKS / "target/guest/files.wasm", ["/tmp", 1, 1000, 0, 0]

TRAINING = GUEST_NODE / "src/main/train/language.js"

# All of the heap is the process's from the start: see podium.benchmark.start.Footprint.
FOOTPRINT = ["-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"]


def tool(name, *arguments):
    java(f"podium.buildtool.{name}", *arguments)


def forms_of(module, folder):
    """Where the forms of a module are in a folder of them."""
    return folder / hashlib.sha256(module.read_bytes()).hexdigest()


@contextlib.contextmanager
def prepared():
    """Two folders: one with compiled code, and one with a snapshot too."""
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as scratch:
        code, frozen = pathlib.Path(scratch, "code"), pathlib.Path(scratch, "frozen")
        profile, training = pathlib.Path(scratch, "profile"), pathlib.Path(scratch, "training.js")
        training.write_text(quickjs.text(TRAINING.read_text()))
        tool("Train", quickjs.MODULE, profile, training)
        compiled = forms_of(quickjs.MODULE, code) / "jvm/module"
        compiled.parent.mkdir(parents=True)
        tool("Precompile", quickjs.MODULE, compiled, "--profile", profile)
        other = forms_of(OTHER, code) / "jvm/module"
        other.parent.mkdir(parents=True)
        tool("Precompile", OTHER, other)
        frozen.mkdir()
        place = forms_of(quickjs.MODULE, frozen)
        place.mkdir()
        (place / "jvm").symlink_to(compiled.parent)
        tool("MakeSnapshot", "--module", compiled, quickjs.MODULE, place / "snapshot")
        yield code, frozen


def figures(main, engine, forms, *arguments, options=()):
    """The numbers that a class of the benchmarks prints, line by line."""
    classes = V8 if engine == "v8" else []
    said = java(f"podium.benchmark.start.{main}", engine, quickjs.MODULE, forms, *arguments, options=options, classes=classes)
    return [[float(word) for word in line.split()] for line in said.splitlines()]


def first_call(engine):
    return figures("FirstCalls", engine, quickjs.NOTHING, 1)[0]


def prepared_call(engine, code):
    lines = figures("FirstCalls", engine, code, LOADS, OTHER, *OTHER_ARGUMENTS)
    return statistics.median(first for first, _ in lines)


def instance(engine, frozen):
    took, size = figures("Instances", engine, frozen, INSTANCES, options=FOOTPRINT)[0]
    return took, size / 2**20


def process(engine, frozen):
    return figures("Processes", engine, frozen, PROCESSES, quickjs.text("print('here')"), options=FOOTPRINT)[0][0] / 2**20


def first_second(engine):
    return int(runtimes.Guest(engine).run(quickjs.PROGRAMS, "first", 1))


def node(engine):
    """The first start in a container, and one when it is warm."""
    starts = container_starts(STARTS, engine=engine)
    return starts[0], statistics.median(starts[STARTS // 2 :])


def median_of(rounds, measure, *arguments):
    """Of what is one figure, or several."""
    measured = [measure(*arguments) for _ in range(rounds)]
    if isinstance(measured[0], (int, float)):
        return statistics.median(measured)
    return [statistics.median(column) for column in zip(*measured)]


def measure(rounds):
    engines = ["jvm", "v8"] if has_v8() else ["jvm"]
    table = Table("start", "What", *(f"`{engine}`" for engine in engines), *["ratio"][: len(engines) - 1], "target")

    def row(name, values, unit, target=None):
        cells = [None if value is None else f"{number(value)} {unit}" if unit else f"{value:.0f}" for value in values]
        table.add(name, *cells, *([ratio(*values)] if len(values) > 1 else []), target)

    def measured(what, measure, *arguments):
        """By figure, and then by engine."""
        progress(what)
        figures = [median_of(rounds, measure, engine, *arguments) for engine in engines]
        return figures if isinstance(figures[0], (int, float)) else list(zip(*figures))

    with prepared() as (code, frozen):
        calls, whole = measured("QuickJS, nothing prepared", first_call)
        row("QuickJS, nothing prepared, to its first system call", calls, "ms", "< 1,200 ms")
        row("the same, until all of it is compiled", [whole[0], *[None] * (len(engines) - 1)], "ms")
        calls = measured("QuickJS, prepared", prepared_call, code)
        row("QuickJS, prepared, in a JVM at work, to its first system call", calls, "ms", "< 30.0 ms")
        times, sizes = measured("instances from a snapshot", instance, frozen)
        row("an instance from a snapshot", times, "ms", "< 5.00 ms")
        row("its memory", sizes, "MiB", "< 3.00 MiB")
        row("memory of a process from a snapshot, after a script", measured("processes", process, frozen), "MiB")
        runs = measured("the first second", first_second)
        row("JavaScript programs run in the first second of a process", runs, None, "> 0.300")
    first, warm = measured("`node -e 0` in a container", node)
    row("`node -e 0` in a new JVM, 1st", first, "ms", "< 600 ms")
    row("`node -e 0` in a JVM at work", warm, "ms", "< 40.0 ms")
    yield table
