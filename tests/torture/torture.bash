# What the bats files here share: torture.c run in a container, in all kinds of PID namespace, and
# looked at from the host.
#
# Most scenarios run with a main process that lives on (and whose exit status must then be passed
# on), and with one that dies at once.
#
#     load ../bats/helpers
#     load ../bats/probe
#     load torture

SETTLE_MS=$((1000 * SLOWNESS))
WITHIN_MS=$((600 * SLOWNESS)) # dev.osless.handle-within, .zombie-within
READY_S=3
DIE_STATUS=43 # as in torture.c
LIVE_STATUS=7

setup_file() {
	local cc=cc
	file_setup
	! command -v musl-gcc >/dev/null || cc=musl-gcc
	TORTURE=$BATS_FILE_TMPDIR/torture
	CENSUS=$BATS_FILE_TMPDIR/census
	export TORTURE CENSUS
	$cc -static -O1 -pthread -std=gnu11 -D_GNU_SOURCE -DWITHIN_MS="$WITHIN_MS" -o "$TORTURE" \
		"$BATS_TEST_DIRNAME"/{torture,families,escapes,stops,latency,waits}.c
	cc -O1 -std=gnu11 -D_GNU_SOURCE -o "$CENSUS" "$BATS_TEST_DIRNAME/census.c"
	[ "$(id -u)" = 0 ] || return 0
	hold --pid --fork
	JOINED=/proc/$(children_of "$HOLDER")/ns/pid
	export HOLDER JOINED
}

teardown_file() {
	[ -z "${HOLDER:-}" ] || release
}

setup() {
	test_setup
	mkfifo "$BUNDLE/rootfs/go"
	POLICY_OPTION=
	PROBLEMS=$BATS_TEST_TMPDIR/problems
	: >"$PROBLEMS"
}

teardown() {
	[ ! -s "${PROBLEMS:-/dev/null}" ] || cat "$PROBLEMS" >&2
	test_teardown
}

# -------------------------------------------------------------------------------------- settings

# in_all_settings COMMAND...: each with all kinds of PID namespace: the container's own, the host's,
# and one that it joins, whose first process has nothing to do with it. What goes wrong is noted by
# `problem`, so that one run of a test shows all of it; fails then.
in_all_settings() {
	in_settings "own host joined" "$@"
}

# in_settings "KIND..." COMMAND...
in_settings() {
	local kind command letter
	for kind in $1; do
		pid_namespace "$kind"
		for command in "${@:2}"; do
			SETTING="$kind PID namespace, $command"
			letter=${kind:0:1}${command:0:1}
			name_program "$ID$letter"
			$command || true
			osless delete --force "$ID" >/dev/null 2>&1 || problem "cannot be deleted" || true
		done
	done
	[ ! -s "$PROBLEMS" ]
}

# pid_namespace own|host|joined
pid_namespace() {
	case $1 in
	own) namespace pid ;;
	host) no_namespace pid ;;
	joined) namespace pid "$JOINED" ;;
	esac
}

