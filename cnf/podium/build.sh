# The build, step by step. Sourced by ./podium.
# shellcheck shell=bash disable=SC2154 # top and distribution are set by ./podium

# What the bundles and the distribution are made from.
readonly sources=(pom.xml bnd.bnd .mvn cnf bundles distribution/pom.xml distribution/src
  distribution/podium.bndrun distribution/minimal.bndrun)
readonly guest_libc=bundles/podium.guest.libc guest_node=bundles/podium.guest.node

# in_tree COMMAND...: with the source tree as working directory.
in_tree() {
  local here=$PWD
  cd "$top" || exit
  "$@"
  cd "$here" || exit
}

build_guest_libraries() {
  step toolchain "guest toolchain" cnf/guest cnf/sources.lock -- cnf/guest/toolchain cnf/guest/toolchain
  step guest-libc "guest libraries" cnf/guest cnf/sources.lock $guest_libc -- $guest_libc/target/wasm32 \
    $guest_libc/build wasm32
}

build_node() {
  [ -x $guest_node/build ] || return 0
  step guest-node "Node guest" cnf/guest cnf/sources.lock $guest_libc $guest_node -- $guest_node/target \
    $guest_node/build
}

build_distribution() {
  step distribution "bundles and distribution" "${sources[@]}" -- "$distribution/bin/podium" \
    maven package -DskipTests -Dmaven.test.skip=true -pl distribution -am
  step notices "third-party notices" cnf/sources.lock cnf/podium/notices.py $guest_libc/lib distribution/podium.bndrun \
    -- "$distribution/THIRD-PARTY.md" \
    python3 cnf/podium/notices.py "$distribution" cnf/sources.lock cnf/fetch $guest_libc
  # Writes the class archive and the bundle cache, so that later starts are fast; and what was built is seen to run.
  step first-start "first start" "$distribution/bin" "$distribution/bundle" "$distribution/conf" "$distribution/lib" \
    -- "$distribution/data/podium.jsa" \
    "$distribution/bin/podium" node -e 0
}

build_all() {
  build_guest_libraries
  build_node
  build_distribution
}

# Parts that are not in the container unless somebody asks for them. What lies in load/ is deployed, now and at every start.
add() {
  case ${1:-} in
    v8) add_v8 ;;
    object) add_object ;;
    *) die "what can be added is v8 or object: ./podium add object" ;;
  esac
}

add_v8() {
  [ "$(uname -sm)" = "Linux x86_64" ] || die "the engine v8 has a native library for Linux on x86-64 only"
  build_all
  step v8 "engine on V8" pom.xml bnd.bnd cnf/build.bnd bundles/lib.javet bundles/podium.engine.v8 bundles/podium.api \
    -- bundles/podium.engine.v8/target/podium.engine.v8-0.1.0-SNAPSHOT.jar \
    maven package -Pv8 -DskipTests -Dmaven.test.skip=true -pl bundles/podium.engine.v8 -am
  deploy lib.javet podium.engine.v8
  say "added: ./podium run --engine v8 ... uses it"
}

add_object() {
  build_all
  step object "file systems in object stores" pom.xml bnd.bnd cnf/build.bnd bundles/podium.vfs.object \
    bundles/podium.vfs.store bundles/podium.vfs.backend bundles/podium.api \
    -- bundles/podium.vfs.object/target/podium.vfs.object-0.1.0-SNAPSHOT.jar \
    maven package -DskipTests -Dmaven.test.skip=true -pl bundles/podium.vfs.object -am
  deploy podium.vfs.object
  say "added: ./podium fs mount POD:/data --type object --source BUCKET ... uses it"
}

# deploy BUNDLE...: puts bundles into the container.
deploy() {
  local name
  for name; do
    # By way of another name: a container that runs sees whole jars only.
    cp "bundles/$name/target/$name-0.1.0-SNAPSHOT.jar" "$distribution/load/$name.part"
    mv "$distribution/load/$name.part" "$distribution/load/$name.jar"
  done
}

# The API and its contracts as a Maven repository of this tree, so that a build of somebody else's can be against them.
publish() {
  local modules=bundles/podium.api,bundles/podium.testkit
  step publish "publish the API" pom.xml bnd.bnd .mvn cnf/build.bnd bundles/podium.{api,testkit} -- target/repository/podium/podium.testkit \
    maven deploy -DskipTests -Dmaven.test.skip=true -Dmaven.install.skip=true -pl $modules -am \
    "-DaltDeploymentRepository=podium::file:$top/target/repository"
}

# Writes the resolver's answers into the .bndrun files: it only keeps its order when it starts from nothing.
resolve() {
  local runs=(distribution/*.bndrun integration-tests/*.bndrun) kept=target/resolve
  mkdir -p $kept && cp "${runs[@]}" $kept
  sed -i '/^-runbundles/,$d' "${runs[@]}"
  (step_always resolve "resolve the .bndrun files" maven package -DskipTests -Dmaven.test.skip=true -Dbnd.failOnChanges=false) && return
  for run in "${runs[@]}"; do cp "$kept/${run##*/}" "$run"; done
  exit 1
}

clean() {
  step_always clean "remove what was built" maven clean
  rm -rf target bundles/*/target integration-tests/benchmarks/*/target
}
