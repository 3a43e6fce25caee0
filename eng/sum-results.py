#!/usr/bin/env python3
"""Adds up the .trx files of a test run. Exit 0 only if tests ran and none failed or crashed."""

import argparse
import pathlib
import sys
import xml.etree.ElementTree as xml

NAMESPACE = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}
SKIPPED = {"NotExecuted", "Skipped", "Inconclusive", "NotRunnable"}


def outcomes(path):
    """Yields (test name, outcome) of one results file. ParseError for a file that its runner did not finish."""
    for result in xml.parse(path).getroot().findall("t:Results/t:UnitTestResult", NAMESPACE):
        yield result.get("testName"), result.get("outcome")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--ran", nargs="+", required=True, help="test projects that were run")
    parser.add_argument("--broken", nargs="*", default=[], help="test projects whose runner reported an error")
    parser.add_argument("--filtered", action="store_true", help="a project may have had no matching test")
    options = parser.parse_args()

    passed, failed, skipped, faults = 0, [], 0, []
    for project in options.ran:
        failed_before, tests = len(failed), 0
        try:
            for name, outcome in outcomes(options.directory / f"{project}.trx"):
                tests += 1
                if outcome == "Passed":
                    passed += 1
                elif outcome in SKIPPED:
                    skipped += 1
                else:
                    # Failed, Error, Timeout, Aborted, or an outcome that this script does not know.
                    failed.append(f"{project}: {name}")
            if tests == 0 and not options.filtered:
                faults.append(f"{project} has no tests.")
        except FileNotFoundError:
            if not options.filtered:
                faults.append(f"{project} wrote no results.")
        except xml.ParseError as error:
            faults.append(f"{project} wrote results that cannot be read: {error}.")

        if project in options.broken and len(failed) == failed_before:
            faults.append(f"{project} ended with an error that no test accounts for.")

    if passed + len(failed) == 0:
        faults.append("No test ran.")

    for name in failed:
        print(f"failed: {name}")
    for fault in faults:
        print(f"error: {fault}")
    print(f"{passed} passed, {len(failed)} failed, {skipped} skipped")
    return 1 if failed or faults else 0


if __name__ == "__main__":
    sys.exit(main())
