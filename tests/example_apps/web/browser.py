"""Chromium, driven by Playwright, and its visitors."""

import shutil
import sys
from contextlib import contextmanager

from playwright.sync_api import expect, sync_playwright

APP = sys.argv[1]
PASSWORDS = {"admin": "correct horse battery staple", "demo": "hunter2hunter2"}

# A poll of the live view may be on its way when its session ends.
LAST_POLL = f"status of 401 (Unauthorized) ({APP}/auth/session"

NAMES = ["chromium", "chromium-browser", "google-chrome"]
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@contextmanager
def chromium(*tolerated):
    """Starts Chromium. Yields a function that returns a new visitor: a browser context with cookies of its own.

    At the end, the console must be empty, except for lines that contain a tolerated text.
    """
    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program, "Chromium is needed for this test: tests/run.sh installs it"
    console = []

    def note(line):
        print("console:", line)
        if not any(text in line for text in tolerated):
            console.append(line)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])

        def visitor(**options):
            context = browser.new_context(base_url=APP, **options)
            context.set_default_timeout(PATIENCE)
            context.on("console", lambda message: note(f"{message.text} ({message.location['url']})"))
            context.on("weberror", lambda error: note(f"{error.error}"))
            return context

        yield visitor
        browser.close()
    assert console == [], console


def submit(page, username, password, remember=False):
    """Submits the sign-in form."""
    form = page.locator("#sign-in")
    form.get_by_label("Username").fill(username)
    form.get_by_label("Password").fill(password)
    form.get_by_label("Stay signed in").set_checked(remember)
    form.get_by_role("button", name="Sign in").click()


def sign_in(page, username="demo", remember=False):
    """Signs in, and waits for the page that follows."""
    submit(page, username, PASSWORDS[username], remember)
    expect(page.locator("#user")).to_contain_text(username)


def live_view(context):
    """Opens the live view of a visitor who is signed in."""
    page = context.new_page()
    page.goto("/app")
    expect_live(page)
    return page


def expect_live(page):
    """Expects the live view to be connected."""
    expect(page.locator("#signed-in")).to_be_visible()
    expect(page.locator("#stream")).to_have_attribute("data-state", "open")
    expect(page.locator("#socket")).to_have_attribute("data-state", "open")


def expect_ended(page):
    """Expects the live view to show that its session has ended."""
    expect(page.locator("#stream")).to_have_attribute("data-state", "ended")
    expect(page.locator("#socket")).to_have_attribute("data-state", "ended")
    expect(page.locator("#message")).to_be_visible()
    expect(page.locator("#sign-in")).to_be_visible()
    expect(page.locator("#signed-in")).to_be_hidden()


def listen(page):
    """Connects a page to the stream and the socket once more. When both have ended, its title says how."""
    page.evaluate("""async () => {
        const stream = new EventSource("/events");
        const socket = new WebSocket("/socket");
        const heard = (target, name) => new Promise(done => target.addEventListener(name, done, {once: true}));
        Promise.all([heard(stream, "ended"), heard(socket, "close")]).then(([ended, close]) => {
            stream.close();
            document.title = `${ended.type}, ${close.code}`;
        });
        await Promise.all([heard(stream, "open"), heard(socket, "open")]);
    }""")


def cookies(context):
    """Returns the app's cookies by name."""
    return {cookie["name"]: cookie for cookie in context.cookies(APP)}
