# Conformance with specifications, by their own tests. Sourced by ./podium.
# shellcheck shell=bash disable=SC2154 # top and distribution are set by ./podium

build_conformance() {
  step conformance "conformance tools" pom.xml bnd.bnd .mvn cnf/build.bnd bundles -- target/conformance/classpath \
    maven package dependency:build-classpath -DskipTests -Dmaven.test.skip=true -pl bundles/podium.buildtool -am \
    "-Dmdep.outputFile=$top/target/conformance/classpath"
}

# conformance wasm [--json] FILE|DIR...: WebAssembly's .wast scripts, their texts converted by the pinned wabt.
conformance() {
  [ "${1:-}" = wasm ] || die "usage: ./podium conformance wasm [--json] FILE|DIR..."
  shift
  require_java
  ! missing node || die "missing: node (apt install nodejs)"
  ! missing npm || die "missing: npm (apt install npm)"
  local wabt
  wabt=$("$top/cnf/fetch" --unpack wabt) || exit 2
  in_tree build_conformance
  exec "$JAVA_HOME/bin/java" @"$top/cnf/podium/jvm.args" \
    -cp "$top/bundles/podium.buildtool/target/classes:$(cat "$top/target/conformance/classpath")" \
    podium.buildtool.wast.Conformance --wabt "$wabt" "$@"
}
