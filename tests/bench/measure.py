"""How long a command takes, and how much memory."""

import os
import subprocess
import sys
import time


def run(command):
    """Runs a command; returns its time and its processor time in ms, and its peak memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = (time.perf_counter() - started) * 1000
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{errors.decode()}")
    processor = (usage.ru_utime + usage.ru_stime) * 1000
    return elapsed, processor, usage.ru_maxrss / 1024
