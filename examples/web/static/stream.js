// The event stream.

const view = document.getElementById("stream");
const count = view.querySelector(".count");

function show(state) {
  view.dataset.state = state;
  view.querySelector(".state").textContent = state;
}

/** Shows events until the session ends or the signal is aborted. The reason of the signal is the state to show. */
export function open(signal, onEnd) {
  const source = new EventSource("/events");
  source.onopen = () => show("open");
  source.onerror = () => show("off");
  source.onmessage = (event) => { count.textContent = event.data; };
  source.addEventListener("ended", onEnd);
  signal.addEventListener("abort", () => {
    source.close();
    show(signal.reason);
  });
}
