"""Computations on one engine after another: kernels in C, programs in JavaScript."""

import subprocess

import runtimes
from machine import BENCHMARKS, JAVA_HOME, JVM, V8, class_path, has_v8, java, run
from report import Table, geometric_mean, number, progress

KERNELS = BENCHMARKS / "target/kernels"
PROGRAMS = BENCHMARKS / "src/main/js/engine"
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
    return peer("chicory", "podium.benchmark.peer.chicory.Chicory", rounds, lambda jars: ["-cp", ":".join(jars)])


def graalwasm(rounds):
    return peer("graalwasm", "podium.benchmark.peer.graalwasm.GraalWasm", rounds, graal_options)


def graal_options(jars):
    """Its compiler replaces a module of the JDK, so that a JDK without one has it."""
    compiler = [jar for jar in jars if "/org/graalvm/compiler/" in jar]
    others = [jar for jar in jars if "/org/graalvm/" in jar and jar not in compiler]
    rest = [jar for jar in jars if "/org/graalvm/" not in jar]
    return [
        "-XX:+UnlockExperimentalVMOptions",
        "-XX:+EnableJVMCI",
        "--enable-native-access=org.graalvm.truffle",
        f"--upgrade-module-path={':'.join(compiler)}",
        f"--module-path={':'.join(others)}",
        "--add-modules=org.graalvm.polyglot,org.graalvm.wasm,org.graalvm.truffle.runtime,jdk.graal.compiler",
        *["-cp", ":".join(rest)],
    ]


def peer(name, main, rounds, options):
    """An engine of somebody else's; None when it could not be had."""
    jars = class_path(name)
    if jars is None:
        return None
    jars = [str(BENCHMARKS / name / "target/classes"), str(BENCHMARKS / "target/classes"), *jars]
    try:
        return run(JAVA_HOME / "bin/java", *JVM, *options(jars), main, rounds, *modules())
    except subprocess.CalledProcessError as failure:
        progress(f"{name}: failed with status {failure.returncode}; it is left out")
        return None


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
        progress(f"{kind} on {name.strip('`')}")
        said = way()
        if said is None:
            missing.append(name)
            continue
        measured[name], got = figures(said)
        if results is not None and got != results:
            raise SystemExit(f"bench: {kind} on {name}: results {got}, and not {results}")
        results = got
    return measured, missing


def measure(rounds):
    engines = {name: lambda way=way: way(rounds) for name, way in ENGINES.items() if name != "`v8`" or has_v8()}
    yield compare("kernels", "C, ms", ["cc -O2", "`jvm`"], *all_of("kernels", engines))
    nodes = {
        name: lambda node=node: node.run(PROGRAMS, WARM, rounds) for name, node in runtimes.available().items()
    }
    yield compare("javascript", "JavaScript, ms", ["guest, native", "`jvm`", "real node"], *all_of("JavaScript", nodes))
