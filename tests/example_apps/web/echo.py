"""The WebSocket of the live view."""

from browser import chromium, expect, live_view, sign_in

with chromium() as visitor:
    context = visitor()
    page = context.new_page()
    page.goto("/login")
    sign_in(page)

    live = live_view(context)
    for message in ["hello", "<b>hello</b> again"]:
        live.get_by_label("Message").fill(message)
        live.get_by_role("button", name="Send").click()
        expect(live.locator("#echo")).to_contain_text(message)
