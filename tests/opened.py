"""Pages that are open in Chromium, with what they asked for and said."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

AXE = Path(__file__).parent / "axe" / "axe.min.js"
# A blank page has a few colors, also with the edge of a letter or two.
FEWEST_COLORS = 100


class Opened:
    """A page that is open."""

    def __init__(self, page, address):
        self.page, self.said, self.asked = page, [], []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request))  # noqa: PLW0108 - Playwright wraps functions of Python
        page.set_default_timeout(10_000)
        page.goto(address)

    @property
    def outside(self):
        return [
            request.url
            for request in self.asked
            if not request.url.startswith(("file:", "data:", "about:"))
            # The browser reports what the page's policy has kept it from sending, too.
            and request.failure != "csp"
        ]

    def __getattr__(self, name):
        return getattr(self.page, name)

    def panel(self):
        return self.page.locator("aside").inner_text()

    def photograph(self, file):
        """Write a picture of what is visible, and return its number of colors."""
        content = self.page.screenshot(path=file)
        with Image.open(BytesIO(content)) as picture:
            return len(picture.convert("RGB").getcolors(maxcolors=picture.width * picture.height))

    def find_faults(self):
        """Return the serious faults of accessibility."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {iframes: false})")["violations"]
        return [
            (each["id"], [node["html"][:200] for node in each["nodes"][:5]])
            for each in found
            if each["impact"] in {"serious", "critical"}
        ]


def open_in(chromium, address, *, scheme="light", width=1440, height=900):
    """Open an address in a window of its own."""
    size = {"width": width, "height": height}
    return Opened(chromium.new_page(viewport=size, color_scheme=scheme), address)


def check_silence(opened):
    """Close pages that have said nothing, and asked nothing of others."""
    for each in opened:
        said = [line for line in each.said if "outside.invalid" not in line]
        assert (said, each.outside) == ([], [])
        each.page.close()
