"""Make docs/three-screens.png of a new demo, half a minute old: later its signals have faded.

python docs/make_picture.py FACILITATOR PHONE WALL    (the three links that `make run` prints)
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

PAPER, EDGE = "#e9e3d6", "#8a8270"
WIDTH, GAP = 1600, 20
SCREENS = (("phone", 360, 700), ("console", 1160, 740), ("wall", 1280, 720))


def picture_of(browser: Browser, link: str, surface: str, width: int, height: int) -> Image.Image:
    """Come in by a link and return what a screen shows."""
    page = browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=2, color_scheme="light"
    )
    page.goto(link)
    page.click("button:not([value=console])" if surface == "phone" else "main form button.primary")
    page.wait_for_url(f"**/m/*/{'' if surface == 'phone' else surface + '/'}")
    page.wait_for_timeout(1500)
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """Put pictures into one row, equally high, each with a thin edge."""
    room = WIDTH - GAP * (len(pictures) + 1)
    height = int(room / sum(one.width / one.height for one in pictures))
    sheet = Image.new("RGB", (WIDTH, height + 2 * GAP), PAPER)
    x = GAP
    for one in pictures:
        width = int(one.width * height / one.height)
        sheet.paste(EDGE, (x - 1, GAP - 1, x + width + 1, GAP + height + 1))
        sheet.paste(one.resize((width, height), Image.Resampling.LANCZOS), (x, GAP))
        x += width + GAP
    return sheet


def main(facilitator: str, phone: str, wall: str) -> None:
    """Take the pictures and keep them as one."""
    links = {"console": facilitator, "phone": phone, "wall": wall}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        pictures = [picture_of(browser, links[name], name, w, h) for name, w, h in SCREENS]
        browser.close()
    sheet = side_by_side(pictures)
    sheet.save(Path(__file__).with_name("three-screens.png"), optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
