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


def guest_bootstrap(engine):
    times = bootstraps(engine, STARTS, GUEST_NODE / "target/modules")
    measured = {"bootstrap-first": times[0], "bootstrap-fifth": times[-1]}
    if engine == "jvm":
        with tempfile.TemporaryDirectory(prefix="podium-bench-") as nothing:
            measured["bootstrap-compiled"] = bootstraps(engine, 1, nothing)[0]
    return measured


def bootstraps(engine, count, prepared):
    """Milliseconds of one bootstrap after another in a JVM, with a folder of prepared forms."""
    image, classes = GUEST_NODE / "target/image", V8 if engine == "v8" else []
    said = java("podium.benchmark.Bootstrap", engine, count, image, prepared, classes=classes)
    return [float(line) for line in said.split()]


def native_bootstrap(*command):
    """There is no JVM that could get warm."""
    times = []
    for _ in range(STARTS):
        before = time.monotonic()
        run(*command, "-e", "0", stderr=subprocess.DEVNULL)
        times.append((time.monotonic() - before) * 1000)
    return {"bootstrap-first": statistics.median(times)}


BOOTSTRAPS = {
    "`jvm`": lambda: guest_bootstrap("jvm"),
    "`v8`": lambda: guest_bootstrap("v8"),
    "guest, native": lambda: native_bootstrap(native_guest()),
    "real node": lambda: native_bootstrap(real_node(), "--no-node-snapshot"),
}


def measure(rounds):
    measured = {}
    for name, node in runtimes.available().items():
        progress(f"broad code on {name.strip('`')}")
        said = node.run(PROGRAM, WARM, rounds, mount=TOP / "examples/express")
        times = {part: float(took) for part, took in map(str.split, said.splitlines())}
        measured[name] = {**times, **BOOTSTRAPS[name]()}
    table = Table("broad", "ms", *measured)
    for part, title in TITLES.items():
        table.add(title, *(number(times.get(part)) for times in measured.values()))
    yield table
