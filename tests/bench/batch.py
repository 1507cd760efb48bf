#!/usr/bin/env python3
"""All clients of a folder: dpa-gen regenerate against one run of the stock Typst compiler per client.

The stock compiler gets the same work, the same pages as PDF/A-3a and PDF/UA-1: one run after the other, as a loop
in a shell does, and as many at a time as there are cores. Then what a run costs that has nothing, or next to
nothing, to do.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from measure import run

SIZES = [100, 1000, 5000]
SAMPLE = 20
ROUNDS = 5
SERVICES = ["website", "webshop", "hosting", "ai-agent", "crm-koppeling", "support"]
STREETS = ["Dorpsstraat", "Kerkweg", "Stationsplein", "Lange Voorhout", "Oude Gracht"]
CITIES = ["Utrecht", "Zwolle", "Den Haag", "Groningen", "Maastricht", "Vlissingen"]


def client_file(fixture, number):
    """The fixture as another client: name, address and services differ, the same in every run."""
    choice = random.Random(number)
    services = choice.sample(SERVICES, choice.randint(1, len(SERVICES)))
    values = {
        "services": "[" + ", ".join(f'"{service}"' for service in services) + "]",
        "name": f'"Voorbeeld {number} B.V."',
        "address": f'"{choice.choice(STREETS)} {number}"',
        "city": f'"{choice.choice(CITIES)}"',
    }
    lines = []
    for line in fixture.splitlines():
        key = line.partition(" = ")[0]
        lines.append(f"{key} = {values.pop(key)}" if key in values else line)
    return "\n".join(lines) + "\n"


def make_clients(folder, fixture, count):
    """Writes so many client files; returns their paths."""
    folder.mkdir(parents=True)
    paths = [folder / f"client-{number:05}.toml" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(client_file(fixture, number))
    return paths


def stock(dpa_gen, typst, clients, folder):
    """The stock compiler, one run per client: for one run at a time and for as many as there are cores, the
    time per document, the processor's, and the peak."""
    commands = []
    for number, client in enumerate(clients):
        project = folder / f"project-{number}"
        pdf = folder / f"ours-{number}.pdf"
        emit = ["--embedded", "--client", str(client), "--quiet", "--no-fields"]
        run([dpa_gen, *emit, "--output", str(pdf), "--emit", str(project)])
        command = [typst, "compile", "--root", str(project), "--ignore-system-fonts"]
        command += ["--pdf-standard", "a-3a,ua-1", str(project / "layouts/standard/main.typ")]
        commands.append([*command, str(folder / f"stock-{number}.pdf")])
    run(commands[0])
    for at_a_time in (1, os.cpu_count()):
        started = time.perf_counter()
        with ThreadPoolExecutor(at_a_time) as workers:
            figures = list(workers.map(run, commands))
        elapsed = (time.perf_counter() - started) * 1000
        processor = statistics.mean(processor for _, processor, _ in figures)
        yield at_a_time, elapsed / len(commands), processor, max(peak for _, _, peak in figures)


def rounds(command, before=lambda number: None):
    """The median time and the highest peak of some runs, after one that does not count."""
    figures = []
    for number in range(ROUNDS + 1):
        before(number)
        figures.append(run(command))
    figures = figures[1:]
    median = statistics.median(time for time, _, _ in figures)
    return median, "ms", max(peak for _, _, peak in figures)


def line(name, figure, unit, peak, note=""):
    print(f"  {name:<32} {figure:>7.1f} {unit:<6} {peak:>5.0f} MB   {note}".rstrip(), flush=True)


def main():
    dpa_gen, typst, client = (str(Path(argument).absolute()) for argument in sys.argv[1:])
    fixture = Path(client).read_text()
    print(f"  {'all clients of a folder':<32} {'':>14} {'peak':>8}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = {}
        for count in SIZES:
            paths = make_clients(folder / f"{count}/clients", fixture, count)
            command = [dpa_gen, "regenerate", "--embedded", str(folder / f"{count}/clients")]
            command += ["--output", str(folder / f"{count}/pdf")]
            elapsed, processor, peak = run(command)
            figures[count] = elapsed / count
            note = f"{elapsed / 1000:.1f} s; {processor / count:.0f} ms/PDF of the processor"
            line(f"{count} from nothing", figures[count], "ms/PDF", peak, note)
        for at_a_time, figure, processor, peak in stock(dpa_gen, typst, paths[:SAMPLE], folder / "stock"):
            note = f"{processor:.0f} ms/PDF of the processor; dpa-gen is {figure / figures[1000]:.1f} times as fast"
            line(f"typst, {SAMPLE} clients, {at_a_time} at a time", figure, "ms/PDF", peak, note)

        some = [str(folder / "1000/clients"), "--embedded", "--output", str(folder / "1000/pdf")]
        line("1000, nothing to do", *rounds([dpa_gen, "regenerate", *some]))

        def change(number):
            path = folder / "1000/clients/client-00500.toml"
            path.write_text(client_file(fixture, 500).replace("Voorbeeld", f"Ander {number}"))

        line("1000, one client changed", *rounds([dpa_gen, "regenerate", *some], change))
        line("1000, status", *rounds([dpa_gen, "status", *some]))


if __name__ == "__main__":
    main()
