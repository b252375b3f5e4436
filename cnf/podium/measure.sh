# Measurements of single parts. Sourced by ./podium.
# shellcheck shell=bash disable=SC2154 # top is set by ./podium

# bench fuel [--rounds N] MODULE [SCRIPT...]: what counting fuel costs a program.
measure_fuel() {
  require_java
  in_tree build_conformance
  exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$top/bundles/podium.buildtool/target/classes:$(cat "$top/target/conformance/classpath")" \
    podium.buildtool.MeasureFuel "$@"
}
