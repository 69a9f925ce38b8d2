// The WebSocket.

const view = document.getElementById("socket");
const form = view.querySelector("form");
const echo = document.getElementById("echo");

/** The code with which the server closes the connection when the session ends. */
const POLICY_VIOLATION = 1008;

function show(state) {
  view.dataset.state = state;
  view.querySelector(".state").textContent = state;
}

/** Connects until the session ends, or until the signal says why it closes the connection. */
export function open(signal, onEnd) {
  const socket = new WebSocket("/socket");
  echo.textContent = "";
  socket.addEventListener("open", () => show("open"), { signal });
  socket.addEventListener("message", (event) => { echo.textContent = event.data; }, { signal });
  socket.addEventListener("close", (event) => {
    show("off");
    if (event.code === POLICY_VIOLATION) onEnd();
  }, { signal });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(form.elements.text.value);
    form.reset();
  }, { signal });
  signal.addEventListener("abort", () => {
    // Browsers complain about a connection that is closed before it is open.
    if (socket.readyState === WebSocket.CONNECTING) socket.addEventListener("open", () => socket.close());
    else socket.close();
    show(signal.reason);
  });
}
