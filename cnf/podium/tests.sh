# All tests, and the sum of their reports. Sourced by ./podium.
# shellcheck shell=bash disable=SC2154 # top and distribution are set by ./podium

reports() { find "$top" -path "$top/target" -prune -o -path '*/target/*' -name 'TEST-*.xml' -print; }

# sum_reports: "tests failed skipped" over all reports; the failed ones are named on standard error.
sum_reports() {
  reports | tr '\n' '\0' | xargs -0 -r python3 "$top/cnf/podium/reports.py"
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
  [ "$tests" -gt 0 ] || { say "no test ran"; status=1; }
  [ "$failed" -eq 0 ] || status=1
  echo "$((tests - failed - skipped)) passed, $failed failed, $skipped skipped"
  exit $status
}
