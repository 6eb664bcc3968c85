"""Prints `TESTS FAILED` of a JUnit file; an error in a fixture is a failure, a skipped test is none."""

from __future__ import annotations

import sys
from xml.etree import ElementTree


def main() -> None:
    cases = list(ElementTree.parse(sys.argv[1]).getroot().iter("testcase"))
    failing = sum(case.get("status") == "fail" or any(c.tag in ("failure", "error") for c in case) for case in cases)
    skipped = sum(any(c.tag == "skipped" for c in case) for case in cases)
    print(len(cases) - skipped, failing)


if __name__ == "__main__":
    main()
