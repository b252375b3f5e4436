# What is measured, and what that needs. Sourced by ./podium.
# shellcheck shell=bash disable=SC2154 # top, sources and distribution are set by ./podium and build.sh

readonly benchmarks=integration-tests/benchmarks

# The classes of a module of the benchmarks, and its class path in target/bench/NAME.
build_benchmark_module() { # NAME TITLE MODULE
  step "bench-$1" "$2" pom.xml bnd.bnd .mvn cnf/build.bnd bundles "$3" -- "target/bench/$1" \
    maven -Ppeers package dependency:build-classpath -DskipTests -Dmaven.test.skip=true -pl "$3" -am \
    "-Dmdep.outputFile=$top/target/bench/$1"
}

build_benchmarks() {
  local peer
  step bench-c "benchmarks in C" $guest_libc $guest_node/src/main/build $guest_node/src/main/c/engine cnf/sources.lock \
    $benchmarks/build $benchmarks/src/main/c -- $benchmarks/target/kernels $benchmarks/build
  build_benchmark_module benchmarks "benchmarks" $benchmarks
  for peer in chicory graalwasm; do
    (build_benchmark_module $peer "benchmarks on $peer" $benchmarks/$peer) ||
      { rm -f "target/bench/$peer"; say "$peer cannot be had; it is left out"; }
  done
}

# bench fuel [--rounds N] MODULE [SCRIPT...]: what counting fuel costs a program.
measure_fuel() {
  require_java
  in_tree build_conformance
  exec "$JAVA_HOME/bin/java" @"$top/cnf/podium/jvm.args" \
    -cp "$top/bundles/podium.buildtool/target/classes:$(cat "$top/target/conformance/classpath")" \
    podium.buildtool.MeasureFuel "$@"
}

bench() {
  [ "${1:-}" != fuel ] || measure_fuel "${@:2}"
  case " $* " in
    *" --help "* | *" -h "*) ;;
    *)
      require_all
      in_tree build_all
      in_tree build_benchmarks
      install_packages "$top/examples/express"
      ;;
  esac
  exec python3 -B "$top/cnf/podium/bench" "$@"
}
