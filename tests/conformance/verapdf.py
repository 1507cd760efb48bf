"""veraPDF: whether a file is what it claims to be. It judges all files at once, for it is slow to start."""

import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from commands import run
from report import Report

# PDF/A-3a and PDF/UA-1.
FLAVOURS = ("3a", "ua1")


@dataclass
class Verapdf:
    """Files to judge, with what each may break: `3a 6.3.3-1` is a rule by flavour, clause and number."""

    # The folder with veraPDF's own files.
    home: Path
    # By file: what it is, and the rules that it breaks, no more and no less.
    expected: dict[Path, tuple[str, set[str]]] = field(default_factory=dict)
    checks: int = 0

    def passes(self, what: str, pdf: Path) -> None:
        """The file must break no rule."""
        self.breaks(what, pdf, set())

    def breaks(self, what: str, pdf: Path, rules: set[str]) -> None:
        """The file must break these rules and no other."""
        self.expected[pdf] = (what, rules)

    def judge(self, report: Report) -> None:
        """Judges all files, each flavour on a processor of its own."""
        with ThreadPoolExecutor() as pool:
            verdicts = list(pool.map(self._broken_rules, FLAVOURS))
        for pdf, (what, rules) in self.expected.items():
            for flavour, verdict in zip(FLAVOURS, verdicts, strict=True):
                wanted = {rule for rule in rules if rule.startswith(f"{flavour} ")}
                report.holds(f"{what}: veraPDF {flavour}", _compare(verdict.get(str(pdf)), wanted))

    def _broken_rules(self, flavour: str) -> dict[str, set[str]]:
        # One thread each: there are two of these.
        java = ["java", "-XX:+UseSerialGC", "-cp", f"{self.home}/*", "org.verapdf.apps.GreenfieldCliWrapper"]
        done = run(*java, "--flavour", flavour, "--format", "xml", *self.expected)
        verdicts = {}
        for job in ET.fromstring(done.stdout).iter("job"):
            details = job.find("validationReport/details")
            # A file that veraPDF cannot read has none.
            if details is not None:
                self.checks += int(details.get("passedChecks", 0)) + int(details.get("failedChecks", 0))
                broken = (
                    f"{flavour} {rule.get('clause')}-{rule.get('testNumber')}"
                    for rule in details.iter("rule")
                )
                verdicts[job.findtext("item/name", "")] = set(broken)
        return verdicts


def _compare(broken: set[str] | None, wanted: set[str]) -> list[str]:
    if broken is None:
        return ["veraPDF gave no verdict"]
    return [f"breaks {rule}" for rule in sorted(broken - wanted)] + [
        f"should break {rule}" for rule in sorted(wanted - broken)
    ]
