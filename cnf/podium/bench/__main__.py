"""Measures, and prints tables in Markdown.

parts (default: all, in this order; about an hour, half of it for files)
  system   the built program: boot, starts, requests per second
  calls    system calls and the border of the engine, in nanoseconds
  engine   computations in C and in JavaScript, engine by engine
  start    how long engines take to begin, with and without what was prepared, and what they do in their first second
  broad    code that is broad and runs seldom: Node's bootstrap, HTTP, express
  node     what Node programs begin with: modules, Express, JSON, files
  wasi     published programs of WASI: SQLite, CPython, Ruby, clang
  files    the file systems of pods, from Java and from Node programs
  moves    a mount that is moved under Node and SQLite: --moves N times; nothing may be lost

Beside it, where they are there, the same on the real Node.js of the same version, on this machine's own compiler, on other
engines. Figures of one run are to be compared with each other, not with those of another machine.
"""

import argparse
import datetime
import subprocess
import sys

import broad
import calls
import engine
import engine_starts
import files
import machine
import moves
import node
import report
import system
import wasi

PARTS = {
    "system": system,
    "calls": calls,
    "engine": engine,
    "start": engine_starts,
    "broad": broad,
    "node": node,
    "wasi": wasi,
    "files": files,
    "moves": moves,
}


def main():
    arguments = argparse.ArgumentParser(prog="bench", usage="./podium bench [--rounds N] [--moves N] [--seed N] [--write] [PART...]")
    arguments.description, arguments.formatter_class = __doc__, argparse.RawDescriptionHelpFormatter
    arguments.add_argument("--rounds", type=int, default=5, help="figures are the median of so many (default 5)")
    arguments.add_argument("--moves", type=int, default=100, help="how often the mount moves (default 100)")
    arguments.add_argument("--seed", type=int, help="of the programs' random numbers, as a failure tells it")
    arguments.add_argument("--write", action="store_true", help="put the tables into docs/BENCHMARKS.md")
    arguments.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    told = arguments.parse_args()
    for part in told.parts:
        if part not in PARTS:
            arguments.error(f"there is no part {part}; there is {', '.join(PARTS)}")
    if told.rounds < 1 or told.moves < 1:
        arguments.error("--rounds and --moves are at least 1")
    rounds = "one round" if told.rounds == 1 else f"medians of {told.rounds}"
    for part in told.parts or PARTS:
        if part == "moves":
            how, tables = "one run", moves.measure(told.moves, told.seed)
        else:
            how, tables = rounds, PARTS[part].measure(told.rounds)
        for table in tables:
            table.remark(f"{machine.description()}; {datetime.date.today()}, {how}.")
            if machine.busy():
                table.remark("Other programs kept the machine busy meanwhile, which costs most what is compiled at run time.")
            table.end()
            if told.write:
                report.write(table)


try:
    main()
except subprocess.CalledProcessError as failure:
    sys.exit(f"bench: {failure.cmd[0]}: ended with status {failure.returncode}")
except KeyboardInterrupt:
    sys.exit(130)
