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
# conformance posix DIR: the scripts of pjdfstest, of a checkout, on file systems of pods and on this machine's.
conformance() {
  local suite=${1:-}
  case $suite in
    wasm) shift; conformance_wasm "$@" ;;
    wasi) shift; conformance_java podium.buildtool.wasi.Conformance "$@" ;;
    node) shift; conformance_node "$@" ;;
    posix) shift; conformance_posix "$@" ;;
    *) die "usage: ./podium conformance wasm [--json] FILE|DIR..., or ./podium conformance wasi|node|posix DIR" ;;
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
    --differences "$top/docs/node-differences.md" --deno "$top/$guest_node/src/test/conformance/deno" "${options[@]}" "$@"
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

# The calls of the scripts are made by a program of ours, on Linux and in pods.
conformance_posix() {
  require_all
  in_tree build_guest_libraries
  local out=$top/target/conformance/posix sources=$top/integration-tests/posix/src/main
  mkdir -p "$out"
  cc -O1 "$sources/c/calls.c" -o "$out/calls" || die "calls.c cannot be compiled"
  "$top/bundles/podium.guest.libc/tools/wasm32-linux-cc" -O1 "$sources/c/calls.c" -o "$out/calls.wasm" || die "calls.c cannot be compiled for guests"
  in_tree step conformance-posix "conformance of file systems" pom.xml bnd.bnd .mvn cnf/build.bnd bundles integration-tests/posix -- "$out/classpath" \
    maven package dependency:build-classpath -DskipTests -Dmaven.test.skip=true -pl integration-tests/posix -am "-Dmdep.outputFile=$out/classpath"
  exec "$JAVA_HOME/bin/java" @"$top/cnf/podium/jvm.args" -cp "$top/integration-tests/posix/target/classes:$(cat "$out/classpath")" \
    podium.posix.Conformance --support "$sources/sh" --native-calls "$out/calls" --guest-calls "$out/calls.wasm" "$@"
}

conformance_java() {
  require_java
  in_tree build_conformance
  exec "$JAVA_HOME/bin/java" @"$top/cnf/podium/jvm.args" \
    -cp "$top/bundles/podium.buildtool/target/classes:$(cat "$top/target/conformance/classpath")" "$@"
}
