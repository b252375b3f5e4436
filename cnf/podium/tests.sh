# All tests, and the sum of their reports. Sourced by ./podium.
# shellcheck shell=bash disable=SC2154 # top and distribution are set by ./podium

readonly node_test_modules=assert,buffer,events,path,querystring,stream,string_decoder,timers,url,util

reports() { find "$top" -path "$top/target" -prune -o -path '*/target/*' -name 'TEST-*.xml' -print; }

# sum_reports: "tests failed skipped" over all reports; the failed ones are named on standard error.
sum_reports() {
  reports | tr '\n' '\0' | xargs -0 -r python3 "$top/cnf/podium/reports.py"
}

# Of Node's own tests, those that are known to pass and are about what most programs use.
node_tests() {
  local checkout
  checkout=$("$top/cnf/fetch" --unpack nodejs-test) || return
  conformance_node --passing --module "$node_test_modules" "$checkout"
}

run_tests() {
  local status=0 tests=0 failed=0 skipped=0 optional=()
  # The engine on V8 is tested where there is a library for it.
  [ "$(uname -sm)" != "Linux x86_64" ] || optional=(-Pv8)
  build_guest_libraries
  build_node
  reports | tr '\n' '\0' | xargs -0 -r rm -f
  (step_always test "tests" maven verify "${optional[@]}" -Dmaven.test.failure.ignore=true "$@") || status=$?
  [ $status -ne 0 ] || mark distribution "${sources[@]}"
  read -r tests failed skipped < <(sum_reports) || true
  (step_always node-tests "Node's own tests" node_tests) || status=1
  [ "$tests" -gt 0 ] || { say "no test ran"; status=1; }
  [ "$failed" -eq 0 ] || status=1
  echo "$((tests - failed - skipped)) passed, $failed failed, $skipped skipped"
  exit $status
}
