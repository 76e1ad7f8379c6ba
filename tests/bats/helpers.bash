# What every bats file loads: a busybox bundle made on the spot, osless under a private root and a
# time limit, and a proof after each test that nothing is left (check-leaks.bash).
#
#     load helpers
#
#     @test "run passes the exit status on" {
#         bundle_args sh -c 'exit 7'
#         run_osless -7 run -b "$BUNDLE" "$ID"
#     }
#
# setup makes BUNDLE and ID; further containers of a test are called "$ID-a", "$ID-b", ...
# A file that defines its own setup or teardown calls test_setup or test_teardown in it.
#
# From the environment: OSLESS (program under test), OSLESS_OPTIONS (global options besides, such as
# --systemd-cgroup), OSLESS_TIMEOUT (seconds a command may take), and SLOWNESS, by which all time limits
# are multiplied: more than 1 on an emulated machine.

bats_require_minimum_version 1.5.0
HELPERS_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=check-leaks.bash
source "$HELPERS_DIR/check-leaks.bash"

OSLESS=$(realpath -m "${OSLESS:-./osless}")
SLOWNESS=${SLOWNESS:-1}
OSLESS_TIMEOUT=${OSLESS_TIMEOUT:-$((20 * SLOWNESS))}
# The run's mark in all names, and this file's root. Paths stay short: sockets lie in the root.
TAG=osl-${BATS_RUN_TMPDIR##*-}
ROOT=$BATS_FILE_TMPDIR/root

setup_file() {
	file_setup
}

setup() {
	test_setup
}

teardown() {
	test_teardown
}

file_setup() {
	mkdir -p "$ROOT"
	[ "$(id -u)" != 0 ] || make_rootfs "$BATS_FILE_TMPDIR/rootfs"
}

test_setup() {
	[ "$(id -u)" = 0 ] || skip "containers need root"
	ID=$TAG-$BATS_SUITE_TEST_NUMBER
	CALLS=0
	make_bundle "$BATS_TEST_TMPDIR/bundle"
	leaks_snapshot
}

# Deletes what the test made, fails it if that leaves anything, and then cleans up by force.
test_teardown() {
	local leaked=0
	[ -n "${ID:-}" ] || return 0 # skipped before it had one
	delete_containers
	assert_nothing_left || leaked=1
	leaks_remove
	return $leaked
}

# make_rootfs DIR: busybox and its applets, and the two users that `id` should name.
make_rootfs() {
	mkdir -p "$1"/{bin,dev,etc,proc,root,sys,tmp}
	cp "$(command -v busybox)" "$1/bin/busybox"
	# Relative links: a test that writes to an applet's name must not write to the host's busybox.
	# shellcheck disable=SC2016 # perl's
	"$1/bin/busybox" --list | DIR="$1/bin" perl -ne 'chomp; symlink "busybox", "$ENV{DIR}/$_"'
	printf '%s\n' root:x:0:0:root:/root:/bin/sh nobody:x:65534:65534:nobody:/:/bin/sh >"$1/etc/passwd"
	printf '%s\n' root:x:0: nobody:x:65534: >"$1/etc/group"
}

# make_bundle DIR: a bundle of its own that may be spoilt, with the default config; sets BUNDLE. Only
# the applets' links are shared with other tests' bundles: to make hundreds takes a quarter of a second.
make_bundle() {
	BUNDLE=$1
	mkdir -p "$BUNDLE"
	cp -al "$BATS_FILE_TMPDIR/rootfs" "$BUNDLE/rootfs"
	cp -a --remove-destination "$BATS_FILE_TMPDIR/rootfs/bin/busybox" "$BUNDLE/rootfs/bin/busybox"
	cp -a --remove-destination "$BATS_FILE_TMPDIR/rootfs/etc/." "$BUNDLE/rootfs/etc"
	cp "$HELPERS_DIR/config.json" "$BUNDLE/config.json"
}

# bundle_config [JQ-OPTION...] FILTER: edits the bundle's config.json.
bundle_config() {
	jq "$@" "$BUNDLE/config.json" >"$BUNDLE/config.json.new" &&
		mv "$BUNDLE/config.json.new" "$BUNDLE/config.json"
}

# bundle_args PROGRAM [ARGUMENT...]: what the container runs; applets need no path.
bundle_args() {
	jq '.process.args = $ARGS.positional' "$BUNDLE/config.json" --args -- "$@" \
		>"$BUNDLE/config.json.new" && mv "$BUNDLE/config.json.new" "$BUNDLE/config.json"
}

# osless ARGUMENT...: with the private root and a time limit. Bats' own fds stay out, or a container
# left running would keep bats waiting for their end.
osless() {
	OSLESS_TEST=$ID timeout -k 5 "$OSLESS_TIMEOUT" \
		"$OSLESS" --root "$ROOT" ${OSLESS_OPTIONS:-} "$@" 3>&- 4>&-
}

# run_osless [-STATUS|!] ARGUMENT...: as bats' run, but through files, so that a detached container
# which keeps its stdout does not hang the test. Sets status, output (stdout), stderr, lines; OUT
# names the file that a detached container goes on writing to. -STATUS demands that exit status, !
# any but 0; without either every status will do. A command over its time limit fails the test.
run_osless() {
	local want=
	case ${1:-} in
	-[0-9]*) want=${1#-} && shift ;;
	!) want=! && shift ;;
	esac
	CALLS=$((CALLS + 1))
	OUT=$BATS_TEST_TMPDIR/out.$CALLS
	status=0
	osless "$@" </dev/null >"$OUT" 2>"$OUT.err" || status=$?
	output=$(<"$OUT")
	stderr=$(<"$OUT.err")
	# shellcheck disable=SC2034 # for the test
	mapfile -t lines <<<"$output"
	check_status "$want" "osless $*"
}

