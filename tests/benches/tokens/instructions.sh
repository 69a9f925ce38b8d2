#!/bin/sh
# Instructions and allocations for one token by Valgrind, of the bench `tokens`: the same from run to run, whatever
# else the machine does. Valgrind shows a program no SHA extensions, so hashing counts for more here than it costs.
#
#     tests/benches/tokens/instructions.sh [algorithm…]
set -eu
cd "$(dirname "$0")/../../.."
command -v valgrind >/dev/null || { echo "valgrind is needed: apt-get install valgrind, dnf install valgrind" >&2; exit 1; }
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

# An app and its keys are made as well: what more is allocated for more tokens.
allocations() { echo $((($(heap "$1" "$2" "$3" $((2 * count))) - $(heap "$1" "$2" "$3" $count)) / count)); }

printf '| | jsonwebtoken | jwt-auth | share | seen before | allocations: jsonwebtoken | jwt-auth | seen before |\n'
printf '| --- | --- | --- | --- | --- | --- | --- | --- |\n'
for algorithm in "$@"; do
    for what in verify sign; do
        theirs=$(instructions $what jsonwebtoken "$algorithm")
        ours=$(instructions $what jwt-auth "$algorithm")
        seen=– seen_allocations=–
        if [ $what = verify ]; then
            seen=$(($(instructions verify seen "$algorithm") / count))
            seen_allocations=$(allocations verify seen "$algorithm")
        fi
        awk -v name="$what $algorithm" -v theirs="$theirs" -v ours="$ours" -v count=$count -v seen="$seen" \
            -v more="$(allocations $what jsonwebtoken "$algorithm") | $(allocations $what jwt-auth "$algorithm") | $seen_allocations" \
            'BEGIN { printf "| %s | %d | %d | %.2f | %s | %s |\n", name, theirs / count, ours / count, ours / theirs, seen, more }'
    done
done
