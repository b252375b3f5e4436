"""QuickJS as a plain program: JavaScript programs as one text, and what evaluates that."""

import json

from machine import BENCHMARKS, V8, java, run
from peers import peer

PROGRAMS = BENCHMARKS / "src/main/js/engine"
NATIVE = BENCHMARKS / "target/native/quickjs"
MODULE = BENCHMARKS / "target/guest/quickjs.wasm"
PLAIN = BENCHMARKS / "target/guest/quickjs-plain.wasm"
# A folder of prepared forms in which there is none.
NOTHING = "/dev/null"

# What the texts find of Node.
NODE = """const console = { log: print }, performance = { now }, process = { argv: %s };
const queueMicrotask = (job) => Promise.resolve().then(job);
function require(name) {
  const module = { exports: {} };
  modules[name](module, module.exports);
  return module.exports;
}
"""


def text(entry, *arguments):
    """All programs, and then an entry, which can require them."""
    files = sorted(PROGRAMS.glob("*.js"))
    modules = "".join(f"'./{file.name}': (module, exports) => {{{file.read_text()}}},\n" for file in files)
    return f"const modules = {{\n{modules}}};\n{NODE % json.dumps(['quickjs', 'text', *arguments])}{entry}"


def script(name, *arguments):
    """What Node does with one of the files."""
    return text(f"require('./{name}');", *arguments)


def program(engine, forms, given, module=MODULE):
    """What it prints for a text, in a pod on an engine, in a JVM of its own."""
    return java("podium.benchmark.GuestProgram", engine, module, forms, classes=V8 if engine == "v8" else [], input=given)


def ways(given):
    """What can evaluate it. Where nobody knows the functions of podium/interpreter.h, without them."""
    return {
        "cc -O2": lambda: run(NATIVE, input=given) if NATIVE.exists() else None,
        "`jvm`": lambda: program("jvm", NOTHING, given),
        "`jvm`, plain": lambda: program("jvm", NOTHING, given, PLAIN),
        "`v8`": lambda: program("v8", NOTHING, given),
        "Chicory": lambda: peer("chicory", "podium.benchmark.peer.chicory.ChicoryProgram", PLAIN, input=given),
    }
