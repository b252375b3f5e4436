"""What runs Node programs: the guest on each engine, its C compiled for this machine, the real Node.js."""

from machine import PODIUM, has_v8, native_guest, real_node, run


class Guest:
    """The guest on an engine of Podium's, in a container of its own."""

    def __init__(self, engine):
        self.engine = engine

    def run(self, folder, *arguments, mount=None):
        """The output of a folder's program; a folder of this machine is mounted and given as its last argument."""
        options = ["--engine", self.engine, "--no-portals"]
        if mount:
            options += ["--mount", f"{mount}:/mounted"]
            arguments = [*arguments, "/mounted"]
        return run(PODIUM, "run", *options, folder, *arguments)


class Native:
    """A program of this machine that understands Node's command line."""

    def __init__(self, program):
        self.program = program

    def run(self, folder, *arguments, mount=None):
        return run(self.program, folder / "index.js", *arguments, *([mount] if mount else []))


def available():
    found = {"`jvm`": Guest("jvm")}
    if has_v8():
        found["`v8`"] = Guest("v8")
    if native_guest():
        found["guest, native"] = Native(native_guest())
    found["real node"] = Native(real_node())
    return found
