# Random modules for the engines. Sourced by ./podium.
# shellcheck shell=bash disable=SC2154 # top and distribution are set by ./podium

build_fuzz() {
  step fuzz "engines to be fuzzed" pom.xml bnd.bnd .mvn cnf/build.bnd bundles -- target/fuzz/classpath \
    maven package dependency:build-classpath -Pv8 -DskipTests -pl bundles/podium.engine.v8 -am \
    "-Dmdep.outputFile=$top/target/fuzz/classpath"
}

# fuzz [SECONDS] [--seed N] [--run] [MODULE...]: modules that make engines do wrong are left in target/fuzz.
fuzz() {
  local bundle=$top/bundles/podium.engine.v8 status=0
  require_java
  [ "$(uname -sm)" = "Linux x86_64" ] || die "fuzzing compares with V8, which is there for Linux on x86-64 only"
  mkdir -p "$top/target/fuzz"
  in_tree build_fuzz
  "$JAVA_HOME/bin/java" @"$top/cnf/podium/jvm.args" \
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error" "-Dpodium.native=$bundle/target/native" \
    -cp "$bundle/target/test-classes:$bundle/target/classes:$(cat "$top/target/fuzz/classpath")" \
    podium.engine.v8.V8FuzzTest "$@" --folder "$top/target/fuzz" || status=$?
  [ $status -lt 128 ] || say "the JVM itself has ended; the module that did it is $top/target/fuzz/current.wasm"
  exit $status
}
