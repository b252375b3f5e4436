"""Sums JUnit reports: prints "tests failed skipped", and names what failed on standard error."""

import sys
import xml.etree.ElementTree as ElementTree


def main(paths):
    tests = failed = skipped = 0
    for path in paths:
        for case in ElementTree.parse(path).iter("testcase"):
            tests += 1
            trouble = case.find("failure")
            if trouble is None:
                trouble = case.find("error")
            if trouble is not None:
                failed += 1
                line = (trouble.get("message") or trouble.text or "").strip().split("\n")[0]
                print(f"FAILED {case.get('classname')}.{case.get('name')}: {line[:300]}", file=sys.stderr)
            elif case.find("skipped") is not None:
                skipped += 1
    print(tests, failed, skipped)


main(sys.argv[1:])
