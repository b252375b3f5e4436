"""Programs from their start to their end: processes of their own, or one after another in a container."""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from machine import BENCHMARKS, DISTRIBUTION, run


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


def container_starts(count, folder=None):
    """Milliseconds of one start after another in one container: of Node, or what podium.benchmark.container.Starts says."""
    bundle = next((BENCHMARKS / "target").glob("podium.benchmarks-*.jar"))
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as scratch:
        home = pathlib.Path(scratch)
        podium = distribution(home)
        shutil.copy(bundle, home / "load")
        run(podium, "check")  # fills the storage and the archive of classes, as the build does for the real one
        options = f"-Dpodium.benchmark.starts={count}"
        if folder:
            options += f" -Dpodium.benchmark.folder={folder}"
        said = run(podium, "start", stderr=subprocess.DEVNULL, env={**os.environ, "PODIUM_OPTS": options})
    times = [float(line) for line in said.split()]
    if len(times) != count:
        sys.exit(f"bench: {len(times)} of {count} starts in the container came to an end")
    return times
