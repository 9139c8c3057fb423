#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0

"""An HTTP proxy for apt on 127.0.0.1, with faults that a test switches on.

  faulty_proxy.py FOLDER SECONDS

FOLDER contains `cache/` (each file is fetched from the mirror once), `log` (a line
"STATUS BYTES URL" for each answer) and `faults/`. The files in `faults/` are read
at each request:

  slow     the proxy pauses after each chunk, for as many seconds as the file says
  cut      the proxy closes the connection in the middle of every third file
  missing  a regular expression: the proxy answers 404 to URLs that match
  hold     a regular expression: the proxy deletes this file, prints "held URL" and
           never answers this request
  restart  a regular expression: the proxy deletes this file, sends half of the
           answer, drops every connection, and listens again after two seconds

The standard output has a line for each event: "port N", "held URL", "cut URL",
"restarted". The proxy ends after SECONDS, or at SIGTERM.
"""

import hashlib
import re
import signal
import socket
import socketserver
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler
from pathlib import Path

CHUNK = 64 * 1024
# apt does not resume files this small, and fetches index files again completely.
SMALLEST_CUT = 4 * CHUNK
PAUSE_OF_RESTART = 2

FOLDER = Path(sys.argv[1])
CACHE = FOLDER / "cache"
FAULTS = FOLDER / "faults"

lock = threading.Lock()  # guards the three below
url_locks = {}
connections = set()
large_files = 0


def say(event):
    print(event, flush=True)


def fault(name):
    """Returns the text of a file in faults/, or None."""
    try:
        return (FAULTS / name).read_text().strip()
    except FileNotFoundError:
        return None


def matches(name, url):
    pattern = fault(name)
    return pattern is not None and re.search(pattern, url) is not None


def take(name, url):
    """Like matches(), and deletes the file if so: true for one request only."""
    with lock:
        found = matches(name, url)
        if found:
            (FAULTS / name).unlink()
        return found


def fetch(url):
    """Returns the status of a URL, the path of its body, and Last-Modified."""
    with lock:
        url_lock = url_locks.setdefault(url, threading.Lock())
    body = CACHE / hashlib.sha256(url.encode()).hexdigest()
    date = body.with_suffix(".date")
    with url_lock:
        if not date.exists():
            try:
                with urllib.request.urlopen(url, timeout=60) as answer:
                    with open(body, "wb") as file:
                        while chunk := answer.read(CHUNK):
                            file.write(chunk)
                    headers = answer.headers
            except urllib.error.HTTPError as error:
                return error.code, None, None
            except OSError:
                return 502, None, None
            date.write_text(headers.get("Last-Modified", ""))
    return 200, body, date.read_text()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def setup(self):
        super().setup()
        with lock:
            connections.add(self.connection)

    def finish(self):
        with lock:
            connections.discard(self.connection)
        super().finish()

    def log_message(self, *args):
        pass

    def do_GET(self):
        if take("hold", self.path):
            say(f"held {self.path}")
            self.connection.settimeout(None)
            while self.rfile.read1():
                pass  # until the client has gone
            self.close_connection = True
            return
        if matches("missing", self.path):
            self.answer_empty(404)
            return
        status, body, date = fetch(self.path)
        if status != 200:
            self.answer_empty(status)
        elif date and self.headers.get("If-Modified-Since") == date:
            self.answer_empty(304)
        else:
            self.answer(body, date)

    def answer_empty(self, status):
        self.log(status, 0)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, body, date):
        size = body.stat().st_size
        start = self.first_byte(date)
        if start >= size:
            self.answer_empty(416)
            return
        with open(body, "rb") as file:
            file.seek(start)
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(size - start))
            self.send_header("Accept-Ranges", "bytes")
            if start:
                self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
            if date:
                self.send_header("Last-Modified", date)
            self.end_headers()
            sent = self.send_part(file, self.part_to_send(size - start))
        self.log(206 if start else 200, sent)
        if sent < size - start:
            self.close_connection = True

    def first_byte(self, date):
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if not found or self.headers.get("If-Range", date) != date:
            return 0
        return int(found[1])

    def part_to_send(self, size):
        """How many bytes of an answer are sent before the connection breaks."""
        global large_files
        if take("restart", self.path):
            self.server.restart_soon = True
            return size // 2
        if size < SMALLEST_CUT or fault("cut") is None:
            return size
        with lock:
            large_files += 1
            cut = large_files % 3 == 0
        if cut:
            say(f"cut {self.path}")
        return size // 2 if cut else size

    def send_part(self, file, size):
        pause = float(fault("slow") or 0)
        sent = 0
        try:
            while sent < size:
                chunk = file.read(min(CHUNK, size - sent))
                self.wfile.write(chunk)
                sent += len(chunk)
                if pause:
                    time.sleep(pause)
        except OSError:
            self.close_connection = True  # the client has gone
        if self.server.restart_soon:
            self.server.restart_soon = False
            threading.Thread(target=self.server.shutdown).start()
        return sent

    def log(self, status, size):
        with lock, open(FOLDER / "log", "a") as file:
            file.write(f"{status} {size} {self.path}\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    restart_soon = False

    def handle_error(self, request, client_address):
        pass  # a client that has gone


def drop_connections():
    with lock:
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def main():
    signal.alarm(int(sys.argv[2]))
    CACHE.mkdir(parents=True, exist_ok=True)
    FAULTS.mkdir(exist_ok=True)
    port = 0
    while True:
        with Server(("127.0.0.1", port), Handler) as server:
            say("restarted" if port else f"port {server.server_address[1]}")
            port = server.server_address[1]
            server.serve_forever(poll_interval=0.1)  # until a restart
        drop_connections()
        time.sleep(PAUSE_OF_RESTART)


if __name__ == "__main__":
    main()
