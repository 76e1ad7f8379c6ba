# The systemd cgroup manager where systemd runs the machine, with cgroup v2 alone (make check-vm).

load helpers
load probe

setup_file() {
	[ ! -d /run/systemd/system ] || systemctl start dbus.service systemd-logind.service 2>/dev/null || true # they may be missing
	file_setup
}

setup() {
	[ -d /run/systemd/system ] || skip "systemd does not run this machine"
	[ -e /sys/fs/cgroup/cgroup.controllers ] || skip "not on cgroup v2 alone"
	test_setup
	osless features | jq -e .linux.cgroup.systemd >/dev/null || skip "built without libsystemd"
	PID_FILE=$BATS_TEST_TMPDIR/pid
	UNIT=test-$ID.scope
	DIR=/sys/fs/cgroup/osl.slice/osl-test.slice/$UNIT
	bundle_args sleep 1000
	bundle_config --arg path "osl-test.slice:test:$ID" '.linux.cgroupsPath = $path'
}

# shows PROPERTY VALUE
shows() {
	[ "$(systemctl show -P "$1" "$UNIT")" = "$2" ] || fail "$1 is $(systemctl show -P "$1" "$UNIT"), not $2"
}

# holds FILE VALUE
holds() {
	[ "$(<"$DIR/$1")" = "$2" ] || fail "$1 is $(<"$DIR/$1"), not $2"
}

# For tests that take minutes on an emulated machine.
needs_time() {
	[ -n "${OSLESS_LONG:-}" ] || skip "takes minutes: make check-vm-full"
}

no_unit() {
	[ -z "$(systemctl list-units --all --no-legend "$UNIT")" ] && [ ! -e "$DIR" ]
}

