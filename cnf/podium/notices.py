"""Writes the third-party notices of a distribution: the jars in its folders and the pinned sources of the guests.

usage: notices.py DISTRIBUTION SOURCES.LOCK FETCH LIBRARIES

Every entry needs a licence: a jar's manifest or the table below says it, or the pin does. An entry without one stops
the build. The texts are those beside the sources that were compiled: LIBRARIES is the bundle with the recipes
(lib/NAME.sh) and what each was compiled from (target/src/NAME), which of a large source is a small part. Nothing is
unpacked for its notices alone.
"""

import pathlib
import re
import subprocess
import sys
import zipfile

# What manifests say, as SPDX expressions.
SPDX = [
    (r"apache\.org/licenses/LICENSE-2\.0|^Apache-2\.0", "Apache-2.0"),
    (r"opensource\.org/licenses/BSD-3-Clause|^BSD-3-Clause", "BSD-3-Clause"),
    (r"opensource\.org/licenses/MIT|^MIT", "MIT"),
]

# Jars whose manifest says nothing, or not all.
TOLD = {
    "picocli": "Apache-2.0",
    "org.ops4j.pax.logging.pax-logging-logback": "Apache-2.0 AND (EPL-1.0 OR LGPL-2.1-only)",
    "org.ops4j.pax.logging.pax-logging-api": "Apache-2.0 AND MIT",
    "org.xerial.sqlite-jdbc": "Apache-2.0 AND BSD-2-Clause AND blessing",
}

# Pins that nothing of is shipped: they serve the tests.
UNSHIPPED = {"nodejs-test", "sqlite", "wabt", "wasi-libc", "wasi-programs"}

# Inside a jar: what Apache's licence asks for, and the licence of code that was taken over.
NOTICE = re.compile(r"^META-INF/NOTICE$|/LICENSE\.zentus$")

TEXTS = re.compile(r"^(LICEN[CS]E|COPYING|COPYRIGHT|NOTICE)([.-].*)?$", re.IGNORECASE)


def headers(jar):
    text = jar.read("META-INF/MANIFEST.MF").decode().replace("\r\n", "\n").replace("\n ", "")
    return dict(line.split(": ", 1) for line in text.split("\n") if ": " in line)


def jar_entry(path):
    """Name, version, licence and the notice inside a jar; None for a jar of ours."""
    with zipfile.ZipFile(path) as jar:
        manifest = headers(jar)
        name = manifest["Bundle-SymbolicName"].split(";")[0]
        if name.startswith("podium."):
            return None
        said = manifest.get("Bundle-License", "")
        licence = TOLD.get(name) or next((spdx for form, spdx in SPDX if re.search(form, said)), None)
        if licence is None:
            sys.exit(f"notices: no known licence for {name} ({path.name}): {said or 'its manifest has none'}")
        texts = [jar.read(e).decode(errors="replace") for e in jar.namelist() if NOTICE.search(e)]
        return name, manifest["Bundle-Version"], licence, texts


def jars(distribution):
    found = {}
    for path in sorted(distribution.glob("*/*.jar")):
        entry = jar_entry(path)
        if entry:
            found[entry[0]] = entry
    return [found[name] for name in sorted(found)]


def compiled_from(libraries, source):
    """The trees of those recipes that take their code from a source."""
    for recipe in sorted(libraries.glob("lib/*.sh")):
        tree = libraries / "target/src" / recipe.stem
        if tree.is_dir() and re.search(rf"^# source: *{re.escape(source)}$", recipe.read_text(), re.MULTILINE):
            yield tree


def unpacked(fetch, source):
    return pathlib.Path(subprocess.run([fetch, "--unpack", source], check=True, capture_output=True, text=True).stdout.strip())


def texts(tree):
    """The licence texts of a tree: those nearest to its top."""
    level = [tree]
    while level:
        entries = [entry for folder in level for entry in sorted(folder.iterdir()) if not entry.is_symlink()]
        found = [e.read_text(errors="replace") for e in entries if e.is_file() and TEXTS.match(e.name)]
        if found:
            return found
        level = [entry for entry in entries if entry.is_dir()]
    return []


def source_texts(libraries, fetch, name):
    trees = list(compiled_from(libraries, name)) or [unpacked(fetch, name)]
    found = [text for tree in trees for text in texts(tree)]
    if not found:
        sys.exit(f"notices: no licence text in the source of {name}")
    return list(dict.fromkeys(found))


def sources(lock, fetch, libraries):
    for line in lock.read_text().splitlines():
        fields = line.split()
        if not fields or fields[0].startswith("#") or fields[0] in UNSHIPPED:
            continue
        if len(fields) < 7:
            sys.exit(f"notices: no licence in cnf/sources.lock for {fields[0]}")
        yield fields[0], fields[1], fields[6].replace("_", " "), source_texts(libraries, fetch, fields[0])


def write(out, title, entries):
    out.append(f"## {title}\n")
    out.append("| Name | Version | Licence |\n|---|---|---|")
    out.extend(f"| {name} | {version} | {licence} |" for name, version, licence, _ in entries)
    out.append("")
    for name, version, _, texts in entries:
        for text in texts:
            body = "\n".join("    " + line.rstrip() for line in text.strip().split("\n"))
            out.append(f"### {name} {version}\n\n{body}\n")


def main(distribution, lock, fetch, libraries):
    out = ["# Third-party notices\n", "Podium itself is under the Apache License 2.0. It ships these parts of others:\n"]
    write(out, "Bundles of the container", jars(pathlib.Path(distribution)))
    write(out, "Compiled into the guest programs", list(sources(pathlib.Path(lock), fetch, pathlib.Path(libraries))))
    (pathlib.Path(distribution) / "THIRD-PARTY.md").write_text("\n".join(out))


main(*sys.argv[1:])
