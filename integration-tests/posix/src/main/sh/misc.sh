# What each script of the suite reads first: the suite's own functions, and those of a shell that must act where the calls are made.
. "$PODIUM_SUITE/misc.sh"

cd() { "$fstest" cd "$1"; }
pwd() { "$fstest" pwd; }
mkdir() { "$fstest" mkdirs "$2" > /dev/null; } # -p DIR
rm() { "$fstest" rm "$2"; } # -rf TREE
dd() {
  case "$*" in
    *' of='*)
      file=${*#* of=}
      size=${*#* bs=}
      "$fstest" fill "${file%% *}" "${size%% *}" > /dev/null
      ;;
    *) command dd "$@" ;;
  esac
}
