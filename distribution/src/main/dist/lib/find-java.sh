# Finds the Java that Podium runs on. Sourced by bin/podium and, in the source tree, by ./podium; POSIX shell.
# It starts no program but readlink: a Java is known by the file `release` in its folder, not by asking it.
# shellcheck shell=sh disable=SC2034 # java_home is for those who source this

java_version=25

# is_java DIR PROGRAM: whether DIR is a Java of our version that has bin/PROGRAM.
is_java() {
  [ -x "$1/bin/$2" ] && [ -r "$1/release" ] || return 1
  while read -r line; do
    case $line in JAVA_VERSION=\"$java_version[.+\"-]*) return 0 ;; esac
  done < "$1/release"
  return 1
}

# find_java PROGRAM: sets java_home to the first Java of our version with bin/PROGRAM of: JAVA_HOME, the java in PATH, the
# usual folders, the user's own before the machine's.
find_java() {
  if [ -n "${JAVA_HOME:-}" ] && is_java "$JAVA_HOME" "$1"; then
    java_home=$JAVA_HOME
    return 0
  fi
  on_path=$(command -v java) && on_path=$(readlink -f -- "$on_path")
  for java_home in "${on_path%/bin/java}" "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
    /usr/lib/jvm/* /opt/* /opt/java/* /usr/java/* /usr/local/*; do
    ! is_java "$java_home" "$1" || return 0
  done
  return 1
}
