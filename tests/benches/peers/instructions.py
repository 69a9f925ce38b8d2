#!/usr/bin/env python3
"""Counts the instructions per request of the Rocket app in the bench `peers`, with Valgrind: on each of its routes, and with
and without observers.

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


def run(program, path, audience, cache, count):
    """Returns the instructions of the whole program, and the status of the last response."""
    port = free_port()
    names = f'issuer="{ISSUER}", audience="{AUDIENCE}", access_ttl="1d", token_cache="{cache}"'
    environment = {
        "ROCKET_PORT": str(port), "ROCKET_WORKERS": "1", "ROCKET_LOG_LEVEL": "off",
        "ROCKET_JWT_AUTH": f'{{algorithm="HS256", secret="{SECRET}", {names}}}',
    }
    server = subprocess.Popen(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", PROGRAMS / program],
        env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )
    header = f"Authorization: Bearer {token(audience)}\r\n" if audience else ""
    message = f"GET {path} HTTP/1.1\r\nHost: a\r\n{header}\r\n".encode()
    with connect(port) as connection:
        statuses = [request(connection, message) for _ in range(count)]
    server.terminate()
    report = server.communicate()[1]
    return int(re.search(r"Collected : (\d+)", report).group(1)), statuses[-1]


def per_request(program, path="/jwt-auth", audience=AUDIENCE, cache="64MiB"):
    """Returns the instructions per request, and the status of the responses."""
    # The program also starts and stops, so only the difference between two runs is of interest.
    (few, _), (many, status) = [run(program, path, audience, cache, count) for count in (FEW, MANY)]
    return (many - few) / (MANY - FEW), status


def routes():
    base = None
    print("| route | instructions | open route / this route |\n| --- | --- | --- |")
    for name, case in {
        "Rocket, open": {"path": "/open", "audience": None},
        "Rocket, open, sent a token": {"path": "/open"},
        "**jwt-auth**, HS256": {},
        "**jwt-auth**, HS256, not cached": {"cache": "0B"},
        "rocket-jwt-authorization, HS256": {"path": "/rocket-jwt-authorization"},
    }.items():
        count, status = per_request("peer-rocket", **case)
        assert status == "200", f"{name}: {status}"
        base = base or count
        print(f"| {name} | {count:.0f} | {base / count:.2f} |", flush=True)


def observers():
    print("\n| response | instructions | observed | ratio |\n| --- | --- | --- | --- |")
    for audience in (AUDIENCE, "other.example.com"):
        (plain, status), (observed, _) = [
            per_request(program, audience=audience) for program in ("peer-rocket", "peer-rocket-observed")
        ]
        print(f"| {status} | {plain:.0f} | {observed:.0f} | {observed / plain:.2f} |", flush=True)


routes()
observers()
