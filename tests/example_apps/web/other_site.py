"""A web server with two origins: one on another site, and one on the site of the app, at another port."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

ICON = '<link rel="icon" href="data:,">'


def serve(body=""):
    """Serves a page. Returns its URLs, each with the status of a forged POST to a route that needs a user.

    Requests of the other site have no cookies, because these are SameSite=Lax. Those of the other port have them.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html>{ICON}{body}".encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_port
    return [(f"http://127.0.0.1:{port}/", 401), (f"http://localhost:{port}/", 403)]
