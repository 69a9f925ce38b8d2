"""Ending a session from another device: alone, and with all others."""

from browser import LAST_POLL, chromium, expect, expect_ended, expect_live, listen, live_view, sign_in

with chromium(LAST_POLL) as visitor:
    laptop = visitor()
    page = laptop.new_page()
    page.goto("/login?next=/account")
    sign_in(page)
    live = live_view(laptop)
    listen(live)

    phone = visitor().new_page()
    phone.goto("/login?next=/account")
    sign_in(phone)
    sessions = phone.locator("#sessions > li[data-id]")
    expect(sessions).to_have_count(2)
    other = phone.locator("#sessions > li[data-id]:not([data-current])")

    other.get_by_role("button", name="End").click()
    expect(sessions).to_have_count(1)
    expect(live).to_have_title("ended, 1008")
    expect_ended(live)

    sign_in(live)
    expect_live(live)
    phone.reload()
    expect(sessions).to_have_count(2)
    phone.get_by_role("button", name="Sign out everywhere else").click()
    expect(sessions).to_have_count(1)
    expect_ended(live)
    expect(phone.locator("#user")).to_contain_text("demo")
