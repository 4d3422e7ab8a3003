"""A small HTTP server. Start it with ./run.sh"""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from greeting import greeting

PORT = int(os.environ.get("PORT", "3000"))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        body = f"{greeting(query.get('name', [None])[0])}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    print(f'Listening on port {PORT}. Try it: curl "localhost:{PORT}/?name=Ada"', flush=True)
    ThreadingHTTPServer(("", PORT), Handler).serve_forever()
