# What has to be on the machine. Sourced by ./podium; sets JAVA_HOME.
# shellcheck shell=bash disable=SC2154 # top and distribution are set by ./podium

readonly JDK=25

die() { echo "podium: $*" >&2; exit 1; }

# is_jdk DIR: a JDK (with a compiler) of our version; told by its release file, without starting it.
is_jdk() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] && grep -q "^JAVA_VERSION=\"${JDK}[\".+]" "$1/release"
}

# Sets JAVA_HOME to the first JDK 25 of: JAVA_HOME, the java in PATH, the usual install folders.
find_jdk() {
  local candidate on_path
  on_path=$(command -v java || true)
  [ -z "$on_path" ] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/* /opt/java/* /usr/java/* /usr/local/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [ -n "$candidate" ] && is_jdk "$candidate"; then
      export JAVA_HOME=$candidate
      return 0
    fi
  done
  return 1
}

# missing COMMAND: whether a command is not there.
missing() { ! command -v "$1" >/dev/null; }

# complain WHAT...: one line with all that is missing and the packages that have it.
complain() {
  [ $# -eq 0 ] && return
  local IFS=';'
  die "missing:${*}"
}

lacking_java() {
  find_jdk || lacking+=(" a JDK $JDK (put one under /usr/lib/jvm or ~/.jdks, or set JAVA_HOME)")
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

require_java() { local lacking=(); lacking_java; complain "${lacking[@]}"; }
require_guest_tools() { local lacking=(); lacking_guest_tools; complain "${lacking[@]}"; }
require_all() { local lacking=(); lacking_java; lacking_guest_tools; complain "${lacking[@]}"; }

# maven ARGUMENT...: Maven on our JDK, quiet about what it does to that JDK.
maven() {
  MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}" \
    mvn --batch-mode --no-transfer-progress -f "$top/pom.xml" "$@"
}
