// The live view: shows who is signed in, and keeps everything else up to date.

import { send } from "./api.js";
import * as renewal from "./renewal.js";
import * as sessions from "./sessions.js";
import * as socket from "./socket.js";
import * as stream from "./stream.js";
import "./theft.js";

const POLL_INTERVAL = 2000;

const ENDED = "Your session was ended elsewhere, or its refresh token was reused.";
const UNREACHABLE = "The server did not respond. Trying again…";
const FAILED = "Something went wrong. Try again in a moment.";

const element = (id) => document.getElementById(id);

/** Stops everything that runs while the user is signed in. */
let running = new AbortController();

function tell(message) {
  element("message").textContent = message;
}

function clearFailure() {
  if (element("message").textContent === UNREACHABLE) tell("");
}

/** Shows the live view for this user or, if there is none, the sign-in form. */
function show(user) {
  element("user").textContent = user?.username ?? "";
  element("signed-in").hidden = !user;
  element("signed-out").hidden = Boolean(user);
}

/** Asks who is signed in, and starts the live view if someone is. */
async function start() {
  const response = await send("GET", "/api/whoami");
  if (!response.ok) {
    tell(UNREACHABLE);
    setTimeout(start, POLL_INTERVAL);
    return;
  }
  const { user } = await response.json();
  clearFailure();
  show(user);
  if (!user) return;
  running = new AbortController();
  const { signal } = running;
  stream.open(signal, ended);
  socket.open(signal, ended);
  renewal.start(signal);
  poll(signal);
}

function ended() {
  running.abort("ended");
  show(null);
  tell(ENDED);
}

async function poll(signal) {
  while (!signal.aborted) {
    await refresh(signal);
    await new Promise((wake) => setTimeout(wake, POLL_INTERVAL));
  }
}

async function refresh(signal) {
  const responses = await Promise.all([send("GET", "/auth/sessions"), send("GET", "/auth/session")]);
  if (signal.aborted) return;
  if (responses.some((response) => response.status === 401)) return ended();
  if (!responses.every((response) => response.ok)) return tell(UNREACHABLE);
  const [list, session] = await Promise.all(responses.map((response) => response.json()));
  if (signal.aborted) return;
  clearFailure();
  sessions.update(list, end);
  renewal.update(session);
}

/** Ends the session of this page. */
async function signOut(method, path, message) {
  running.abort("off");
  const response = await send(method, path);
  if (response.ok || response.status === 401) {
    show(null);
    tell(message);
  } else {
    tell(FAILED);
    start();
  }
}

/** Ends other sessions. */
async function signOutOthers(path, message) {
  const { signal } = running;
  const response = await send("DELETE", path);
  if (signal.aborted) return;
  tell(response.ok ? message : FAILED);
  refresh(signal);
}

function end(session) {
  const path = `/auth/sessions/${session.id}`;
  if (session.current) signOut("DELETE", path, "You ended this session.");
  else signOutOthers(path, `You ended the session of ${session.label}.`);
}

element("sign-out").onclick = () => signOut("POST", "/auth/logout", "You are signed out.");
element("sign-out-everywhere").onclick = () => signOut("POST", "/auth/logout-all", "You are signed out everywhere.");
element("sign-out-others").onclick = () => signOutOthers("/auth/sessions", "You are signed out everywhere else.");

element("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const { username, password, remember } = form.elements;
  const login = { username: username.value, password: password.value, remember: remember.checked };
  const response = await send("POST", "/auth/login", login);
  if (response.ok) {
    form.reset();
    tell("");
    element("error").textContent = "";
    start();
  } else {
    element("error").textContent = response.status === 401 ? "Invalid username or password." : FAILED;
  }
});

start();