# bats test_tags=vm
@test "create to delete: limits in the unit and in the cgroup, over a daemon-reload" {
	bundle_config '.linux.resources = {
		memory: { limit: 104857600, reservation: 52428800, swap: 157286400 }, pids: { limit: 50 },
		cpu: { shares: 512, quota: 20000, period: 50000, cpus: "0", mems: "0" }, blockIO: { weight: 500 },
		unified: { "memory.high": "94371840" },
		devices: [ { allow: false, access: "rwm" }, { allow: true, type: "c", major: 10, minor: 229, access: "rw" } ] } |
		.annotations = { "org.systemd.property.TimeoutStopSec": "7" }'
	run_osless -0 --systemd-cgroup create --pid-file "$PID_FILE" -b "$BUNDLE" "$ID"
	shows ControlGroup "${DIR#/sys/fs/cgroup}"
	shows Delegate yes
	shows MemoryMax 104857600
	shows MemoryHigh 94371840
	shows MemoryLow 52428800
	shows MemorySwapMax 52428800
	shows TasksMax 51
	shows CPUWeight 59
	shows AllowedCPUs 0
	shows IOWeight 4950
	shows DevicePolicy strict
	shows TimeoutStopUSec 7s
	[ "$(<"$DIR/cgroup.procs")" = "$(<"$PID_FILE")" ]
	run_osless -0 start "$ID"
	run_osless -0 exec "$ID" cat /proc/self/cgroup
	[[ $output == 0::/* ]]
	run_osless -0 update --memory 64m --memory-swap 96m --pids-limit 60 --cpu-quota 12345 "$ID"
	shows MemoryMax 67108864
	shows TasksMax 61
	holds cpu.max "12345 50000"
	systemctl daemon-reload
	holds memory.max 67108864
	holds memory.swap.max 33554432
	holds pids.max 61
	holds cpu.max "12500 50000" # systemd keeps whole percents, and rather too much than too little
	holds cpuset.cpus 0
	run_osless -0 exec "$ID" sh -c 'head -c 1 /dev/zero | wc -c'
	assert_output 1
	run_osless -0 pause "$ID"
	status_is "$ID" paused
	run_osless -0 resume "$ID"
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	run_osless -0 kill --all "$ID" KILL # as containerd does; the cgroup is gone by now
	run_osless -0 ps --format json "$ID"
	run_osless -0 delete "$ID"
	no_unit || fail "$(systemctl status "$UNIT")"
}

# bats test_tags=vm
@test "run: statuses, OOM, a program that leaves others behind; no unit stays" {
	bundle_args sh -c 'exit 7'
	run_osless -7 --systemd-cgroup run -b "$BUNDLE" "$ID"
	wait_until 5 no_unit
	bundle_args sh -c 'tail /dev/zero'
	bundle_config '.linux.resources.memory = { limit: 20971520, swap: 20971520 }'
	run_osless --systemd-cgroup run -b "$BUNDLE" "$ID"
	[ "$status" = 137 ] || [ "$status" = 1 ]
	wait_until 5 no_unit
	bundle_args sh -c 'sleep 1000 & sleep 1000'
	run_osless -0 --systemd-cgroup run -d -b "$BUNDLE" "$ID"
	run_osless -0 delete --force "$ID"
	no_unit
}

# bats test_tags=vm
@test "an active unit of that name is an error, and stays; systemctl stop ends a container" {
	systemd-run --scope --unit "$UNIT" --slice osl-test.slice sleep 1000 3>&- 4>&- &
	wait_until 10 systemctl is-active --quiet "$UNIT"
	run_osless -1 --systemd-cgroup create -b "$BUNDLE" "$ID"
	assert_one_line_error "exists already and is active"
	systemctl is-active --quiet "$UNIT"
	systemctl stop "$UNIT"
	wait $! || true # stopped
	run_osless -0 --systemd-cgroup run -d -b "$BUNDLE" "$ID"
	systemctl stop "$UNIT"
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
	no_unit
}

@test "systemd loads its units anew, and starts itself anew, all the while" {
	local i reloader
	needs_time
	(while sleep 0.2; do systemctl daemon-reload && systemctl daemon-reexec; done) >/dev/null 2>&1 3>&- 4>&- &
	reloader=$!
	for i in 1 2; do
		run_osless --systemd-cgroup run -d -b "$BUNDLE" "$ID" && [ "$status" = 0 ] || break
		run_osless update --pids-limit 70 "$ID" && [ "$status" = 0 ] || break
		run_osless delete --force "$ID" && [ "$status" = 0 ] || break
	done
	kill $reloader
	wait $reloader || true # killed
	[ "$status" = 0 ] || fail "round $i"
	wait_until 30 systemctl is-system-running --quiet || true # it takes connections again
	wait_until 20 no_unit
}

@test "the bus in place of systemd's own socket" {
	export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket
	[ -S /run/dbus/system_bus_socket ] || skip "no dbus-daemon"
	run_osless -0 --systemd-cgroup run -d -b "$BUNDLE" "$ID"
	run_osless -0 delete --force "$ID"
	no_unit
}

@test "containers one after the other: units do not grow in number" {
	local i before
	bundle_args true
	before=$(systemctl list-units --all --no-legend | wc -l)
	for ((i = 0; i < ${OSLESS_LONG:+190} + 10; i++)); do
		run_osless -0 --systemd-cgroup run -b "$BUNDLE" "$ID"
	done
	units_are() {
		[ "$(systemctl list-units --all --no-legend | wc -l)" -le $((before + 2)) ] # the slices
	}
	wait_until 10 units_are
}

@test "a user's own manager" {
	local home
	needs_time
	home=$(mktemp -d "/tmp/$ID-XXXXXX")
	cp "$OSLESS" "${OSLESS%/*}/osless-systemd" "$home/"
	cp -a "$BUNDLE/rootfs" "$home/rootfs"
	useradd --no-create-home --home-dir "$home" --uid 12345 osl-tester
	chown -R 12345:12345 "$home"
	systemctl start user@12345.service
	local as=(setpriv --reuid 12345 --regid 12345 --clear-groups env --chdir "$home" XDG_RUNTIME_DIR=/run/user/12345)
	"${as[@]}" "$home/osless" spec --rootless
	jq '.process.args = ["sleep", "1000"]' "$home/config.json" >"$home/new" && mv "$home/new" "$home/config.json"
	"${as[@]}" "$home/osless" --systemd-cgroup run -d "$ID" >"$home/out" 2>&1 3>&- 4>&- || status=$?
	output=$(<"$home/out")
	[ "${status:-0}" = 0 ] || fail "run"
	"${as[@]}" systemctl --user is-active "osless-$ID.scope"
	"${as[@]}" systemctl --user show -P ControlGroup "osless-$ID.scope"
	"${as[@]}" "$home/osless" delete --force "$ID"
	[ -z "$("${as[@]}" systemctl --user list-units --all --no-legend "osless-$ID.scope")" ]
	systemctl stop user@12345.service
	userdel osl-tester
	rm -rf "$home"
}
