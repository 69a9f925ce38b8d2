"""Signing out, in the live view and in another window of the same browser."""

from browser import LAST_POLL, chromium, cookies, expect, expect_ended, expect_live, listen, live_view, sign_in

with chromium(LAST_POLL) as visitor:
    context = visitor()
    other = context.new_page()
    other.goto("/login?next=/account")
    sign_in(other)
    live = live_view(context)
    listen(live)

    other.locator("#sign-out").get_by_role("button", name="Sign out").click()
    expect(live).to_have_title("ended, 1008")
    expect_ended(live)
    assert cookies(context) == {}

    for button in ["Sign out", "Sign out everywhere"]:
        sign_in(live)
        expect_live(live)
        live.get_by_role("button", name=button, exact=True).click()
        expect(live.locator("#sign-in")).to_be_visible()
        expect(live.locator("#signed-in")).to_be_hidden()
        assert cookies(context) == {}
        other.goto("/account")
        expect(other).to_have_url("/login?next=%2Faccount")
