#!/bin/sh
# Counts instructions and allocations per token in the bench `tokens`, with Valgrind. Unlike times, they do not vary with
# the load of the machine. Valgrind hides the SHA extensions of the processor, so hashing takes more instructions here
# than it does otherwise.
#
#     tests/benches/tokens/instructions.sh [algorithm…]
set -eu
cd "$(dirname "$0")/../../.."
command -v valgrind >/dev/null || { echo "This script needs Valgrind: apt-get install valgrind, or dnf install valgrind." >&2; exit 1; }
[ $# -gt 0 ] || set -- HS256 RS256 ES256 EdDSA
bench=$(cargo bench -p jwt-auth-tests --bench tokens --no-run --message-format=json --locked |
    sed -n 's/.*"name":"tokens".*"executable":"\([^"]*\)".*/\1/p')
count=20

instructions() {
    valgrind --tool=callgrind --toggle-collect='tokens::counted' --callgrind-out-file=/dev/null \
        "$bench" --once "$1" "$2" "$3" $count 2>&1 | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

heap() {
    valgrind --leak-check=no "$bench" --once "$1" "$2" "$3" "$4" 2>&1 |
        sed -n 's/.*total heap usage: \([0-9,]*\) allocs.*/\1/p' | tr -d ,
}

# The program also creates an app and its keys, so only the difference between two counts is of interest.
allocations() { echo $((($(heap "$1" "$2" "$3" $((2 * count))) - $(heap "$1" "$2" "$3" $count)) / count)); }

printf '| | jsonwebtoken | jwt-auth | ratio | cached | allocations: jsonwebtoken | jwt-auth | cached |\n'
printf '| --- | --- | --- | --- | --- | --- | --- | --- |\n'
for algorithm in "$@"; do
    for what in verify sign; do
        theirs=$(instructions $what jsonwebtoken "$algorithm")
        ours=$(instructions $what jwt-auth "$algorithm")
        cached=– cached_allocations=–
        if [ $what = verify ]; then
            cached=$(($(instructions verify cached "$algorithm") / count))
            cached_allocations=$(allocations verify cached "$algorithm")
        fi
        awk -v name="$what $algorithm" -v theirs="$theirs" -v ours="$ours" -v count=$count -v cached="$cached" \
            -v more="$(allocations $what jsonwebtoken "$algorithm") | $(allocations $what jwt-auth "$algorithm") | $cached_allocations" \
            'BEGIN { printf "| %s | %d | %d | %.2f | %s | %s |\n", name, theirs / count, ours / count, ours / theirs, cached, more }'
    done
done
