"""Forms of another site that are submitted to the app."""

from browser import APP, PASSWORDS, chromium, cookies, expect, sign_in
from other_site import serve

FORMS = {
    "/account/note": {"note": "planted"},
    "/auth/login": {"username": "admin", "password": PASSWORDS["admin"], "next": "/account"},
    "/auth/logout": {"next": "/"},
    "/auth/logout-all": {"next": "/"},
    "/auth/sessions": {"_method": "delete"},
}


def form(path, fields):
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    return f'<form method="post" action="{APP}{path}">{inputs}<button>{path}</button></form>'


# The responses are JSON, so the browser asks for the icon of the app.
with chromium("status of 401", "status of 403", "/favicon.ico") as visitor:
    context = visitor()
    page = context.new_page()
    page.goto("/login?next=/account")
    sign_in(page)
    before = cookies(context)

    for url, refusal in serve("".join(form(*item) for item in FORMS.items())):
        for path in FORMS:
            page.goto(url)
            with page.expect_response(APP + path) as response:
                page.get_by_role("button", name=path, exact=True).click()
            status = response.value.status
            assert status == (403 if path.startswith("/auth") else refusal), (url, path, status)
            assert cookies(context) == before, (url, path)

    page.goto("/account")
    expect(page.locator("#user")).to_contain_text("demo")
    expect(page.locator("body")).not_to_contain_text("planted")
