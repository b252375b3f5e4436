"""Programs from their start to their end: processes of their own, or one after another in a container."""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from machine import BENCHMARKS, DISTRIBUTION, V8, run


def milliseconds(command, rounds):
    times = []
    for _ in range(rounds):
        before = time.monotonic()
        run(*command, stderr=subprocess.DEVNULL)
        times.append((time.monotonic() - before) * 1000)
    return statistics.median(times)


def distribution(home):
    """One beside the built one, with the same bundles, and nothing kept from earlier runs."""
    for folder in ("bin", "lib", "conf"):
        shutil.copytree(DISTRIBUTION / folder, home / folder)
    (home / "bundle").symlink_to(DISTRIBUTION / "bundle")
    (home / "load").mkdir()
    return home / "bin/podium"


def measuring(home, engine=None):
    """One beside the built one that measures itself, as podium.benchmark.container says; and has the engine v8 if asked for."""
    podium = distribution(home)
    for jar in V8 if engine == "v8" else []:
        shutil.copy(jar, home / "load")
    shutil.copy(next((BENCHMARKS / "target").glob("podium.benchmarks-*.jar")), home / "load")
    run(podium, "check")  # fills the storage and the archive of classes, as the build does for the real one
    return podium


def told(given):
    """The environment that tells a container what to measure: properties by their names, without None."""
    options = " ".join(f"-Dpodium.benchmark.{name}={value}" for name, value in given.items() if value is not None)
    return {**os.environ, "PODIUM_OPTS": options}


def container_starts(count, folder=None, engine=None):
    """Milliseconds of one start after another in one container: of Node, or what podium.benchmark.container.Starts says."""
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as scratch:
        podium = measuring(pathlib.Path(scratch), engine)
        properties = {"starts": count, "folder": folder, "engine": engine}
        said = run(podium, "start", stderr=subprocess.DEVNULL, env=told(properties))
    times = [float(line) for line in said.split()]
    if len(times) != count:
        sys.exit(f"bench: {len(times)} of {count} starts in the container came to an end")
    return times
