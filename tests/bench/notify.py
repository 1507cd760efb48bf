#!/usr/bin/env python3
"""1,000 clients whose contract was made and signed by hand, from a cold start: how they stand, which is to take less than
150 ms, and then whom a replaced sub-processor affects, which is to take less than 2 s before any PDF is made. It affects
two of five.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import measure

COUNT = 1000
ROUNDS = 5
NAMED = """
[subprocessor.{id}]
name = "{name}"
address = "Serverweg 1, Utrecht"
country = "Nederland"
contact = "privacy@example.nl"
categories = [{categories}]
processing = "Opslag"
since = 2026-01-01
"""


def main():
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        run = lambda *command: subprocess.run([program, *command], cwd=folder, check=True, capture_output=True)
        root = Path(folder)
        run("init")
        (root / "clients/voorbeeld.toml").unlink()
        named = root / "clauses/subprocessors.toml"
        named.write_text(
            NAMED.format(id="noord", name="Noord B.V.", categories='"hosting", "email", "monitoring"')
            + NAMED.format(id="model", name="Model B.V.", categories='"ai"')
        )
        for number in range(COUNT):
            services = '"ai-agent"' if number % 5 < 2 else '"website"'
            text = f'services = [{services}]\n[client]\nname = "Client {number}"\nemail = "a@example.nl"\n'
            (root / f"clients/client-{number}.toml").write_text(text + "[terms]\nobjection-days = 14\n")
        run("regenerate")
        for number in range(COUNT):
            client = f"clients/client-{number}.toml"
            run("receive", "--by-hand", "--client", client, "--signed-on", "2026-07-01", "--by", "R.")
        # The first run reads every PDF; the next ones know them by their stamps.
        command = ["env", f"--chdir={folder}", program, "status"]
        times = [measure.run(command)[0] for _ in range(ROUNDS + 1)][1:]
        print(f"  {f'{COUNT} with histories, status':<32} {statistics.median(times):>6.0f} ms")
        contract = root / "clauses/contract.toml"
        contract.write_text(contract.read_text().replace("2026-06-12", "2026-09-01", 1))
        named.write_text(named.read_text().replace("Model B.V.", "Ander Model B.V."))
        command = ["env", f"--chdir={folder}", program, "notify", "--dry-run", "--on", "2026-09-01"]
        found = len(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines())
        assert found == COUNT * 2 // 5, found
        times = [measure.run(command)[0] for _ in range(ROUNDS)]
        print(f"  {f'notify, {COUNT} clients, before PDFs':<32} {statistics.median(times):>6.0f} ms")


if __name__ == "__main__":
    main()
