"""A web server on two other origins: another site, and the app's own site at another port."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


def serve(html):
    """Serves a page. Returns its two URLs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return [f"http://{host}:{server.server_port}/" for host in ["127.0.0.1", "localhost"]]
