# Steps of a build: each has a name and a time, is done once for the same inputs, and shows its log only if it fails.
# Sourced by ./podium.
# shellcheck shell=bash disable=SC2154 # top and distribution are set by ./podium

if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then on_terminal=1; else on_terminal=; fi

say() { echo "podium: $*" >&2; }

# fingerprint PATH...: changes when a file below one of the paths is written, comes or goes. What is built is left out.
fingerprint() {
  find "$@" \( -name target -o -name node_modules -o -name .git \) -prune -o -type f -printf '%p %s %T@\n' 2>/dev/null |
    LC_ALL=C sort | sha256sum | cut -d' ' -f1
}

# step NAME TITLE INPUT... -- OUTPUT COMMAND...: runs the command unless it was run for the same inputs and the output
# is there.
step() {
  local name=$1 title=$2 inputs=() stamp=$top/target/steps/$1
  shift 2
  while [ "$1" != -- ]; do inputs+=("$1"); shift; done
  local output=$2
  shift 2
  if [ -e "$output" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint "${inputs[@]}")" ]; then return 0; fi
  rm -f "$stamp"
  step_always "$name" "$title" "$@"
  mark "$name" "${inputs[@]}"
}

# mark NAME INPUT...: the step is done for the inputs as they are now.
mark() {
  mkdir -p "$top/target/steps"
  fingerprint "${@:2}" > "$top/target/steps/$1"
}

# step_always NAME TITLE COMMAND...: runs the command, its output in a log; shows the log's end and stops if it fails.
step_always() {
  local name=$1 title=$2 log=$top/target/log/$1.log status=0 started=$SECONDS pid
  shift 2
  mkdir -p "$top/target/log"
  [ $on_terminal ] || say "$title ..."
  # A process group of its own, so that Ctrl-C ends all of it.
  set -m
  "$@" > "$log" 2>&1 < /dev/null &
  pid=$!
  set +m
  trap 'kill -- -'"$pid"' 2>/dev/null; say "stopped"; exit 130' INT TERM
  [ ! $on_terminal ] || spin "$pid" "$title" "$log"
  wait "$pid" || status=$?
  trap - INT TERM
  if [ $status -ne 0 ]; then
    [ ! $on_terminal ] || printf '\r\033[K' >&2
    say "$title: failed after $((SECONDS - started)) s; the end of $log:"
    tail -n 60 "$log" >&2
    exit $status
  fi
  if [ $on_terminal ]; then printf '\r\033[K' >&2; fi
  say "$title: done in $((SECONDS - started)) s"
}

# spin PID TITLE LOG: a living line with the time and the log's last line, for as long as the process lives.
spin() {
  local frames='|/-+' i=0 started=$SECONDS last width
  width=$(tput cols 2>/dev/null || echo 80)
  while kill -0 "$1" 2>/dev/null; do
    last=$(tail -c 300 "$3" 2>/dev/null | tr -d '\r\033' | grep -v '^ *$' | tail -n 1) || true
    last="podium: $2 ${frames:i++%4:1} $((SECONDS - started)) s  $last"
    printf '\r\033[K%s' "${last:0:width-1}" >&2
    sleep 0.2
  done
}