# check_status WANT WHAT: as run_osless' first argument says.
check_status() {
	case $status:$1 in
	124:124 | 137:137) return 0 ;;
	124:*) fail "$2: still running after $OSLESS_TIMEOUT s" ;;
	0:!) fail "$2: exit status 0, want a failure" ;;
	*:! | *:) return 0 ;;
	*) [ "$status" = "$1" ] || fail "$2: exit status $status, want $1" ;;
	esac
}

# fail TEXT: the test's last output, with what the last osless said.
fail() {
	printf '%s\n' "$1" "stdout: ${output:-}" "stderr: ${stderr:-}" >&2
	return 1
}

# assert_output TEXT, assert_stderr PART: what the last run_osless wrote.
assert_output() {
	[ "$output" = "$1" ] || fail "stdout is not: $1"
}

assert_stderr() {
	[[ $stderr == *"$1"* ]] || fail "stderr lacks: $1"
}

# assert_one_line_error PART: failures say what and how to cure it on one line.
assert_one_line_error() {
	assert_stderr "$1" || return 1
	[[ $stderr != *$'\n'* ]] || fail "stderr has more than one line"
}

# await_pidfd SOCKET: listens there, in process $AWAITS; the pid behind the pidfd that comes goes to SOCKET.pid.
await_pidfd() {
	python3 - "$1" >"$1.pid" 3>&- 4>&- <<'PYTHON' &
import array, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen(1)
listener.settimeout(20)
peer = listener.accept()[0]
data, extra, _, _ = peer.recvmsg(64, socket.CMSG_SPACE(4))
fd = array.array("i", extra[0][2][:4])[0]
for line in open("/proc/self/fdinfo/%d" % fd):
    if line.startswith("Pid:"):
        print(line.split()[1])
PYTHON
	AWAITS=$!
	wait_until 5 test -S "$1"
}

# wait_until SECONDS COMMAND...: until it succeeds; SLOWNESS times as long.
wait_until() {
	local end=$((SECONDS + $1 * SLOWNESS))
	shift
	until "$@"; do
		[ $SECONDS -le $end ] || return 1
		sleep 0.05
	done
}

# container_status ID: creating, created, running, paused, stopped; nothing where there is none.
container_status() {
	local state
	state=$(osless state "$1" 2>/dev/null) || return 0
	[[ $state =~ \"status\":\ *\"([a-z]+)\" ]] && echo "${BASH_REMATCH[1]}"
}

status_is() {
	[ "$(container_status "$1")" = "$2" ]
}

# wait_status ID STATUS
wait_status() {
	wait_until 10 status_is "$1" "$2" || fail "$1 is $(container_status "$1"), not $2"
}

# freezer_of PID: the cgroup by which it is frozen, v1's or v2's.
freezer_of() {
	local path
	if path=$(grep -o ':freezer:.*' "/proc/$1/cgroup"); then
		echo "/sys/fs/cgroup/freezer${path#:freezer:}"
	else
		echo "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$1/cgroup")"
	fi
}

# set_frozen CGROUP 1|0: and waits until it is so.
set_frozen() {
	local state=THAWED
	if [ -e "$1/cgroup.freeze" ]; then
		echo "$2" >"$1/cgroup.freeze"
		wait_until 2 grep -qx "frozen $2" "$1/cgroup.events"
	else
		[ "$2" = 0 ] || state=FROZEN
		echo $state >"$1/freezer.state"
		wait_until 2 grep -qx $state "$1/freezer.state"
	fi
}

# Those that the test made, by ID; others' containers in the same root stay.
delete_containers() {
	local state
	for state in "$ROOT/$ID"*; do
		[ -d "$state" ] || continue
		osless delete --force "${state##*/}" >/dev/null 2>&1 || true # leaks_remove sees to the rest
	done
}
