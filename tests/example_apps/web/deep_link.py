"""A link to a page that needs a sign-in."""

from urllib.parse import quote

from browser import chromium, expect, sign_in, submit

with chromium() as visitor:
    page = visitor().new_page()
    page.goto("/account?x=1")
    expect(page).to_have_url("/login?next=%2Faccount%3Fx%3D1")

    submit(page, "demo", "wrong")
    expect(page.locator("#error")).to_be_visible()
    sign_in(page)
    expect(page).to_have_url("/account?x=1")

    for elsewhere in ["https://example.com/", "//example.com", "/\\example.com"]:
        page = visitor().new_page()
        page.goto(f"/login?next={quote(elsewhere)}")
        sign_in(page)
        expect(page).to_have_url("/")
