"""Engines of others, each in a JVM of its own."""

import subprocess

from machine import BENCHMARKS, JAVA_HOME, JVM, class_path, run
from report import progress


def peer(name, main, *arguments, options=lambda jars: ["-cp", ":".join(jars)], **more):
    """What a class of a peer's module prints; None when it could not be had, or fails. Options tell where its jars are."""
    jars = class_path(name)
    if jars is None:
        return None
    jars = [str(BENCHMARKS / name / "target/classes"), str(BENCHMARKS / "target/classes"), *jars]
    try:
        return run(JAVA_HOME / "bin/java", *JVM, *options(jars), main, *arguments, **more)
    except subprocess.CalledProcessError as failure:
        progress(f"{name}: failed with status {failure.returncode}; it is left out")
        return None


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
