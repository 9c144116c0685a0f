"""Takes the pictures in docs/screenshots: the page that `--report html=PATH` writes, at the widths of a telephone and a desk.

Needs playwright and a Chromium, which nothing else here does: `pip install playwright && playwright install chromium`; another
Chromium is used where CHROMIUM has its path. `python docs/screenshot_report.py` after the page changed; then look at them.
"""

from __future__ import annotations

import os
import pathlib
import sys
import tempfile

from playwright.sync_api import sync_playwright

from paratask.reporting.exports.html_page import render

HERE = pathlib.Path(__file__).parent
SIZES = ((400, 800, "light"), (1400, 900, "light"), (1400, 900, "dark"))

sys.path.insert(0, str(HERE.parent / "tests"))


def main() -> None:
    """Write one file for each size."""
    from unit.reporting.exports.made_up import report

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = pathlib.Path(folder, "report.html")
        page_file.write_text(render(report(samples=True)), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"])
        for width, height, scheme in SIZES:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(page_file.as_uri())
            name = f"report-{width}{'-dark' if scheme == 'dark' else ''}.png"
            page.screenshot(path=HERE / "screenshots" / name, full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
