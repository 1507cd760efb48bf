"""Looks at `dpa-gen preview` in headless Chromium: its pages follow each save, and the reader keeps his place.

Usage: browser.py [--keep DIR]; pictures of the window stay in DIR.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

import documents
from report import Report

CLIENT = 'services = ["website", "hosting"]\n\n[client]\nname = "Acme B.V."\n'
CLAUSE = "clauses/articles/security.typ"

# A name that leads to this machine, as that of a page elsewhere may: DNS rebinding.
FOREIGN = "rebound.example"

# How far down the reader is, in pixels.
PLACE = 3210


@contextmanager
def chromium(profile: Path) -> Iterator[WebDriver]:
    """A browser of its own, without a window."""
    options = webdriver.ChromeOptions()
    for argument in [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1200,900",
        f"--host-resolver-rules=MAP {FOREIGN} 127.0.0.1",
        f"--user-data-dir={profile}",
    ]:
        options.add_argument(argument)
    options.binary_location = shutil.which("chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def preview(program: Path, folder: Path, *arguments: str) -> Iterator[str]:
    """A preview that runs; its address."""
    command = [program, "preview", "--client", "acme.toml", *arguments]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    )
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


class Window:
    """What the browser shows."""

    def __init__(self, driver: WebDriver, report: Report, pictures: Path) -> None:
        self.driver, self.report, self.pictures = driver, report, pictures

    def text(self, id: str) -> str:
        """The text of an element, as it is seen: none if it is hidden."""
        return self.driver.find_element(By.ID, id).text

    def pages(self) -> list[str]:
        """The drawing of each page."""
        return self.driver.execute_script(
            "return [...document.querySelectorAll('#pages > section > svg')].map(page => page.outerHTML)"
        )

    def place(self) -> int:
        """How far down the window is."""
        return round(self.driver.execute_script("return window.scrollY"))

    def wait(self, what: str, is_wanted: Callable[[], bool]) -> None:
        """Waits until it is as wanted; that it comes to be so is a check."""
        try:
            WebDriverWait(self.driver, 30, poll_frequency=0.05).until(lambda _: is_wanted())
            self.report.holds(what, [])
        except TimeoutException:
            self.report.holds(what, [f"seen instead: {self.body()}"])

    def body(self) -> str:
        """All text that is seen."""
        return self.driver.find_element(By.TAG_NAME, "body").text

    def stays(self, what: str) -> None:
        """That the reader is where he was; and a picture of it."""
        place = self.place()
        self.report.holds(f"{what}: the place is kept", [] if place == PLACE else [f"{PLACE} became {place}"])
        self.driver.save_screenshot(str(self.pictures / f"{what.replace(' ', '-')}.png"))


def look(program: Path, folder: Path, window: Window) -> None:
    """Each save, in one window."""
    report, driver = window.report, window.driver
    client, clause = folder / "acme.toml", folder / CLAUSE
    with preview(program, folder) as address:
        driver.get(address)
        window.wait("the pages are shown", lambda: window.text("summary").startswith("Acme B.V.: version "))
        first = window.pages()
        told = window.text("summary")
        report.holds("all of them", [] if f", {len(first)} pages;" in told else [f"{len(first)}: {told}"])
        report.holds("its title", [] if driver.title.startswith("Acme B.V. – ") else [driver.title])
        sizes = driver.execute_script(
            "return [...document.querySelectorAll('#pages > section')].map(page => page.offsetHeight)"
        )
        report.holds("they have a size", [str(sizes)] if min(sizes) < 800 else [])
        driver.save_screenshot(str(window.pictures / "cover.png"))

        driver.execute_script(f"window.scrollTo(0, {PLACE})")
        client.write_text(CLIENT.replace("Acme", "Bakker"))
        window.wait("a client file was saved", lambda: window.text("summary").startswith("Bakker B.V.: "))
        report.holds("and is shown", ["the cover is the same"] if window.pages()[0] == first[0] else [])
        window.stays("client saved")

        before, text = window.pages(), clause.read_text()
        clause.write_text(text.replace("- Sterke wachtwoorden", "- Zeer sterke wachtwoorden"))
        window.wait("a clause was saved", lambda: window.pages() != before)
        window.stays("clause saved")

        shown = window.pages()
        client.write_text(CLIENT.replace("website", "websit<b>e"))
        window.wait("an error appears", lambda: "unknown service `websit<b>e`" in window.text("problems"))
        told = window.text("problems")
        for part in ["┌─ acme.toml:1:13", "│             ^^^^^^^^^^^", "= hint: did you mean `website`?"]:
            report.holds(f"the error says {part}", [] if part in told else [told])
        report.holds("the pages stay below it", [] if window.pages() == shown else ["they are others"])
        window.stays("error")
        client.write_text(CLIENT)
        window.wait("the error disappears", lambda: window.text("problems") == "")
        window.stays("mended")

        port = address.rstrip("/").rpartition(":")[2]
        driver.get(f"http://{FOREIGN}:{port}/")
        seen = window.body()
        report.holds("a foreign name is refused", [] if seen == "403 Forbidden" else [seen])
        driver.get(address)
        window.wait("the pages are shown again", lambda: len(window.pages()) == len(first))

    window.wait("its end is told", lambda: window.text("summary") == "The preview has ended.")
    client.write_text(CLIENT.replace("Acme", "Carla"))
    with preview(program, folder, "--port", port):
        window.wait("it goes on", lambda: window.text("summary").startswith("Carla B.V.: "))

    expected = ("403 (Forbidden)", "ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING")
    said = [entry["message"] for entry in driver.get_log("browser")]
    strange = [message for message in said if not any(part in message for part in expected)]
    report.holds("the browser has no complaint", strange)


def main() -> int:
    """Reads the arguments and keeps or removes what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, metavar="DIR")
    arguments = parser.parse_args()
    report = Report()
    report.section("preview")
    with tempfile.TemporaryDirectory(prefix="dpa-gen-browser-") as temporary:
        folder = Path(temporary, "work")
        pictures = arguments.keep or Path(temporary)
        pictures.mkdir(parents=True, exist_ok=True)
        for name in ["clauses", "layouts"]:
            shutil.copytree(documents.ROOT / name, folder / name)
        (folder / "acme.toml").write_text(CLIENT)
        with chromium(Path(temporary, "profile")) as driver:
            look(documents.build(), folder, Window(driver, report, pictures))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
