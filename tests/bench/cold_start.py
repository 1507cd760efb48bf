#!/usr/bin/env python3
"""One client from a cold start: dpa-gen against the stock Typst compiler on the emitted project.

Both run in turn, so that what else the machine does falls on both; medians are shown. Both programs are copied
first: how much of a program a system maps at a time, which counts as its memory, depends on how the file came
into the system's cache.
The stock compiler gets the same work: the same pages, as PDF/A-3a and PDF/UA-1.
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
        make = [dpa_gen, "--embedded", "--client", client, "--quiet", "--force"]
        run([*make, "--output", f"{folder}/once.pdf", "--emit", str(project)])
        stock = [typst, "compile", "--root", str(project), "--pdf-standard", "a-3a,ua-1"]
        source = [str(project / "layouts/standard/main.typ"), f"{folder}/stock.pdf"]
        contestants = {
            "dpa-gen": [*make, "--output", f"{folder}/ours.pdf"],
            "typst": [*stock, *source],
            "typst --ignore-system-fonts": [*stock, "--ignore-system-fonts", *source],
        }
        figures = {name: [] for name in contestants}
        for _ in range(ROUNDS):
            for name, command in contestants.items():
                figures[name].append(run(command))
    base = statistics.median(time for time, _, _ in figures["dpa-gen"])
    memory = statistics.median(peak for _, _, peak in figures["dpa-gen"])
    print(f"  {'one client from a cold start':<32} {'median':>9} {'peak':>9}   dpa-gen takes")
    for name, runs in figures.items():
        median = statistics.median(time for time, _, _ in runs)
        peak = statistics.median(peak for _, _, peak in runs)
        ratio = "" if name == "dpa-gen" else f"   {base / median:.2f} of its time, {memory / peak:.2f} of its memory"
        print(f"  {name:<32} {median:>6.0f} ms {peak:>6.0f} MB{ratio}")


if __name__ == "__main__":
    main()
