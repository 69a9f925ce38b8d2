// The time until the access token expires.

const text = document.getElementById("renewal");
const bar = document.getElementById("renewal-bar");

let due = 0;

/** Updates the countdown with the session that the server returned. */
export function update({ expires_in: seconds }) {
  due = performance.now() + seconds * 1000;
  bar.max = Math.max(bar.max, seconds);
  draw();
}

function draw() {
  const left = Math.max(0, Math.ceil((due - performance.now()) / 1000));
  bar.value = left;
  text.textContent = left > 0 ? `Renews in ${duration(left)}` : "Due for renewal";
}

function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

/** Counts down until the signal is aborted. */
export function start(signal) {
  const timer = setInterval(draw, 250);
  signal.addEventListener("abort", () => clearInterval(timer));
}
