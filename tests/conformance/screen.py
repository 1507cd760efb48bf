"""Judges the pages for the screen: axe-core in headless Chromium, html-validate, and the text beside that of the PDF.

Usage: screen.py TOOLS [--keep DIR]; TOOLS is the folder that tools.sh filled. Pictures of the pages stay in DIR.
"""

import argparse
import base64
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pymupdf
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

import documents
from browser import chromium
from commands import run
from report import Report

# In pixels: the narrowest that WCAG 2.2 asks for (1.4.10), a tablet, a desktop.
WIDTHS = [320, 768, 1280]

# The rules of WCAG 2.2, A and AA.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Ids such as `10.2` are what the text itself calls its paragraphs; the style sheet and long lines are data.
RULES = {
    "extends": ["html-validate:recommended"],
    "rules": {"valid-id": ["error", {"relaxed": True}], "long-title": "off", "no-inline-style": "error"},
}

AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: {type: "tag", values: %s}, rules: {"target-size": {enabled: true}}})
    .then(result => done(result), error => done({violations: [String(error)], passes: []}));
"""


def words(text: str) -> str:
    """The letters of a text alone: lines and hyphens at their ends differ between paper and screen."""
    return re.sub(r"[\s\u00ad\u2060\ufeff-]+", "", text)


def paper(pdf: bytes) -> str:
    """The letters of a PDF, without the running lines."""
    with pymupdf.open(stream=pdf) as opened:
        pages = [page.get_text("text", clip=page.rect + (0, 0, 0, -60), sort=False) for page in opened]
    return words("".join(pages))


def same_text(driver: WebDriver, pdf: bytes) -> list[str]:
    """The paragraphs, items and cells of the page that the PDF does not have."""
    parts = driver.execute_script(
        "return [...document.querySelectorAll('main p, main li, main td, main th, main h2')].map(it => it.innerText)"
    )
    whole = paper(pdf)
    return [part for part in parts if words(part) not in whole] if parts else ["there are none"]


def look(driver: WebDriver, report: Report, page: Path, axe: str, pictures: Path) -> None:
    """One page at every width, light and dark."""
    driver.get(page.as_uri())
    for scheme in ["light", "dark"]:
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        for width in WIDTHS:
            metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            driver.execute_script(axe)
            result = driver.execute_async_script(AXE % json.dumps(TAGS))
            found = [f"{it['id']}: {it['nodes'][0]['html'][:120]}" for it in result["violations"]]
            passes = len(result["passes"])
            report.holds(f"{page.stem}: axe, {width} px, {scheme}, {passes} rules", found if passes else ["none ran"])
            wide = driver.execute_script("return document.documentElement.scrollWidth")
            report.holds(f"{page.stem}: fits {width} px", [f"{wide} px"] if wide > width else [])
            driver.save_screenshot(str(pictures / f"{page.stem}-{width}-{scheme}.png"))


def judge(tools: Path, folder: Path, pictures: Path, report: Report) -> None:
    """Every client's page, and the general edition's."""
    program = documents.build()
    clients = sorted(documents.CLIENTS.glob("*.toml"))
    pages = []
    for client in [*clients, None]:
        page = folder / f"{client.stem if client else 'general'}.html"
        what = ["--client", client] if client else ["--general"]
        done = run(program, "--embedded", *what, "--format", "html", "--output", page)
        report.holds(f"{page.stem}: made", [] if done.returncode == 0 else [done.stderr])
        pages.append(page)
    node_modules = tools / "foreign/node_modules"
    axe = (node_modules / "axe-core/axe.min.js").read_text("utf-8")
    rules = folder / ".htmlvalidate.json"
    rules.write_text(json.dumps(RULES | {"root": True}))
    validate = [node_modules / ".bin/html-validate", "--config", rules, *pages]
    checked = subprocess.run(validate, capture_output=True, encoding="utf-8", check=False)
    report.holds("html-validate", [] if checked.returncode == 0 else [checked.stdout + checked.stderr])
    with chromium(folder / "profile") as driver:
        for page in pages:
            look(driver, report, page, axe, pictures)
            link = driver.find_element(By.CSS_SELECTOR, "a[download]").get_attribute("href")
            pdf = base64.b64decode(link.removeprefix("data:application/pdf;base64,"))
            report.holds(f"{page.stem}: the text of its PDF", same_text(driver, pdf))
            asked = driver.execute_script("return performance.getEntriesByType('resource').map(it => it.name)")
            report.holds(f"{page.stem}: asks for nothing", asked)
            html = page.read_text("utf-8")
            report.holds(f"{page.stem}: no script", ["<script"] if "<script" in html else [])
            numbers = driver.execute_script("return [...document.querySelectorAll('p[id]')].map(it => it.id)")
            report.holds(f"{page.stem}: anchors", [] if "10.2" in numbers else [str(numbers)])


def main() -> int:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tools", type=Path)
    parser.add_argument("--keep", type=Path, metavar="DIR")
    arguments = parser.parse_args()
    report = Report()
    report.section("screen")
    with tempfile.TemporaryDirectory(prefix="dpa-gen-screen-") as temporary:
        pictures = arguments.keep or Path(temporary)
        pictures.mkdir(parents=True, exist_ok=True)
        judge(arguments.tools, Path(temporary), pictures, report)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
