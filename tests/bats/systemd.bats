# The systemd cgroup manager, against a small manager on a bus of its own (systemd.py): what it is
# asked for, what is done when it is slow, refuses, fails or starts itself anew, and that no unit is
# left. tests/vm has the real one.

load helpers
load probe

is_for_us() {
	[ "$(id -u)" = 0 ] && [ ! -d /run/systemd/system ]
}

# One bus and one manager for all tests. Slices are systemd's to remove: this one removes none.
setup_file() {
	file_setup
	is_for_us || return 0
	PLACE=$BATS_FILE_TMPDIR/systemd
	export PLACE DBUS_SYSTEM_BUS_ADDRESS=unix:path=$PLACE/bus
	mkdir "$PLACE"
	cat >"$PLACE/bus.conf" <<-END
		<busconfig><type>system</type><listen>$DBUS_SYSTEM_BUS_ADDRESS</listen><auth>EXTERNAL</auth>
		<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
		</busconfig>
	END
	dbus-daemon --nofork --config-file="$PLACE/bus.conf" 2>/dev/null 3>&- 4>&- &
	echo $! >"$PLACE/pids"
	wait_until 10 [ -S "$PLACE/bus" ]
	"$HELPERS_DIR/systemd.py" serve "$PLACE" 3>&- 4>&- &
	echo $! >>"$PLACE/pids"
	wait_until 20 [ -e "$PLACE/ready" ]
}

teardown_file() {
	local pid
	is_for_us || return 0
	while read -r pid; do
		kill "$pid"
	done <"$PLACE/pids"
	rmdir /sys/fs/cgroup/{,*/}osl.slice/"$SLICE" /sys/fs/cgroup/{,*/}{osl,system}.slice 2>/dev/null ||
		true # systemd's own stay
}

SLICE=osl-test.slice # of no run: slices are left to systemd

setup() {
	[ ! -d /run/systemd/system ] || skip "systemd runs this machine: systemd-real.bats"
	test_setup
	osless features | jq -e .linux.cgroup.systemd >/dev/null || skip "built without libsystemd"
	PID_FILE=$BATS_TEST_TMPDIR/pid
	rm -f "$PLACE"/{mode,units,log}
	bundle_args sleep 1000
	bundle_config --arg path "$SLICE:test:$ID" '.linux.cgroupsPath = $path'
	UNIT=test-$ID.scope
}

mode() {
	rm -f "$PLACE/mode"
	[ -z "$1" ] || echo "$1" >"$PLACE/mode"
}

# told LINE: systemd was asked for just this.
told() {
	grep -qxF "$1" "$PLACE/log" || fail "systemd was not told: $1
$(cat "$PLACE/log")"
}

# limit_is CONTROLLER FILE VALUE
limit_is() {
	local value
	value=$(cat "/sys/fs/cgroup/$1/osl.slice/$SLICE/$UNIT/$1.$2")
	[ "$value" = "$3" ] || fail "$1.$2 is $value, not $3"
}

no_units() {
	[ "$(jq -c . "$PLACE/units" 2>/dev/null || echo '{}')" = "{}" ] || fail "units are left: $(cat "$PLACE/units")"
}

# left_nothing: after a create that failed.
left_nothing() {
	[ ! -e "$PID_FILE" ] || fail "the pid file is left" || return 1
	[ ! -e "$ROOT/$ID" ] || fail "the state directory is left" || return 1
	[ -z "$(list_container_cgroups)" ] || fail "cgroups are left: $(list_container_cgroups)" || return 1
	no_units || return 1
	assert_nothing_left
}

create() {
	run_osless "$@" --systemd-cgroup create --pid-file "$PID_FILE" -b "$BUNDLE" "$ID"
}

