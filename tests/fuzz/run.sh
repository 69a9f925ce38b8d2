#!/bin/sh
# Builds the fuzz targets and runs each one from its seeds, for a number of seconds. If an input breaks a property, the
# script prints the input and fails.
#
#     tests/fuzz/run.sh [seconds] [target…]
#
# This does what `cargo fuzz` does, but with the installed toolchain and without a sanitizer, because the crates contain
# no unsafe code. FUZZ_PROFILE=dev builds without optimization, which is faster for a short run. New inputs are kept in
# target/fuzz/corpus for the next run. The seeds do not change.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- bearer verifier claims jwk_set refresh_body configuration

command -v c++ >/dev/null || { echo "libFuzzer needs a C++ compiler: install g++ or clang, so that c++ is on the PATH." >&2; exit 1; }
host=$(rustc -vV | sed -n 's/^host: //p')
work=target/fuzz
profile=${FUZZ_PROFILE:-release}
output=$profile
[ "$profile" != dev ] || output=debug

# The same versions of the dependencies as in the workspace.
[ tests/fuzz/Cargo.lock -nt Cargo.lock ] || cp Cargo.lock tests/fuzz/Cargo.lock

# The flags of cargo-fuzz. Because of --target, they do not apply to build scripts and macros.
coverage="level=4 inline-8bit-counters pc-table trace-compares stack-depth"
flags="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-simplifycfg-branch-fold-threshold=0"
for pass in $coverage; do flags="$flags -Cllvm-args=-sanitizer-coverage-$pass"; done
RUSTFLAGS=$flags cargo build --profile "$profile" --manifest-path tests/fuzz/Cargo.toml --target "$host" --target-dir $work

for target in "$@"; do
    mkdir -p $work/corpus/"$target" $work/artifacts/"$target"
    log=$work/$target.log
    # The settings in the environment must not affect a run.
    if ! env -u JWT_SECRET_KEY -u JWT_ALGORITHM -u REDIS_URL -u REDIS_HOST \
        $work/"$host/$output/$target" $work/corpus/"$target" tests/fuzz/seeds/"$target" \
        -artifact_prefix=$work/artifacts/"$target"/ -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 \
        -print_final_stats=1 >"$log" 2>&1
    then
        tail -n 60 "$log" >&2
        input=$(sed -n 's/^.*Test unit written to //p' "$log" | tail -n 1)
        [ -z "$input" ] || { printf '%s: %s\n' "$target" "$input" >&2; cat -v "$input" >&2; }
        exit 1
    fi
    awk -v target="$target" '
        /stat::number_of_executed_units/ { units = $2 }
        /stat::average_exec_per_sec/ { rate = $2 }
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") edges = $(i + 1) }
        END { printf "%-14s %10d executions, %6d per second, %6d edges covered\n", target, units, rate, edges }' "$log"
done
