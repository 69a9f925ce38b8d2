"""How long the browser keeps the cookies."""

import time

from browser import chromium, cookies, sign_in

HOUR = 3600

with chromium() as visitor:
    for remember in [True, False]:
        context = visitor()
        page = context.new_page()
        page.goto("/login?next=/account")
        sign_in(page, remember=remember)
        # A renewal keeps the choice.
        time.sleep(2.5)
        before = cookies(context)
        page.reload()
        after = cookies(context)
        assert after["jwt"]["value"] != before["jwt"]["value"]
        for cookie in [*before.values(), *after.values()]:
            expires = cookie["expires"]
            kept = expires > time.time() + HOUR if remember else expires == -1
            assert kept, (remember, cookie["name"], expires)
