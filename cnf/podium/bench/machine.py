"""What the benchmarks run on and with: this machine, the built program, the JVM, the real Node.js."""

import functools
import os
import pathlib
import re
import subprocess
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[3]
DISTRIBUTION = TOP / "distribution/target/podium"
PODIUM = DISTRIBUTION / "bin/podium"
BENCHMARKS = TOP / "integration-tests/benchmarks"
GUEST_NODE = TOP / "bundles/podium.guest.node"
JAVA_HOME = pathlib.Path(os.environ.get("JAVA_HOME", "/usr"))
V8 = [DISTRIBUTION / "load" / jar for jar in ("lib.javet.jar", "podium.engine.v8.jar")]

# As the program itself starts its JVM.
JVM = [f"@{TOP}/cnf/podium/jvm.args", "-XX:+UseSerialGC"]


def run(*command, **options):
    """Its output; standard error goes through."""
    return subprocess.run([str(c) for c in command], check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def description():
    cpu = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    java = re.search(r'^IMPLEMENTOR_VERSION="(.*)"$', (JAVA_HOME / "release").read_text(), re.MULTILINE)
    return f"{cpu.group(1) if cpu else 'unknown processor'}, {os.cpu_count()} cores, {java.group(1) if java else 'JDK 25'}"


def busy():
    """Whether more is waiting to run than the benchmarks themselves, and what was built before them, account for."""
    return os.getloadavg()[1] > 2 * os.cpu_count()


def has_v8():
    return all(jar.exists() for jar in V8)


def class_path(name):
    """What a part of the benchmarks needs; None when it could not be had."""
    file = TOP / "target/bench" / name
    return file.read_text().strip().split(":") if file.exists() else None


def java(main, *arguments, options=(), classes=(), **more):
    """Runs a class of the benchmarks, with temporary files in a place that is emptied."""
    path = ":".join(map(str, [BENCHMARKS / "target/classes", *class_path("benchmarks"), *classes]))
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as scratch:
        command = [JAVA_HOME / "bin/java", *JVM, f"-Djava.io.tmpdir={scratch}", *options, "-cp", path, main, *arguments]
        return run(*command, **more)


@functools.cache
def real_node():
    """The pinned release whose library the guest has."""
    tree = pathlib.Path(run(TOP / "cnf/fetch", "--unpack", "node").strip())
    return next(tree.glob("**/bin/node"))


def native_guest():
    """The guest's C, compiled for this machine, where somebody has built it."""
    node = GUEST_NODE / "target/native/node"
    return node if node.exists() else None
