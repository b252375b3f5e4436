"""Computations on one engine after another: kernels in C, programs in JavaScript."""

import quickjs
import runtimes
from machine import BENCHMARKS, V8, has_v8, java, run
from peers import graal_options, peer
from report import Table, geometric_mean, number, progress

KERNELS = BENCHMARKS / "target/kernels"
# Seconds for which all programs run in turn before they are timed.
WARM = 30


def figures(lines):
    """From lines `NAME MILLISECONDS RESULT`: milliseconds by name, results by name."""
    rows = [line.split() for line in lines.splitlines()]
    return {name: float(took) for name, took, _ in rows}, {name: result for name, _, result in rows}


def native(rounds):
    binaries = sorted(file for file in KERNELS.glob("*") if file.suffix == "")
    return "".join(run(file, rounds, file.name) for file in binaries) if binaries else None


def podium(engine):
    return lambda rounds: java(
        "podium.benchmark.kernel.PodiumKernels", engine, rounds, *modules(), classes=V8 if engine == "v8" else []
    )


def modules():
    return sorted(KERNELS.glob("*.wasm"))


def chicory(rounds):
    return peer("chicory", "podium.benchmark.peer.chicory.Chicory", rounds, *modules())


def graalwasm(rounds):
    return peer("graalwasm", "podium.benchmark.peer.graalwasm.GraalWasm", rounds, *modules(), options=graal_options)


ENGINES = {"cc -O2": native, "`jvm`": podium("jvm"), "`v8`": podium("v8"), "Chicory": chicory, "GraalWasm": graalwasm}


def compare(name, unit, references, measured, missing):
    """A table of what was measured, by engine and then by program, with geometric means relative to some engines."""
    table = Table(name, unit, *measured)
    for program in next(iter(measured.values())):
        table.add(program, *(number(times[program]) for times in measured.values()))
    for reference in filter(measured.get, references):
        base = measured[reference]
        means = [geometric_mean(times[p] / base[p] for p in base) for times in measured.values()]
        table.add(f"**mean, {reference} = 1**", *map(number, means))
    if missing:
        table.remark(f"Not to be had here: {', '.join(missing)}.")
    return table


def all_of(kind, ways):
    """Runs all there is; engines whose results differ are an error."""
    measured, missing, results = {}, [], None
    for name, way in ways.items():
        progress(f"{kind} on {name.replace('`', '')}")
        said = way()
        if said is None:
            missing.append(name)
            continue
        measured[name], got = figures(said)
        if results is not None and got != results:
            raise SystemExit(f"bench: {kind} on {name}: results {got}, and not {results}")
        results = got
    return measured, missing


def possible(ways):
    return {name: way for name, way in ways.items() if name != "`v8`" or has_v8()}


def measure(rounds):
    engines = {name: lambda way=way: way(rounds) for name, way in possible(ENGINES).items()}
    yield compare("kernels", "C, ms", ["cc -O2", "`jvm`"], *all_of("kernels", engines))
    nodes = {
        name: lambda node=node: node.run(quickjs.PROGRAMS, WARM, rounds) for name, node in runtimes.available().items()
    }
    yield compare("javascript", "JavaScript, ms", ["guest, native", "`jvm`", "real node"], *all_of("JavaScript", nodes))
    plain = possible(quickjs.ways(quickjs.script("index.js", WARM, rounds)))
    yield compare("quickjs", "JavaScript, ms", ["cc -O2", "`jvm`"], *all_of("QuickJS", plain))
