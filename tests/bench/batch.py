#!/usr/bin/env python3
"""All clients of a folder: dpa-gen regenerate against one run of the stock Typst compiler per client.

The stock compiler gets the same work, the same pages of 20 of the clients as PDF/A-3a and PDF/UA-1: one run after the
other, as a loop in a shell does, and as many at a time as there are cores. Then what a run costs that has nothing, or next to
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
TURNS = 3
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


def stock_commands(dpa_gen, typst, clients, folder):
    """The runs of the stock compiler, one per client."""
    for number, client in enumerate(clients):
        project = folder / f"project-{number}"
        pdf = folder / f"ours-{number}.pdf"
        emit = ["--embedded", "--client", str(client), "--quiet", "--no-fields"]
        run([dpa_gen, *emit, "--output", str(pdf), "--emit", str(project)])
        command = [typst, "compile", "--features", "a11y-extras", "--root", str(project)]
        command += ["--pdf-standard", "a-3a,ua-1", str(project / "layouts/standard/main.typ")]
        yield [*command, str(folder / f"stock-{number}.pdf")]


def stock(commands, at_a_time):
    """The time of the stock compiler per document, the processor's, and the peak."""
    started = time.perf_counter()
    with ThreadPoolExecutor(at_a_time) as workers:
        figures = list(workers.map(run, commands))
    elapsed = (time.perf_counter() - started) * 1000
    processor = statistics.mean(processor for _, processor, _ in figures)
    return elapsed / len(commands), processor, max(peak for _, _, peak in figures)


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
        def regenerate(count, output):
            command = [dpa_gen, "regenerate", "--embedded", str(folder / f"{count}/clients")]
            elapsed, processor, peak = run([*command, "--output", str(folder / f"{count}/{output}")])
            return elapsed / count, processor / count, peak

        for count in SIZES:
            paths = make_clients(folder / f"{count}/clients", fixture, count)
            figure, processor, peak = regenerate(count, "pdf")
            line(f"{count} from nothing", figure, "ms/PDF", peak, f"{processor:.0f} ms/PDF of the processor")

        # In turn, so that what else the machine does falls on all.
        commands = list(stock_commands(dpa_gen, typst, paths[:SAMPLE], folder / "stock"))
        cores = os.cpu_count()
        bare = [[*command, "--ignore-system-fonts"] for command in commands]
        turns = [
            (regenerate(1000, f"turn-{turn}"), stock(commands, 1), stock(commands, cores), stock(bare, 1))
            for turn in range(TURNS)
        ]
        ours, *theirs = ([statistics.median(figure) for figure in zip(*figures)] for figures in zip(*turns))
        line(f"1000 from nothing, in {TURNS} turns", ours[0], "ms/PDF", ours[2], f"{ours[1]:.0f} ms/PDF of the processor")
        names = ["typst, 1 at a time", f"typst, {cores} at a time", "typst --ignore-system-fonts"]
        for name, (figure, processor, peak) in zip(names, theirs):
            note = f"{processor:.0f} ms/PDF of the processor; dpa-gen is {figure / ours[0]:.1f} times as fast"
            line(name, figure, "ms/PDF", peak, note)

        some = [str(folder / "1000/clients"), "--embedded", "--output", str(folder / "1000/pdf")]
        line("1000, nothing to do", *rounds([dpa_gen, "regenerate", *some]))

        def change(number):
            path = folder / "1000/clients/client-00500.toml"
            path.write_text(client_file(fixture, 500).replace("Voorbeeld", f"Ander {number}"))

        line("1000, one client changed", *rounds([dpa_gen, "regenerate", *some], change))
        line("1000, status", *rounds([dpa_gen, "status", *some]))


if __name__ == "__main__":
    main()
