// Requests to the app.

let last = Promise.resolve();

/**
 * Sends a request after the previous one has been answered, so that a response that renews the session never arrives
 * after a sign-out. If the server cannot be reached, the status of the response is 0.
 */
export function send(method, path, body) {
  const request = { method };
  if (body) {
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  last = last.then(() => fetch(path, request)).catch(() => Response.error());
  return last;
}
