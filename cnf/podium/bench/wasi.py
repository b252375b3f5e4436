"""Programs of WASI as others published them, beside the WASI of the real Node.js."""

import pathlib
import shutil
import tempfile

from machine import TOP, real_node, run
from report import Table, number, progress, ratio
from starts import container_starts, distribution, milliseconds

ORACLE = TOP / "integration-tests/src/test/resources/wasi/node.mjs"
STARTS = 5

COUNT = "def count(n):\n s = 0\n for i in range(n): s += i * i % 7\n return s\n"
SQUARES = "with recursive c(x) as (select 1 union all select x + 1 from c where x < %d) select sum(x * x %% 7) from c"
COMPILE = (
    "-cc1 -triple wasm32-unknown-wasi -emit-obj -O2 -isysroot /data/sys -internal-isystem /data/sys/lib/clang/8.0.1/include"
    " -internal-isystem /data/sys/include -o /data/program.o /data/program.c"
)
PROGRAM = '#include <stdio.h>\nint main(void) { return printf("%g", 1.5); }\n'


def python(script):
    return ["-I", "-S", "-c", f"import sys; sys.path.insert(0, '/data/usr/local/lib/python311.zip')\n{script}"]


# What is run, and the archive that it needs.
PROGRAMS = {
    "SQLite, one row": ("sqlite", [":memory:", SQUARES % 1], None),
    "SQLite, 300,000 rows": ("sqlite", [":memory:", SQUARES % 300_000], None),
    "CPython, nothing": ("python-3.11.3", python("pass"), "python-3.11.3"),
    "CPython, a loop of 500,000": ("python-3.11.3", python(f"{COUNT}count(500_000)"), "python-3.11.3"),
    "Ruby, nothing": ("ruby-3.2.0", ["--disable-gems", "-e", "0"], None),
    "clang, a small program": ("clang", COMPILE.split(), "clang-fs"),
}


def measure_program(published, rounds, module, arguments, archive):
    """Milliseconds: a process of its own, each start in a container, the real node's process."""
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as data, tempfile.TemporaryDirectory(prefix="podium-bench-") as home:
        folder = pathlib.Path(data)
        if archive:
            run("tar", "-xzf", published / f"{archive}.tar.gz", "-C", folder)
        program = pathlib.Path(shutil.copy(published / f"{module}.wasm", folder))
        program.chmod(0o755)  # in a container it is found by its path
        (folder / "program.c").write_text(PROGRAM)
        (folder / "command").write_text("\0".join([f"/data/{module}.wasm", *arguments]))
        theirs = milliseconds([real_node(), "--no-warnings", ORACLE, folder, program, *arguments], rounds)
        podium = distribution(pathlib.Path(home))
        run(podium, "check")  # as the build does
        ours = milliseconds([podium, "run", "--dir", f"{folder}:/data", program, *arguments], 1)
        return ours, container_starts(STARTS, folder), theirs


def measure(rounds):
    published = pathlib.Path(run(TOP / "cnf/fetch", "--unpack", "wasi-programs").strip()) / "dist/langs"
    table = Table("wasi", "ms", "a process", "in a container, 1st", f"{STARTS}th", "real node", "ratio", "", "")
    for name, program in PROGRAMS.items():
        progress(name)
        process, starts, node = measure_program(published, rounds, *program)
        ours = process, starts[0], starts[-1]
        table.add(name, *map(number, ours), number(node), *(ratio(one, node) for one in ours))
    yield table
