"""Code that is broad and runs seldom, where compilers at run time have the least to offer."""

import statistics
import subprocess
import tempfile
import time

import runtimes
from machine import BENCHMARKS, GUEST_NODE, TOP, V8, has_v8, java, native_guest, real_node, run
from report import Table, number, progress

PROGRAM = BENCHMARKS / "src/main/js/broad"
# Seconds for which each part runs before it is timed.
WARM = 5
# Of Node in one JVM.
STARTS = 5

TITLES = {
    "bootstrap-compiled": "Node's bootstrap, nothing prepared, 1st in a JVM",
    "bootstrap-first": "Node's bootstrap, no snapshot, 1st in a JVM",
    "bootstrap-fifth": f"Node's bootstrap, no snapshot, {STARTS}th in a JVM",
    "http-first": "200 HTTP requests, client and server, 1st time",
    "http-warm": "200 HTTP requests, client and server, warm",
    "express-first": "`require('express')`, 1st time",
    "express-warm": "`require('express')`, warm",
}


def guest_bootstrap(engine, rounds):
    """Each of as many JVMs as there are rounds starts it several times: from one to the next a start differs by a quarter."""
    measured = {}
    inside = medians(bootstraps(engine, STARTS, GUEST_NODE / "target/modules") for _ in range(rounds))
    measured["bootstrap-first"], measured["bootstrap-fifth"] = inside[0], inside[-1]
    if engine == "jvm":
        with tempfile.TemporaryDirectory(prefix="podium-bench-") as nothing:
            measured["bootstrap-compiled"] = medians(bootstraps(engine, 1, nothing) for _ in range(rounds))[0]
    return measured


def medians(runs):
    return [statistics.median(column) for column in zip(*runs, strict=True)]


def bootstraps(engine, count, prepared):
    """Milliseconds of one bootstrap after another in a JVM, with a folder of prepared forms."""
    image, classes = GUEST_NODE / "target/image", V8 if engine == "v8" else []
    said = java("podium.benchmark.Bootstrap", engine, count, image, prepared, classes=classes)
    return [float(line) for line in said.split()]


def native_bootstrap(rounds, *command):
    """There is no JVM that could get warm."""
    times = []
    for _ in range(rounds):
        before = time.monotonic()
        run(*command, "-e", "0", stderr=subprocess.DEVNULL)
        times.append((time.monotonic() - before) * 1000)
    return {"bootstrap-first": statistics.median(times)}


BOOTSTRAPS = {
    "`jvm`": lambda rounds: guest_bootstrap("jvm", rounds),
    "`v8`": lambda rounds: guest_bootstrap("v8", rounds),
    "guest, native": lambda rounds: native_bootstrap(rounds, native_guest()),
    "real node": lambda rounds: native_bootstrap(rounds, real_node(), "--no-node-snapshot"),
}


def measure(rounds):
    measured = {}
    for name, node in runtimes.available().items():
        progress(f"broad code on {name.strip('`')}")
        said = node.run(PROGRAM, WARM, rounds, mount=TOP / "examples/express")
        times = {part: float(took) for part, took in map(str.split, said.splitlines())}
        measured[name] = {**times, **BOOTSTRAPS[name](rounds)}
    table = Table("broad", "ms", *measured)
    for part, title in TITLES.items():
        table.add(title, *(number(times.get(part)) for times in measured.values()))
    yield table
