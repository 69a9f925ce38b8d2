"""Signing in and saving a note, with and without scripts."""

from urllib.parse import parse_qs, urlsplit

from browser import chromium, cookies, expect, sign_in, submit

with chromium() as visitor:
    for scripts in [True, False]:
        context = visitor(java_script_enabled=scripts)
        page = context.new_page()
        page.goto("/login?next=/account")

        submit(page, "demo", "wrong")
        expect(page.locator("#error")).to_be_visible()
        query = parse_qs(urlsplit(page.url).query)
        assert query == {"error": ["invalid_credentials"], "next": ["/account"]}, query
        assert cookies(context) == {}

        sign_in(page)
        expect(page).to_have_url("/account")
        assert page.evaluate("document.cookie") == ""
        for cookie in cookies(context).values():
            assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax"), cookie["name"]

        text = f"<b>scripts</b>: {scripts}"
        page.get_by_label("Note").fill(text)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#saved-note")).to_have_text(text)
        expect(page).to_have_url("/account")
