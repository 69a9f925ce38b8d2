"""Scripts of another site that call the app."""

from browser import APP, chromium, cookies, expect, sign_in
from other_site import serve

SEND = """([url, body]) =>
    fetch(url, {method: "POST", body: new URLSearchParams(body), mode: "no-cors", credentials: "include"})"""

READ = """url => fetch(url, {credentials: "include"}).then(() => "read", () => "refused")"""

LISTEN = """url => new Promise(done => {
    const source = new EventSource(url, {withCredentials: true});
    source.onopen = () => done("open");
    source.onerror = () => { source.close(); done("refused"); };
})"""

CONNECT = """url => new Promise(done => {
    const socket = new WebSocket(url);
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
})"""

with chromium("status of 401", "status of 403", "CORS policy", "ERR_FAILED", "WebSocket") as visitor:
    context = visitor()
    page = context.new_page()
    page.goto("/login?next=/account")
    sign_in(page)
    before = cookies(context)

    for url, refusal in serve():
        page.goto(url)
        for path, body in [("/account/note", {"note": "planted"}), ("/auth/logout", {}), ("/auth/logout-all", {})]:
            with page.expect_response(APP + path) as response:
                page.evaluate(SEND, [APP + path, body])
            status = response.value.status
            assert status == (403 if path.startswith("/auth") else refusal), (url, path, status)
        assert page.evaluate(READ, APP + "/api/me") == "refused", url
        assert page.evaluate(LISTEN, APP + "/events") == "refused", url
        assert page.evaluate(CONNECT, APP.replace("http", "ws") + "/socket") == "refused", url
        assert cookies(context) == before, url

    page.goto("/account")
    assert page.evaluate(CONNECT, "/socket") == "open"
    expect(page.locator("#user")).to_contain_text("demo")
    expect(page.locator("body")).not_to_contain_text("planted")
