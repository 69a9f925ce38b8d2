"""Access tokens that expire: of a page, of a form that is being filled in, and of the live view."""

import time

from browser import chromium, cookies, expect, expect_live, live_view, sign_in

LIFETIME = 2


def expire():
    time.sleep(LIFETIME + 0.5)


with chromium() as visitor:
    context = visitor()
    page = context.new_page()
    page.goto("/login?next=/account")
    sign_in(page)
    before = cookies(context)

    expire()
    page.reload()
    expect(page.locator("#user")).to_contain_text("demo")
    renewed = cookies(context)
    assert renewed.keys() == before.keys() == {"jwt", "jwt-refresh"}
    for name, cookie in renewed.items():
        assert cookie["value"] != before[name]["value"], name

    page.get_by_label("Note").fill("written slowly")
    expire()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#saved-note")).to_have_text("written slowly")

    live = live_view(context)
    before = cookies(context)
    expire()
    expire()
    expect_live(live)
    assert cookies(context)["jwt"]["value"] != before["jwt"]["value"]
