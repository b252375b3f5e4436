# Conformance with specifications, by their own tests. Sourced by ./podium.
# shellcheck shell=bash disable=SC2154 # top and distribution are set by ./podium

build_conformance() {
  step conformance "conformance tools" pom.xml bnd.bnd .mvn cnf/build.bnd bundles -- target/conformance/classpath \
    maven package dependency:build-classpath -DskipTests -Dmaven.test.skip=true -pl bundles/podium.buildtool -am \
    "-Dmdep.outputFile=$top/target/conformance/classpath"
}

# conformance wasm [--json] FILE|DIR...: WebAssembly's .wast scripts, their texts converted by the pinned wabt.
# conformance wasi DIR...: WASI's test suite as it is published built, modules (.wasm) with manifests (.json).
conformance() {
  local suite=${1:-}
  case $suite in
    wasm) shift; conformance_wasm "$@" ;;
    wasi) shift; conformance_java podium.buildtool.wasi.Conformance "$@" ;;
    *) die "usage: ./podium conformance wasm [--json] FILE|DIR..., or ./podium conformance wasi DIR..." ;;
  esac
}

conformance_wasm() {
  ! missing node || die "missing: node (apt install nodejs)"
  ! missing npm || die "missing: npm (apt install npm)"
  local wabt
  wabt=$("$top/cnf/fetch" --unpack wabt) || exit 2
  conformance_java podium.buildtool.wast.Conformance --wabt "$wabt" "$@"
}

conformance_java() {
  require_java
  in_tree build_conformance
  exec "$JAVA_HOME/bin/java" @"$top/cnf/podium/jvm.args" \
    -cp "$top/bundles/podium.buildtool/target/classes:$(cat "$top/target/conformance/classpath")" "$@"
}
