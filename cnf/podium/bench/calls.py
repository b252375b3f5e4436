"""What a system call costs a guest, and a call across the border of the engine."""

import json
import pathlib
import tempfile

from machine import BENCHMARKS, java, run
from report import Table, number, progress, ratio

# Loops of integration-tests/benchmarks/src/main/c/calls.c, as often as each runs natively, and what is hoped for in ns.
CALLS = {
    "getpid": ("`getpid`", 1_000_000, 50),
    "clock_gettime": ("`clock_gettime`", 3_000_000, None),
    "pipe": ("`write` and `read`, pipe, 64 bytes", 200_000, None),
    "file_read": ("`pread`, file in memory, 64 bytes", 300_000, None),
    "file_write": ("`pwrite`, file in memory, 64 bytes", 300_000, None),
    "epoll_wait": ("`epoll_wait`, one ready", 300_000, None),
    "family": ("a function of another module's family", None, None),
    "hostCall": ("guest calls host, engine alone", None, None),
    "guestCall": ("host calls guest, engine alone", None, None),
}


def jmh(rounds):
    """Nanoseconds and allocated bytes of a call, by its name."""
    built = BENCHMARKS / "target/guest"
    options = [f"-Dpodium.benchmark.{name}={built / name}.wasm" for name in ("calls", "border")]
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as scratch:
        file = pathlib.Path(scratch) / "result.json"
        flags = ["-i", rounds, "-prof", "gc", "-foe", "true", "-rf", "json", "-rff", file]
        java("org.openjdk.jmh.Main", *flags, "podium.benchmark.call", options=options)
        results = json.loads(file.read_text())
    found = {}
    for result in results:
        name = result.get("params", {}).get("call") or result["benchmark"].rsplit(".", 1)[1]
        allocated = next(v["score"] for k, v in result["secondaryMetrics"].items() if k.endswith("gc.alloc.rate.norm"))
        found[name] = result["primaryMetric"]["score"], allocated
    return found


def native(call, count):
    """Nanoseconds of a call on this machine's own kernel."""
    program = BENCHMARKS / "target/native/calls"
    return float(run(program, call, "/dev/shm", count)) if count and program.exists() else None


def measure(rounds):
    table = Table("calls", "Call", "engine `jvm`", "Linux", "ratio", "allocated", "target")
    progress("system calls, JMH")
    measured = jmh(rounds)
    for name, (title, count, target) in CALLS.items():
        ours, allocated = measured[name]
        theirs = native(name, count)
        linux = f"{number(theirs)} ns" if theirs else None
        goal = f"< {target} ns" if target else None
        table.add(title, f"{number(ours)} ns", linux, ratio(ours, theirs), f"{allocated:.0f} bytes", goal)
    yield table
