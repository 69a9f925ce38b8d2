"""All pages, on a phone and a desktop, light and dark. Writes screenshots to target/screenshots."""

from itertools import product
from pathlib import Path

from browser import chromium, expect, expect_live, sign_in

SCREENSHOTS = Path(__file__).parents[3] / "target/screenshots"
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}

with chromium() as visitor:
    backgrounds = set()
    for (size, viewport), scheme in product(SIZES.items(), ["light", "dark"]):
        page = visitor(viewport=viewport, color_scheme=scheme).new_page()

        def look(name):
            page.wait_for_load_state()
            width = page.evaluate("document.scrollingElement.scrollWidth")
            assert width <= viewport["width"], (name, size, width)
            backgrounds.add((scheme, page.evaluate("getComputedStyle(document.body).backgroundColor")))
            page.screenshot(path=SCREENSHOTS / f"{name}-{size}-{scheme}.png", full_page=True)

        for name, path in [
            ("home-signed-out", "/"),
            ("login", "/login?next=/account"),
            ("login-failed", "/login?error=invalid_credentials"),
            ("app-signed-out", "/app"),
        ]:
            page.goto(path)
            expect(page.locator("#sign-in")).to_be_visible()
            look(name)
        page.get_by_role("link", name="Create one").click()
        expect(page.locator("#register")).to_be_visible()
        look("register")
        page.goto("/app")

        sign_in(page)
        expect_live(page)
        look("app")
        page.goto("/account")
        page.get_by_label("Note").fill("A note " * 10 + "w" * 100)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#saved-note")).to_be_visible()
        look("account")
        page.goto("/")
        page.get_by_role("link", name="Live view").wait_for()
        look("home")

    assert len(backgrounds) == 2, backgrounds
