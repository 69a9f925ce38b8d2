#!/usr/bin/env python3
"""Counts the instructions per request of the Rocket app in the bench `peers`, with and without observers, with Valgrind.

Unlike times, they do not vary with the load of the machine. Run `cargo bench -p jwt-auth-tests --bench peers` first, which
builds the programs.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import socket
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = HERE / "../../../target/peers/release"
SECRET = (HERE / "secret.txt").read_text()
ISSUER, AUDIENCE = "https://auth.example.com", "api.example.com"
FEW, MANY = 500, 2500


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(audience):
    """Returns a token that is valid for a day."""
    now = int(time.time())
    header = {"alg": "HS256", "typ": "at+jwt"}
    claims = {
        "sub": "9c5b94b1-35ad-49bb-b118-8e8fc24abf80", "username": "ann", "roles": ["editor", "admin"],
        "iss": ISSUER, "aud": audience, "iat": now, "exp": now + 86_000, "jti": "9c5b94b1-35ad-49bb-b118-8e8fc24abf81",
    }
    signed = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
    return signed + "." + encode(hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest())


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def connect(port):
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except OSError:
            time.sleep(0.2)


def request(connection, message):
    """Sends a request and returns the status of the response."""
    connection.sendall(message)
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65_536)
    head, body = data.split(b"\r\n\r\n", 1)
    length = int(re.search(rb"content-length: (\d+)", head.lower()).group(1))
    while len(body) < length:
        body += connection.recv(65_536)
    return head.split()[1].decode()


def run(program, audience, count):
    """Returns the instructions of the whole program, and the status of the last response."""
    port = free_port()
    settings = f'{{algorithm="HS256", secret="{SECRET}", issuer="{ISSUER}", audience="{AUDIENCE}", access_ttl="1d"}}'
    environment = {"ROCKET_PORT": str(port), "ROCKET_WORKERS": "1", "ROCKET_LOG_LEVEL": "off"}
    server = subprocess.Popen(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", PROGRAMS / program],
        env={**os.environ, **environment, "ROCKET_JWT_AUTH": settings},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )
    message = f"GET /jwt-auth HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token(audience)}\r\n\r\n".encode()
    with connect(port) as connection:
        statuses = [request(connection, message) for _ in range(count)]
    server.terminate()
    report = server.communicate()[1]
    return int(re.search(r"Collected : (\d+)", report).group(1)), statuses[-1]


print("| response | instructions | observed | ratio |\n| --- | --- | --- | --- |")
for audience in (AUDIENCE, "other.example.com"):
    counts = []
    for program in ("peer-rocket", "peer-rocket-observed"):
        # The program also starts and stops, so only the difference between two runs is of interest.
        (few, _), (many, status) = run(program, audience, FEW), run(program, audience, MANY)
        counts.append((many - few) / (MANY - FEW))
    print(f"| {status} | {counts[0]:.0f} | {counts[1]:.0f} | {counts[1] / counts[0]:.2f} |", flush=True)
