#!/bin/sh
# Runs every test, or passes its arguments to `cargo test`. First installs redis-server, OpenSSL, Python and Chromium if
# they are missing.
set -eu
cd "$(dirname "$0")/.."

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs a program. The arguments are its name, its packages for apt-get, dnf, apk and brew, and a hint for systems with
# none of these. If there are several packages for dnf, the first one that dnf knows is installed.
install() {
    echo "$1 is not installed. Installing it." >&2
    if command -v apt-get >/dev/null; then
        as_root apt-get update -qq
        # shellcheck disable=SC2086
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $2
    elif command -v dnf >/dev/null; then
        for package in $3; do
            as_root dnf install -y "$package" && return
        done
        exit 1
    elif command -v apk >/dev/null; then
        as_root apk add "$4"
    elif command -v brew >/dev/null; then
        brew install "$5"
    else
        echo "This script found no package manager that it knows. $6" >&2
        exit 1
    fi
}

command -v redis-server >/dev/null || install redis-server redis-server "redis valkey-compat-redis" redis redis \
    "Install Redis 7 or later, so that redis-server is on the PATH: https://redis.io/docs/latest/operate/oss_and_stack/install/"
command -v openssl >/dev/null || install openssl openssl openssl openssl openssl "Install OpenSSL 3, so that openssl is on the PATH."
python3 -c 'import venv, ensurepip' 2>/dev/null ||
    install "python3 with venv" "python3 python3-venv" python3 python3 python3 \
        "Install Python 3.10 or later, with venv, so that python3 is on the PATH."
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
    install chromium chromium chromium chromium chromium "Install Chromium, so that chromium is on the PATH."
tests/compat/venv.sh
# Most tests wait for a server, so run more of them at a time than there are processors.
export RUST_TEST_THREADS="${RUST_TEST_THREADS:-$(($(getconf _NPROCESSORS_ONLN) * 2))}"
if [ $# -gt 0 ]; then
    exec cargo test --workspace --locked "$@"
fi

# Most of the time, these tests wait: for a server, a browser or a clock. The examples in the documentation and the compiler
# messages for mistakes are compiled meanwhile, with what the tests leave of the processors.
cargo test --workspace --locked --no-run
mkdir -p target/test-logs
nice cargo test --workspace --exclude jwt-auth-macros --locked --doc >target/test-logs/doc 2>&1 &
doc=$!
# Cargo compiles dependencies for the features of all packages that it is given.
UI_PACKAGES=--workspace nice cargo test --workspace --locked --test ui >target/test-logs/ui 2>&1 &
ui=$!
status=0
cargo test --workspace --locked --lib --bins --tests --examples -- --skip compiler_messages || status=$?
wait $doc || status=$?
wait $ui || status=$?
cat target/test-logs/doc target/test-logs/ui
exit $status
