"""What was judged, and how it went."""

import sys
import textwrap
import time
from collections.abc import Iterable


class Report:
    """Counts what holds and tells what does not."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0
        self._section = ""
        self._before = 0
        self._started = time.monotonic()

    def section(self, name: str) -> None:
        """Starts a group of checks, and tells how the one before went."""
        if self._section:
            judged = self.passed + self.failed - self._before
            seconds = time.monotonic() - self._started
            print(f"{self._section}: {judged} judged, {seconds:.1f} s", flush=True)
        self._section, self._before = name, self.passed + self.failed
        self._started = time.monotonic()

    def holds(self, what: str, problems: Iterable[str]) -> None:
        """A check: it passes if there is no problem."""
        problems = list(problems)
        if not problems:
            self.passed += 1
            return
        self.failed += 1
        print(f"FAILED {what}")
        for problem in problems:
            print(f"    {textwrap.shorten(problem, 400)}", flush=True)

    def catches(self, what: str, problems: Iterable[str], expected: str) -> None:
        """A control: something was broken, so one of the problems has to say `expected`."""
        problems = list(problems)
        if any(expected in problem for problem in problems):
            self.holds(what, [])
        else:
            self.holds(what, [f"expected a problem that says `{expected}`, found {problems}"])

    def finish(self) -> int:
        """Tells the sum; returns the exit code."""
        self.section("")
        sys.stdout.flush()
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0
