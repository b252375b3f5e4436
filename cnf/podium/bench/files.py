"""How fast the file systems of pods are, beside jimfs and this machine's own: from Java, from C programs, from Node programs."""

import os
import pathlib
import tempfile

from machine import BENCHMARKS, GUEST_NODE, java, real_node, run
from report import Table, number, progress, ratio

PROGRAM = BENCHMARKS / "src/main/js/files"

# What podium.benchmark.file.FileSystems and the programs time, and by what their microseconds are divided.
IN_MEMORY = {
    "read": ("4 KiB read at random", "µs", 1),
    "write": ("4 KiB written at random", "µs", 1),
    "create": ("a small file made", "µs", 1),
    "stat": ("its attributes", "µs", 1),
    "unlink": ("it is removed", "µs", 1),
    "unpack": ("a tree of packages unpacked", "ms", 1000),
}
DURABLE = {
    **IN_MEMORY,
    "write-synced": ("4 KiB written at random, each 100th synced", "µs", 1),
    "create-synced": ("a small file made and synced", "µs", 1),
    "unpack-synced": ("a tree of packages unpacked, each file synced", "ms", 1000),
}

# tmpfs, and the file system of this tree: temporary folders are often no disk.
TMPFS, DISK = pathlib.Path("/dev/shm"), BENCHMARKS / "target"

# By how much less there is to do; more than 1 shows that it works, and makes no figures.
DIVISOR = 1


def work(rounds):
    """How much there is to do. With one round, which nobody wants to be exact, it does not get as warm either."""
    return rounds, DIVISOR, 3 if rounds > 1 else 1


def from_java(name, folder, rounds):
    return java("podium.benchmark.file.FileSystems", name, folder, *work(rounds))


def from_c_guest(name, folder, rounds):
    return java("podium.benchmark.file.CompiledFiles", name, folder, *work(rounds), BENCHMARKS / "target/guest/files.wasm")


def from_c(name, folder, rounds):
    return run(BENCHMARKS / "target/native/files", folder, *work(rounds), int(name == "disk"))


def from_guest(name, folder, rounds):
    built = GUEST_NODE / "target"
    guest = built / "image", built / "modules", PROGRAM
    return java("podium.benchmark.file.GuestFiles", name, folder, *work(rounds), *guest)


def from_node(name, folder, rounds):
    return run(real_node(), PROGRAM / "index.js", folder, *work(rounds), int(name == "disk"))


def measure_place(way, name, rounds):
    """Microseconds by the name of what was done; nothing where there is no such file system."""
    above = TMPFS if name == "tmpfs" else DISK
    if not above.is_dir():
        return {}
    progress(f"files {way.__name__.replace('_', ' ')}, {name}")
    with tempfile.TemporaryDirectory(prefix="podium-bench-", dir=above) as folder:
        os.sync()  # what others have written is not to be waited for here
        said = way(name, folder, rounds)
    return {row: float(took) for row, took in map(str.split, said.splitlines())}


def tabulate(title, rows, measured, targets, others):
    """A table of columns, with ratios of one to another, of which the first ones have a target."""
    ratios = [*targets, *others]
    heads = [head for a, b in ratios for head in [f"{a} / {b}", *(["target"] if (a, b) in targets else [])]]
    table = Table(title, "", *measured, *heads)
    for name, (row, unit, divisor) in rows.items():
        times = {place: took[name] / divisor if name in took else None for place, took in measured.items()}
        cells = [f"{number(took)} {unit}" if took is not None else None for took in times.values()]
        for a, b in ratios:
            both = ratio(times[a], times[b])
            cells += [both, targets[a, b] if both else None] if (a, b) in targets else [both]
        table.add(row, *cells)
    return table


def measure(rounds):
    def of(way, *names):
        return {name: measure_place(way, plain, rounds) for name in names for plain in [name.strip("`")]}

    java_memory = of(from_java, "`memory`", "`overlay`", "jimfs", "tmpfs", "arrays")
    faster = {("`memory`", "jimfs"): "< 0.333"}
    beside = [("arrays", "jimfs"), ("`overlay`", "jimfs"), ("`memory`", "tmpfs")]
    yield tabulate("files", IN_MEMORY, java_memory, faster, beside)

    java_durable = of(from_java, "`store`", "`sqlite`", "`host`", "disk")
    near = {("`store`", "disk"): "< 2.00"}
    on_disk = [("`sqlite`", "disk"), ("`host`", "disk")]
    yield tabulate("files-durable", DURABLE, java_durable, near, on_disk)

    guests, in_memory = ("`memory`", "`overlay`", "`store`", "`sqlite`", "`host`"), [("`memory`", "tmpfs"), ("`overlay`", "tmpfs")]
    native = of(from_c, "tmpfs", "disk") if (BENCHMARKS / "target/native/files").exists() else {"tmpfs": {}, "disk": {}}
    compiled = {**of(from_c_guest, *guests), "jimfs": java_memory["jimfs"], **native}
    yield tabulate("files-c", DURABLE, compiled, {**faster, **near}, [*in_memory, *on_disk])

    scripts = {**of(from_guest, *guests), **of(from_node, "tmpfs", "disk")}
    yield tabulate("files-node", DURABLE, scripts, {}, [*in_memory, ("`store`", "disk"), *on_disk])