@test "create, start, exec, update, pause, kill, delete: one unit, told of every limit" {
	local pid dir
	bundle_config '.linux.resources = {
		memory: { limit: 100000000 }, pids: { limit: 50 }, cpu: { shares: 512, quota: 20000, period: 50000 },
		devices: [ { allow: false, access: "rwm" }, { allow: true, type: "c", major: 1, minor: 5, access: "rw" } ] } |
		.annotations = { "org.systemd.property.TimeoutStopSec": "7" }'
	create -0
	pid=$(<"$PID_FILE")
	told "start $UNIT Description=osless container $ID"
	told "start $UNIT Slice=$SLICE"
	told "start $UNIT PIDs=[$pid]"
	told "start $UNIT Delegate=true"
	told "start $UNIT TimeoutStopUSec=7000000"
	told "start $UNIT CollectMode=inactive-or-failed"
	told "start $UNIT TasksMax=51"
	told "start $UNIT CPUQuotaPerSecUSec=400000"
	told "start $UNIT DevicePolicy=strict"
	grep -q "^start $UNIT DeviceAllow=.*\[/dev/char/1:5,rwm\]" "$PLACE/log" || fail "$(<"$PLACE/log")"
	for dir in $(list_container_cgroups); do
		[[ $dir == */osl.slice/$SLICE/$UNIT ]] || fail "$dir"
		grep -qx "$pid" "$dir/cgroup.procs" || fail "init is not in $dir"
	done
	[ "$(list_container_cgroups | wc -l)" = "$(grep -c : /proc/self/cgroup)" ]
	limit_is memory limit_in_bytes 99999744
	run_osless -0 start "$ID"
	run_osless -3 exec "$ID" sh -c 'exit 3'
	run_osless -0 update --memory 64m --cpu-quota 10000 --pids-limit 60 "$ID"
	told "set $UNIT TasksMax=61 runtime=true"
	told "set $UNIT CPUQuotaPerSecUSec=200000 runtime=true"
	limit_is memory limit_in_bytes 67108864
	mode refuse
	run_osless -1 update --pids-limit 70 --memory 32m "$ID"
	assert_one_line_error "nothing is changed"
	limit_is pids max 61
	limit_is memory limit_in_bytes 67108864
	mode ""
	run_osless -0 pause "$ID"
	status_is "$ID" paused
	run_osless -0 resume "$ID"
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
	told "stop $UNIT"
	rm "$PID_FILE"
	left_nothing
}

@test "run: the exit status passes, and no unit is left; the default unit's name" {
	bundle_args sh -c 'exit 7'
	run_osless -7 --cgroup-manager systemd run -b "$BUNDLE" "$ID"
	left_nothing
	bundle_config 'del(.linux.cgroupsPath)'
	run_osless -7 --systemd-cgroup run -b "$BUNDLE" "$ID"
	told "start osless-$ID.scope Slice=system.slice"
	left_nothing
}

@test "a job that fails: the error says so, and the unit is gone" {
	mode failed
	create -1
	assert_one_line_error "its job ended as \"failed\""
	told "reset $UNIT"
	left_nothing
}

@test "a unit of that name: failed, it is reset; active, it is an error, and goes on" {
	local dir=/sys/fs/cgroup/freezer/osl.slice/$SLICE/$UNIT sleeper
	echo "{\"$UNIT\": {\"state\": \"failed\", \"cgroup\": \"/osl.slice/$SLICE/$UNIT\"}}" >"$PLACE/units"
	create -0
	told "reset $UNIT"
	run_osless -0 delete --force "$ID"
	rm "$PID_FILE"
	left_nothing
	echo "{\"$UNIT\": {\"state\": \"active\", \"cgroup\": \"/osl.slice/$SLICE/$UNIT\"}}" >"$PLACE/units"
	: >"$PLACE/log"
	mkdir -p "$dir"
	sleep 1000 3>&- 4>&- &
	sleeper=$!
	echo $sleeper >"$dir/cgroup.procs"
	create -1
	assert_one_line_error "$UNIT exists already and is active"
	kill $sleeper # fails where it is gone
	wait $sleeper || true # killed
	rmdir "$dir"
	jq -e --arg unit "$UNIT" '.[$unit].state == "active"' "$PLACE/units"
	! grep -q ^stop "$PLACE/log"
	rm "$PLACE/units"
	left_nothing
}

@test "systemd starts itself anew in the midst of a call: each is done once" {
	mode lost
	create -0
	[ "$(grep -c " PIDs=" "$PLACE/log")" = 1 ]
	mode lost
	run_osless -0 delete --force "$ID"
	[ "$(grep -c "^stop" "$PLACE/log")" = 1 ]
	rm "$PID_FILE"
	left_nothing
}

@test "a job whose signal is lost has ended all the same" {
	mode unheard
	create -0
	run_osless -0 delete --force "$ID"
	rm "$PID_FILE"
	left_nothing
}

