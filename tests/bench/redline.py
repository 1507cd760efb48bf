#!/usr/bin/env python3
"""What changed between a contract and what its client file says now, and the paper of it, from a cold start.

It is to take less than 150 ms, without the paper.
"""

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import measure

ROUNDS = 10


def main():
    program, client = sys.argv[1], Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder, "old.pdf")
        new = Path(folder, "new.toml")
        shutil.copy(client, new)
        measure.run([program, "--embedded", "--client", str(new), "--output", str(old)])
        new.write_text(new.read_text() + "\n[terms]\nbreach-hours = 36\nobjection-days = 20\n")
        for what, more in (("redline", []), ("redline and its paper", ["-f", "-o", f"{folder}/changes.pdf"])):
            command = [program, "redline", "--embedded", str(old), str(new), *more]
            times = [measure.run(command)[0] for _ in range(ROUNDS)]
            print(f"  {what + ', cold start':<32} {statistics.median(times):>6.0f} ms")


if __name__ == "__main__":
    main()
