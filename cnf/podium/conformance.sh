# Conformance with specifications, by their own tests. Sourced by ./podium.
# shellcheck shell=bash disable=SC2154 # top and distribution are set by ./podium

build_conformance() {
  step conformance "conformance tools" pom.xml bnd.bnd .mvn cnf/build.bnd bundles -- target/conformance/classpath \
    maven package dependency:build-classpath -DskipTests -Dmaven.test.skip=true -pl bundles/podium.buildtool -am \
    "-Dmdep.outputFile=$top/target/conformance/classpath"
}

# conformance wasm [--json] FILE|DIR...: WebAssembly's .wast scripts, their texts converted by the pinned wabt.
# conformance wasi DIR...: WASI's test suite as it is published built, modules (.wasm) with manifests (.json).
# conformance node DIR: Node's own tests, of a checkout of Node, on the guest in pods.
conformance() {
  local suite=${1:-}
  case $suite in
    wasm) shift; conformance_wasm "$@" ;;
    wasi) shift; conformance_java podium.buildtool.wasi.Conformance "$@" ;;
    node) shift; conformance_node "$@" ;;
    *) die "usage: ./podium conformance wasm [--json] FILE|DIR..., ./podium conformance wasi DIR..., or ./podium conformance node DIR" ;;
  esac
}

conformance_wasm() {
  ! missing node || die "missing: node (apt install nodejs)"
  ! missing npm || die "missing: npm (apt install npm)"
  local wabt
  wabt=$("$top/cnf/fetch" --unpack wabt) || exit 2
  conformance_java podium.buildtool.wast.Conformance --wabt "$wabt" "$@"
}

# conformance node --native ...: on the native build of the same guest. --program FILE: on any Node of this machine.
conformance_node() {
  local word options=()
  [ $# -gt 0 ] || die "usage: ./podium conformance node [--native] [OPTION...] DIR [NAME...], DIR being a checkout of Node"
  for word; do
    shift
    if [ "$word" = --native ]; then
      require_guest_tools
      in_tree step_always guest-native "Node guest for this machine" $guest_node/build native
      options+=(--program "$top/$guest_node/target/native/node")
    else
      set -- "$@" "$word"
    fi
  done
  case " ${options[*]} $* " in
    *" --program "*) ;;
    *)
      require_all
      in_tree build_all
      build_machine
      ;;
  esac
  conformance_java podium.buildtool.node.Conformance --machine "$top/target/conformance/machine" --image "$top/$guest_node/target/image" \
    --modules "$top/$guest_node/target/modules" --baseline "$top/$guest_node/src/test/conformance/baseline" \
    --differences "$top/docs/node-differences.md" "${options[@]}" "$@"
}

# The programs that Node's tests expect of a machine.
build_machine() {
  local source out=$top/target/conformance/machine
  mkdir -p "$out"
  for source in "$top/$guest_node"/src/test/conformance/machine/*.c; do
    "$top/bundles/podium.guest.libc/tools/wasm32-linux-cc" -O1 "$source" -o "$out/$(basename "$source" .c)" ||
      die "$source cannot be compiled"
  done
}

conformance_java() {
  require_java
  in_tree build_conformance
  exec "$JAVA_HOME/bin/java" @"$top/cnf/podium/jvm.args" \
    -cp "$top/bundles/podium.buildtool/target/classes:$(cat "$top/target/conformance/classpath")" "$@"
}
