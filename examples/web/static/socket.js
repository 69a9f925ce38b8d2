// The WebSocket.

const view = document.getElementById("socket");
const form = view.querySelector("form");
const echo = document.getElementById("echo");

/** The code that the server closes the connection with when the session ends. */
const POLICY_VIOLATION = 1008;

function show(state) {
  view.dataset.state = state;
  view.querySelector(".state").textContent = state;
}

/** Stays connected until the session ends or the signal is aborted. The reason of the signal is the state to show. */
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
    // Browsers log an error if a connection is closed before it is open.
    if (socket.readyState === WebSocket.CONNECTING) socket.addEventListener("open", () => socket.close());
    else socket.close();
    show(signal.reason);
  });
}
