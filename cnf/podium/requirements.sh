# What has to be on the machine. Sourced by ./podium; sets JAVA_HOME.
# shellcheck shell=bash disable=SC2154 # top and distribution are set by ./podium

. "$top/distribution/src/main/dist/lib/find-java.sh"

die() { echo "podium: $*" >&2; exit 1; }

# missing COMMAND: whether a command is not there.
missing() { ! command -v "$1" >/dev/null; }

# complain WHAT...: one line with all that is missing and the packages that have it.
complain() {
  [ $# -eq 0 ] && return
  local IFS=';'
  die "missing:${*}"
}

lacking_java() {
  if find_java javac; then
    export JAVA_HOME=$java_home
  else
    lacking+=(" a JDK $java_version (put one under /usr/lib/jvm or ~/.jdks, or set JAVA_HOME)")
  fi
  ! missing mvn || lacking+=(" mvn (apt install maven)")
}

lacking_guest_tools() {
  ! missing node || lacking+=(" node (apt install nodejs)")
  ! missing npm || lacking+=(" npm (apt install npm)")
  ! missing apt-get || lacking+=(" apt-get (the guest toolchain comes from Debian packages)")
  local command
  for command in dpkg-deb:dpkg patch:patch xz:xz-utils python3:python3 flock:util-linux; do
    ! missing "${command%:*}" || lacking+=(" ${command%:*} (apt install ${command#*:})")
  done
}

# With what tests compare, and Debian does not always have.
lacking_test_tools() {
  PATH=$PATH:/usr/sbin:/sbin
  local command
  for command in mke2fs:e2fsprogs debugfs:e2fsprogs e2fsck:e2fsprogs; do
    ! missing "${command%:*}" || lacking+=(" ${command%:*} (apt install ${command#*:})")
  done
}

require_java() { local lacking=(); lacking_java; complain "${lacking[@]}"; }
require_guest_tools() { local lacking=(); lacking_guest_tools; complain "${lacking[@]}"; }
require_tests() { local lacking=(); lacking_java; lacking_guest_tools; lacking_test_tools; complain "${lacking[@]}"; }
require_all() { local lacking=(); lacking_java; lacking_guest_tools; complain "${lacking[@]}"; }

# maven ARGUMENT...: Maven on our JDK, quiet about what it does to that JDK.
maven() {
  MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}" \
    mvn --batch-mode --no-transfer-progress -f "$top/pom.xml" "$@"
}
