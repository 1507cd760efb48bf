#!/usr/bin/env python3
"""The check of the whole library, from a cold start: every combination of services and the general edition.

It is to take less than two seconds on two cores.
"""

import statistics
import subprocess
import sys
import time

ROUNDS = 10


def main():
    command = [sys.argv[1], "check", "--embedded", "--deny", "none"]
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        times.append(time.perf_counter() - started)
    said = done.stderr.strip().split(";")[0]
    print(f"  {'check the library, cold start':<32} {statistics.median(times) * 1000:>6.0f} ms   {said}")


if __name__ == "__main__":
    main()