# name_program NAME: comm, which marks the payload's processes, zombies too; another one each time,
# lest one setting's leavings are taken for the next one's.
name_program() {
	NAME=${1#osl-}
	[ ${#NAME} -le 15 ] || fail "$NAME is too long for comm"
	cp "$TORTURE" "$BUNDLE/rootfs/bin/$NAME"
}

# problem TEXT: fails.
problem() {
	printf '%s\n' "$SETTING: $1" >>"$PROBLEMS"
	return 1
}

# torture SCENARIO [OTHERS [LINE...]]: with main alive and dying. OTHERS are left beside a live main,
# which has written these lines.
torture() {
	SCENARIO=$1 OTHERS=${2:-0} WANTED=("${@:3}")
	in_settings "own host" live die
	in_settings joined live
}

live() {
	local line
	start_torture "$SCENARIO" || return 1
	census "$SETTLE_MS" "$OTHERS"
	for line in "${WANTED[@]}"; do
		said "$line" || problem "not said: $line; but: $(paste -s -d , "$RUN_OUT")"
	done
	end_torture
}

die() {
	bundle_args "/bin/$NAME" "$SCENARIO" die
	# shellcheck disable=SC2086 # words
	OSLESS_TIMEOUT=$((5 * SLOWNESS)) run_osless $POLICY_OPTION run -b "$BUNDLE" "$ID"
	[ "$status" = $DIE_STATUS ] || problem "exit status $status, not $DIE_STATUS: $stderr"
	CGROUP=/nonexistent SPARE=() # they went with run
	census 0 0
}

# --------------------------------------------------------------------------- from the host's side

# start_torture SCENARIO: `osless run` in the background, until main, which lives, is ready. Sets
# RUNNER, RUN_OUT, CGROUP, and SPARE: init with its guard, and main.
start_torture() {
	bundle_args "/bin/$NAME" "$1" live
	RUN_OUT=$BATS_TEST_TMPDIR/run.out
	: >"$RUN_OUT"
	# shellcheck disable=SC2086 # words
	OSLESS_TEST=$ID "$OSLESS" --root "$ROOT" $POLICY_OPTION run --pid-file "$BATS_TEST_TMPDIR/pid" \
		-b "$BUNDLE" "$ID" </dev/null >"$RUN_OUT" 2>"$RUN_OUT.err" 3>&- 4>&- &
	RUNNER=$!
	wait_until "$READY_S" said ready || abandon "not ready: $(cat "$RUN_OUT" "$RUN_OUT.err")" || return 1
	CGROUP=$(list_container_cgroups | grep -F /pids/ || list_container_cgroups | head -n 1)
	spare_inits "$(<"$BATS_TEST_TMPDIR/pid")"
	SPARE+=("$(member_called torture-main)")
}

# spare_inits PID: that, and its child that runs the same program: init below its guard.
spare_inits() {
	local child
	SPARE=("$1")
	for child in $(children_of "$1"); do
		[ "$(readlink "/proc/$child/exe")" != "$(readlink "/proc/$1/exe")" ] || SPARE+=("$child")
	done
}

said() {
	grep -qx -- "$1" "$RUN_OUT"
}

# members_called COMM: host pids of the container's processes.
members_called() {
	local pid name
	while read -r pid; do
		{ read -r name <"/proc/$pid/comm"; } 2>/dev/null || continue # gone meanwhile
		[ "$name" != "$1" ] || echo "$pid"
	done <"$CGROUP/cgroup.procs"
}

member_called() {
	members_called "$1" | head -n 1
}

# census WITHIN_MS OTHERS[:AT-REST]: that many processes besides SPARE, and all of them run, or so
# many do not.
census() {
	"$CENSUS" "$NAME" "$CGROUP" "$1" "$2" "${SPARE[@]}" >"$BATS_TEST_TMPDIR/census" ||
		problem "$(head -n 12 "$BATS_TEST_TMPDIR/census")"
}

# end_torture: main ends with LIVE_STATUS, which run must pass on; nothing is left.
end_torture() {
	# shellcheck disable=SC2016 # for the other shell
	timeout $((2 * SLOWNESS)) sh -c 'echo "$1" >"$2"' sh "$LIVE_STATUS" "$BUNDLE/rootfs/go" 2>/dev/null ||
		abandon "main does not ask for its status" || return 1
	wait_until 2 runner_has_ended || abandon "run goes on after main's end" || return 1
	status=0
	wait "$RUNNER" || status=$?
	[ "$status" = "$LIVE_STATUS" ] || problem "exit status $status, not $LIVE_STATUS"
	census 0 0
}

runner_has_ended() {
	! kill -0 "$RUNNER" 2>/dev/null
}

# abandon TEXT: a problem after which this container is of no use. Fails.
abandon() {
	osless delete --force "$ID" >/dev/null 2>&1 || kill -KILL "$RUNNER"
	wait "$RUNNER" || true # it was killed
	problem "$1"
}

# kill_head: of the family.
kill_head() {
	kill -KILL "$(member_called torture-head)" && wait_until 2 said dead ||
		abandon "main has not seen the head die"
}

# ------------------------------------------------------------------------------ what is recorded

# told KIND: what the journal has of this event, in order, a line "PID PARENT ACTION COMM PARENT-COMM
# NUMBER" each; "-" is what it does not know.
told() {
	osless events --no-follow "$ID" | jq -r --arg kind "$1" '
		select(.type == "osless") | .data | select(.event == $kind) |
		"\(.pid // "-") \(.parent // "-") \(.action) \(.comm // "-") \(.parent_comm // "-") \(.number)"'
}

# told_of KIND: to how many processes these records amount.
told_of() {
	told "$1" | awk -v kind="$1" '{ n += 1 + (kind == "orphan" ? $6 : 0) } END { print n + 0 }'
}

# tells_of KIND COUNT: so many.
tells_of() {
	[ "$(told_of "$1")" = "$2" ]
}
