# Build products by the hash of their inputs, kept under the Podium cache. Sourced by build scripts (bash).
#
#   key TEXT FILE...              hash of a text and of those files' names and contents
#   cached NAME KEY COMMAND...    prints the folder of the product NAME-KEY; if it is not there yet,
#                                 COMMAND is run with the path of an empty folder to fill as its last argument
#
# A product appears whole or not at all (built aside, then renamed), and one build of it runs at a time.

podium_cache=${PODIUM_CACHE:-$HOME/.cache/podium}

# Give file names relative to the current folder, so that two checkouts agree.
key() {
  local text=$1
  shift
  { printf '%s\n' "$text"; [ $# = 0 ] || sha256sum -- "$@"; } | sha256sum | cut -c1-16
}

cached() {
  local name=$1 product=$podium_cache/build/$1-$2
  shift 2
  if [ ! -d "$product" ]; then
    mkdir -p "$podium_cache/build"
    (
      exec 7> "$product.lock"
      flock 7
      [ ! -d "$product" ] || exit 0
      SECONDS=0
      rm -rf "$product.part"
      mkdir "$product.part"
      echo "build: $name" >&2
      if ! "$@" "$product.part" > "$product.log" 2>&1 7>&-; then
        tail -20 "$product.log" >&2
        echo "build: $name failed; the whole log is $product.log" >&2
        exit 1
      fi
      mv "$product.part" "$product"
      echo "build: $name took $SECONDS s" >&2
      rm -f "$product.lock" "$product.log"
    ) || return 1
  fi
  echo "$product"
}
