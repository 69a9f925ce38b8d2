"""Ending a session from another device: alone, and with all others."""

from browser import LAST_POLL, chromium, expect, expect_ended, expect_live, live_view, sign_in

# Puts into the title how the stream and the socket end.
LISTEN = """async () => {
    const stream = new EventSource("/events");
    const socket = new WebSocket("/socket");
    const heard = (target, name) => new Promise(done => target.addEventListener(name, done, {once: true}));
    const ends = Promise.all([heard(stream, "ended"), heard(socket, "close")]);
    ends.then(([ended, close]) => {
        stream.close();
        document.title = `${ended.type}, ${close.code}`;
    });
    await Promise.all([heard(stream, "open"), heard(socket, "open")]);
}"""

with chromium(LAST_POLL) as visitor:
    laptop = visitor()
    page = laptop.new_page()
    page.goto("/login?next=/account")
    sign_in(page)
    page.evaluate(LISTEN)
    live = live_view(laptop)

    phone = visitor().new_page()
    phone.goto("/login?next=/account")
    sign_in(phone)
    sessions = phone.locator("#sessions > li[data-id]")
    expect(sessions).to_have_count(2)
    other = phone.locator("#sessions > li[data-id]:not([data-current])")

    other.get_by_role("button", name="End").click()
    expect(sessions).to_have_count(1)
    expect(page).to_have_title("ended, 1008")
    expect_ended(live)

    sign_in(live)
    expect_live(live)
    phone.reload()
    expect(sessions).to_have_count(2)
    phone.get_by_role("button", name="Sign out everywhere else").click()
    expect(sessions).to_have_count(1)
    expect_ended(live)
    expect(phone.locator("#user")).to_contain_text("demo")
