"""A link on another site."""

from browser import APP, chromium, expect, sign_in
from other_site import serve

with chromium() as visitor:
    page = visitor().new_page()
    page.goto("/login")
    sign_in(page)

    for url, _ in serve(f'<a href="{APP}/account">your account</a>'):
        page.goto(url)
        page.get_by_role("link").click()
        expect(page).to_have_url("/account")
        expect(page.locator("#user")).to_contain_text("demo")
