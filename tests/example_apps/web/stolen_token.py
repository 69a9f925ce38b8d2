"""A thief uses a refresh token before its owner does."""

import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

from playwright.sync_api import TimeoutError

from browser import APP, LAST_POLL, chromium, cookies, expect, expect_ended, live_view, sign_in


def call(method, path, body=None, **headers):
    """Sends a request as a program does, and returns its status and its JSON."""
    connection = HTTPConnection(urlsplit(APP).netloc)
    headers |= {"Content-Type": "application/json"}
    connection.request(method, path, body and json.dumps(body), headers)
    response = connection.getresponse()
    return response.status, json.load(response)


def refresh(token):
    return call("POST", "/auth/refresh", {"refresh_token": token})


def me(token):
    return call("GET", "/api/me", Authorization=f"Bearer {token}")


def ends(page):
    """Returns whether the live view ends soon."""
    try:
        page.locator("#stream[data-state=ended]").wait_for(timeout=15_000)
        return True
    except TimeoutError:
        return False


with chromium(LAST_POLL) as visitor:
    context = visitor()
    page = context.new_page()
    page.goto("/login")
    sign_in(page)
    live = live_view(context)

    # If the page renews its tokens at the same moment, both have the same successor: then the thief has to steal again.
    for _ in range(3):
        cookie = cookies(context).get("jwt-refresh")
        if cookie is None:
            break
        status, stolen = refresh(cookie["value"])
        assert status == 200, stolen
        status, user = me(stolen["access_token"])
        assert (status, user["username"]) == (200, "demo")
        if ends(live):
            break
    expect_ended(live)
    assert me(stolen["access_token"])[0] == 401
    assert refresh(stolen["refresh_token"])[0] == 401
    page.goto("/account")
    expect(page).to_have_url("/login?next=%2Faccount")
