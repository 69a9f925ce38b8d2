// The list of the user's sessions.

const list = document.getElementById("sessions");
const template = document.getElementById("session");

/** Shows the sessions, newest first. Keeps the elements of sessions that are already listed. */
export function update(sessions, onEnd) {
  for (const item of [...list.children]) {
    if (!sessions.some((session) => session.id === item.dataset.id)) item.remove();
  }
  for (const session of [...sessions].reverse()) {
    const item = list.querySelector(`[data-id="${session.id}"]`) ?? add(session, onEnd);
    item.querySelector(".quiet").textContent = `Last used ${ago(session.last_used_at)}`;
  }
}

function add(session, onEnd) {
  const item = template.content.firstElementChild.cloneNode(true);
  item.dataset.id = session.id;
  item.toggleAttribute("data-current", session.current);
  const device = item.querySelector(".device");
  device.id = `device-${session.id}`;
  device.textContent = session.label;
  const button = item.querySelector("button");
  button.setAttribute("aria-describedby", device.id);
  button.addEventListener("click", () => onEnd(session));
  list.prepend(item);
  return item;
}

function ago(time) {
  const minutes = Math.floor((Date.now() / 1000 - time) / 60);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 1440)} d ago`;
}