# ask KIND WORD...: osless-systemd itself, with a short limit.
ask() {
	"$HELPERS_DIR/systemd.py" ask "${OSLESS%/*}/osless-systemd" \
		"$(osless --version | awk '/^osless/ { v = $3 } /^commit/ { print v " " $2 }')" 700 "$@"
}

@test "a job that does not end, and no answer at all: the time limit" {
	sleep 1000 3>&- 4>&- &
	local sleeper=$!
	mode never
	[[ $(ask start "$UNIT" Slice s "$SLICE" PIDs au 1 $sleeper) == *"failed 110 systemd has not started $UNIT within 700 ms" ]]
	mode ""
	[[ $(ask stop "$UNIT") == *$'\ndone 0' ]]
	[[ $(ask stop "$UNIT") == *$'\ndone 0' ]]
	wait $sleeper || true # killed with its unit
	mode deaf
	[[ $(ask start "$UNIT" Slice s "$SLICE") == *"failed 110 systemd does not answer" ]]
	no_units
}

@test "no systemd: said at once, with the cure" {
	unset DBUS_SYSTEM_BUS_ADDRESS
	create -1
	assert_one_line_error "use the cgroupfs driver"
	left_nothing
}

@test "killed at any point: delete --force leaves no unit" {
	local i
	for ((i = 0; i < 12; i++)); do
		OSLESS_TEST=$ID "$OSLESS" --root "$ROOT" --systemd-cgroup create -b "$BUNDLE" "$ID" \
			</dev/null >/dev/null 2>&1 3>&- 4>&- &
		sleep "0.$(printf %03d $((i * 8)))"
		kill -KILL $! 2>/dev/null || true # it may be through already
		wait $! 2>/dev/null || true       # killed
		run_osless -0 delete --force "$ID"
		# systemd forgets a scope when the last of its processes has ended; this one does not look.
		[ "$(jq -c . "$PLACE/units" 2>/dev/null || echo '{}')" = "{}" ] ||
			[[ $(ask stop "$UNIT") == *$'\ndone 0' ]]
		left_nothing || fail "round $i"
	done
}

@test "a record that is damaged: delete --force leaves no unit" {
	create -0
	echo '{' >"$ROOT/$ID/status"
	run_osless -0 delete --force "$ID"
	rm "$PID_FILE"
	left_nothing
}

@test "each row of create fails: the unit is gone" {
	local name
	[ -z "${OSLESS_FAULTS:-}" ] || OSLESS=$(realpath "$OSLESS_FAULTS/osless")
	OSLESS_FAIL="create:state directory" create
	[[ $stderr == *"injected failure"* ]] || skip "no --enable-fault-injection: set OSLESS_FAULTS"
	for name in plan cgroup "first process" "systemd unit" "process record" container "pid file" status; do
		OSLESS_FAIL="create:$name" create -1
		assert_one_line_error "injected failure"
		left_nothing || fail "row $name"
	done
}

@test "paths and annotations that cannot be: one line, and nothing is begun" {
	local want
	while IFS=' ' read -r path want; do
		bundle_config --arg path "$path" '.linux.cgroupsPath = $path'
		create -1
		assert_one_line_error "$want"
	done <<-'END'
		/docker/x takes slice:prefix:name
		system.slice:docker: no name
		system:docker:x must end in .slice
		a--b.slice:docker:x dash
		system.slice:docker:a+b letters, digits
	END
	bundle_config 'del(.linux.cgroupsPath) | .annotations = { "org.systemd.property.Conflicts": "['"'sshd.service'"']" }'
	create -1
	assert_one_line_error mayLoosen
	[ ! -s "$PLACE/log" ]
	left_nothing
}

@test "an upgrade: the helper of the version that made the container is kept, too" {
	local new=$OSLESS old=$BATS_TEST_TMPDIR/old
	ROOT=$BATS_FILE_TMPDIR/u$BATS_TEST_NUMBER
	mkdir "$ROOT"
	other_version "$old"
	OSLESS=$old/osless create -0
	rm -r "$old"
	run_osless -0 update --pids-limit 60 "$ID"
	told "set $UNIT TasksMax=61 runtime=true"
	run_osless -0 delete --force "$ID"
	told "stop $UNIT"
	OSLESS=$new create -0
	[ "$(find "$ROOT/.programs" -type f | wc -l)" = 2 ] # its own
	run_osless -0 delete --force "$ID"
	rm "$PID_FILE" # delete leaves it
	left_nothing
}
