"""Answers some inputs of one reader or program, a line of JSON for each: see ``campaign``."""

import faulthandler
import json
import os
import sys
from pathlib import Path

from tests.fuzz.judge import judged, keep
from tests.fuzz.programs import PROGRAMS, judged_program
from tests.fuzz.readers import READERS


def main(name: str, seed: int, first: int, last: int, out: Path) -> None:
    """Answer the inputs from ``first`` to before ``last``; what readers print goes nowhere."""
    faulthandler.enable()
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for number in range(first, last):
        if name in READERS:
            files = READERS[name].input(seed, number)
            verdict = judged(READERS[name], files)
        else:
            files, verdict = judged_program(PROGRAMS[name], seed, number)
        line = {"number": number, "answer": verdict.answer, "seconds": round(verdict.seconds, 4)}
        if verdict.answer == "complaint":
            line["kept"] = str(keep(out, f"{name}-{seed}-{number}".replace(" ", "_"), files, verdict.words))
        answers.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    name, seed, first, last, out = sys.argv[1:]
    main(name, int(seed), int(first), int(last), Path(out))
