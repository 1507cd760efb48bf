#!/usr/bin/env python3
"""One client from a cold start: dpa-gen against the stock Typst compiler on the emitted project.

Both run in turn, so that what else the machine does falls on both; medians are shown. Both programs are copied
first: how much of a program a system maps at a time, which counts as its memory, depends on how the file came
into the system's cache.
The stock compiler gets the same work: the same pages, as PDF/A-3a and PDF/UA-1. It checks no contract, which
dpa-gen does unless it is asked for quiet.
"""

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from measure import run

ROUNDS = 25


def main():
    client = sys.argv[3]
    with tempfile.TemporaryDirectory() as folder:
        dpa_gen, typst = (shutil.copy(program, folder) for program in sys.argv[1:3])
        project = Path(folder, "project")
        pdfs = Path(folder, "pdfs")
        make = [dpa_gen, "--embedded", "--client", client, "--output", f"{pdfs}/ours.pdf"]
        run([*make, "--emit", str(project)])
        stock = [typst, "compile", "--features", "a11y-extras", "--root", str(project), "--pdf-standard", "a-3a,ua-1"]
        source = [str(project / "layouts/standard/main.typ"), f"{pdfs}/stock.pdf"]
        contestants = {
            "dpa-gen --quiet": [*make, "--quiet"],
            "dpa-gen, which checks it too": make,
            "typst": [*stock, *source],
            "typst --ignore-system-fonts": [*stock, "--ignore-system-fonts", *source],
        }
        figures = {name: [] for name in contestants}
        for _ in range(ROUNDS):
            for name, command in contestants.items():
                # Nothing of an earlier run is there: no PDF, and no lock.
                shutil.rmtree(pdfs)
                pdfs.mkdir()
                figures[name].append(run(command))
    medians = {}
    for name, runs in figures.items():
        medians[name] = [statistics.median(figure) for figure in zip(*runs)]
    base, _, memory = medians["dpa-gen --quiet"]
    print(f"  {'one client from a cold start':<32} {'median':>9} {'peak':>9}   dpa-gen --quiet takes")
    for name, (median, _, peak) in medians.items():
        is_other = name.startswith("typst")
        ratio = f"   {base / median:.2f} of its time, {memory / peak:.2f} of its memory" if is_other else ""
        print(f"  {name:<32} {median:>6.0f} ms {peak:>6.0f} MB{ratio}")


if __name__ == "__main__":
    main()
