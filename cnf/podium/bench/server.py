"""The server of examples/hello-http, in a pod and on the real Node.js, and what can be asked of it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time

from machine import TOP, real_node

HELLO = TOP / "examples/hello-http"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def first_byte(process, port, host, deadline=60):
    """Waits until a server answers with a first byte."""
    request = f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit(f"bench: {process.args[0]}: ended with status {process.returncode}, and is no server")
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as s:
                s.sendall(request)
                if s.recv(1).startswith(b"H") and b"200" in s.recv(20):
                    return
        except OSError:
            pass
        time.sleep(0.005)
    sys.exit(f"bench: no answer on port {port} within {deadline} s")


class Server:
    """A server process; stopped as a user would, with Ctrl-C."""

    def __init__(self, command, port, host, **environment):
        self.port, self.host = port, host
        before = time.monotonic()
        self.process = subprocess.Popen(
            [str(c) for c in command],
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            first_byte(self.process, port, host)
        except BaseException:
            self.__exit__()
            raise
        self.ready = (time.monotonic() - before) * 1000

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            sys.exit(f"bench: {self.process.args[0]}: does not end on Ctrl-C")

    def requests_per_second(self, connections, seconds):
        url = f"http://127.0.0.1:{self.port}/"
        wrk = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-H", f"Host: {self.host}", url]
        said = subprocess.run(wrk, check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in said:
            sys.exit(f"bench: wrk got errors:\n{said}")
        return float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1))


def podium_server():
    port = free_port()
    command = [TOP / "podium", "run", "--portal", f"http:3000={port}", HELLO]
    return Server(command, port, "hello-http-3000.localhost")


def node_server():
    port = free_port()
    return Server([real_node(), HELLO / "server.js"], port, "localhost", PORT=str(port))
