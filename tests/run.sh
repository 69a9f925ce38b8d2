#!/bin/sh
# Runs every test. Installs redis-server and Python first when there is none.
set -eu
cd "$(dirname "$0")/.."

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_redis() {
    echo "redis-server is not installed; installing it." >&2
    if command -v apt-get >/dev/null; then
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq redis-server
    elif command -v dnf >/dev/null; then
        as_root dnf install -y redis || as_root dnf install -y valkey-compat-redis
    elif command -v apk >/dev/null; then
        as_root apk add redis
    elif command -v brew >/dev/null; then
        brew install redis
    else
        echo "No package manager that this script knows. Install Redis 7 or later, so that" >&2
        echo "redis-server is on the PATH: https://redis.io/docs/latest/operate/oss_and_stack/install/" >&2
        exit 1
    fi
}

install_python() {
    echo "python3 with venv is not installed; installing it." >&2
    if command -v apt-get >/dev/null; then
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3 python3-venv
    elif command -v dnf >/dev/null; then
        as_root dnf install -y python3
    elif command -v apk >/dev/null; then
        as_root apk add python3
    elif command -v brew >/dev/null; then
        brew install python3
    else
        echo "No package manager that this script knows. Install Python 3.10 or later, with venv, so that" >&2
        echo "python3 is on the PATH." >&2
        exit 1
    fi
}

command -v redis-server >/dev/null || install_redis
python3 -c 'import venv, ensurepip' 2>/dev/null || install_python
tests/compat/venv.sh
cargo test --workspace --locked "$@"
