"""Recall and false alarms of the document checks on a folder of the veraPDF corpus: `python -m benchmarks.pdf_report FOLDER`.

The name of a file tells the truth about it: <clause>-t<test>-<pass|fail>-<letter>.pdf. A file that must fail is met where
anything is found in it that a sound file of the folder would not have; what counts as a false alarm is any finding in a file that
must pass. Findings that accuse (failed) and that only ask (cantTell, advice) are counted apart.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from checks.documents.limits import Limits
from checks.documents.read import judge_file
from rules.outcome import Outcome
from rules.task import PageStatus

NAME = re.compile(r"(?P<clause>[\d.]+)[- ]t(?P<test>\d+)[- ](?P<truth>pass|fail)", re.IGNORECASE)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("Write: python -m benchmarks.pdf_report FOLDER\n")
        return 2
    met = missed = quiet = asked = accused = untested = 0
    for file in sorted(Path(arguments[0]).rglob("*.pdf")):
        name = NAME.search(file.name)
        if not name:
            continue
        result = judge_file(file, file.as_uri(), "en301549-4.1.1", Limits())
        failed = sorted({finding.rule for finding in result.findings if finding.outcome is Outcome.FAILED})
        asks = sorted({finding.rule for finding in result.findings} - set(failed))
        if result.status is not PageStatus.TESTED:
            untested += 1
            verdict = f"UNTESTED {result.reason}"
        elif name["truth"].lower() == "fail":
            met, missed = met + bool(failed or asks), missed + (not failed and not asks)
            verdict = "met" if failed or asks else "MISSED"
        else:
            quiet, asked, accused = quiet + (not failed and not asks), asked + (bool(asks) and not failed), accused + bool(failed)
            verdict = "FALSE ALARM" if failed else "asks" if asks else "quiet"
        said = [*failed, *(f"{rule}?" for rule in asks)]
        print(f"{file.name:32} {verdict:12} {', '.join(said)}{' ' + str(result.notes) if result.notes else ''}")
    print(f"\nmust fail: {met} met of {met + missed}")
    print(f"must pass: {quiet} quiet, {asked} asked about, {accused} accused of {quiet + asked + accused}; {untested} untested")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
