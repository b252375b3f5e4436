"""The built program as its users meet it."""

import re
import shutil
import statistics
import subprocess
import sys
import time

from machine import PODIUM, real_node, run
from report import Table, number, progress, ratio
from server import node_server, podium_server
from starts import container_starts, milliseconds

# How long a server is under load before it is measured, and for how long each round is, in seconds.
WARM, ROUND = 20, 3
STARTS = 50


def boot(rounds):
    """What the container says of its own start, JVM start and command line left out."""
    said = [re.search(r"started in (\d+) ms", run(PODIUM, "check")).group(1) for _ in range(rounds)]
    return statistics.median(map(int, said))


def first_byte(server, rounds):
    ready = []
    for _ in range(rounds):
        with server() as started:
            ready.append(started.ready)
    return statistics.median(ready)


def throughput(server, rounds):
    """Requests per second by the number of connections."""
    rates = {1: [], 50: []}
    with server() as started:
        started.requests_per_second(10, WARM)
        for _ in range(rounds):
            for connections, measured in rates.items():
                measured.append(started.requests_per_second(connections, ROUND))
    return {connections: statistics.median(measured) for connections, measured in rates.items()}


def measure(rounds):
    table = Table("system", "What", "Podium", "real node", "ratio", "target")

    def row(name, ours, theirs, unit, target=None):
        cells = [f"{number(value)} {unit}" if value is not None else None for value in (ours, theirs)]
        table.add(name, *cells, ratio(ours, theirs), target)

    progress("container boot")
    row("container boot", boot(rounds), None, "ms", "< 1,000 ms")
    progress("cold starts")
    ours = milliseconds([PODIUM, "node", "-e", "0"], rounds)
    theirs = milliseconds([real_node(), "-e", "0"], rounds)
    row("`podium node -e 0`, a process: JVM, container, pod", ours, theirs, "ms")
    progress("starts in a container")
    starts = container_starts(STARTS)
    row("`node -e 0` in a container, 1st", starts[0], None, "ms")
    row("`node -e 0` in a container, 5th", starts[4], None, "ms")
    row(f"`node -e 0` in a container, median of {STARTS}", statistics.median(starts), theirs, "ms", "< 100 ms")
    progress("hello-http, start to first byte")
    ours, theirs = first_byte(podium_server, rounds), first_byte(node_server, rounds)
    row("`./podium run examples/hello-http` to first byte", ours, theirs, "ms", "< 3,000 ms")
    if shutil.which("wrk") is None:
        table.remark("No requests per second: they need wrk (apt install wrk).")
        yield table
        return
    progress("requests per second, Podium")
    ours = throughput(podium_server, rounds)
    progress("requests per second, real node")
    theirs = throughput(node_server, rounds)
    for connections in ours:
        name = "1 connection" if connections == 1 else f"{connections} connections"
        row(f"hello-http, {name}", ours[connections], theirs[connections], "requests/s")
    yield table
