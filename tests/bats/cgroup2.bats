# cgroup v2 alone: what each member of linux.resources becomes there, what only v2 has, and limits
# verified from inside, also when they change. (What is the same in v1 and v2: spec-*.bats.)

load helpers
load probe

MIB=1048576

setup() {
	test_setup
	is_v2 || skip "needs cgroup v2 alone"
	if by_systemd; then
		DIR=$(container_cgroup any)
	else
		use_path "/$ID"
	fi
}

# use_path PATH: below the root of all cgroups.
use_path() {
	DIR=/sys/fs/cgroup$1
	bundle_config --arg path "$1" '.linux.cgroupsPath = $path'
}

# has FILE VALUE: the container's file has this line.
has() {
	grep -qxF -- "$2" "$DIR/$1" || fail "$1 is $(cat "$DIR/$1"), not $2"
}

# in_file FILE KEY: the value of a line "KEY value".
in_file() {
	awk -v key="$2" '$1 == key { print $2 }' "$DIR/$1"
}

# disk: major:minor of a block device of this machine.
disk() {
	local dev
	for dev in /sys/block/*/dev; do
		case $dev in */loop* | */ram*) ;; *) cat "$dev" && return ;; esac
	done
	skip "no disk here"
}

# bats test_tags=vm
@test "every member of linux.resources has its file" {
	local disk
	disk=$(disk)
	bundle_config --argjson major "${disk%:*}" --argjson minor "${disk#*:}" '
		{ $major, $minor } as $disk | .linux.resources += {
			memory: { limit: 67108864, reservation: 1048576, swap: 134217728 },
			cpu: { shares: 512, quota: 20000, period: 50000, burst: 1000, cpus: "0", mems: "0" },
			pids: { limit: 20 }, hugepageLimits: [ { pageSize: "2MB", limit: 4194304 } ],
			blockIO: { weight: 500, throttleReadBpsDevice: [ $disk + { rate: 1048576 } ],
				throttleWriteIOPSDevice: [ $disk + { rate: 100 } ] },
			unified: { "memory.high": "33554432", "memory.oom.group": "1" } }'
	run_osless -0 create -b "$BUNDLE" "$ID"
	[ -z "$stderr" ] || fail "$stderr"
	has memory.max 67108864
	has memory.low 1048576
	has memory.high 33554432
	has memory.oom.group 1
	[ ! -e "$DIR/memory.swap.max" ] || has memory.swap.max 67108864
	has cpu.weight 59 # 39 by the old straight line
	has cpu.max "20000 50000"
	has cpu.max.burst 1000
	has cpuset.cpus 0
	has cpuset.mems 0
	has pids.max 21
	has hugetlb.2MB.max 4194304
	has hugetlb.2MB.rsvd.max 4194304
	has io.max "$disk rbps=1048576 wbps=max riops=max wiops=100"
	if [ -e "$DIR/io.bfq.weight" ]; then
		has io.bfq.weight "default 500"
	else
		has io.weight "default 4950"
	fi
	run_osless -0 delete --force "$ID"
	bundle_config '.linux.resources.cpu = { idle: 1, shares: 512 }'
	run_osless -0 create -b "$BUNDLE" "$ID"
	has cpu.idle 1
	assert_stderr "cpu.shares is not applied: an idle cgroup"
}

@test "unified: what cannot be set is told" {
	bundle_config '.linux.resources.unified = { "memory.nonsense": "1" }'
	refuses memory.nonsense "this kernel has no such file"
	bundle_config '.linux.resources.unified = { "net_cls.classid": "1" }'
	refuses net_cls.classid "not available"
	bundle_config '.linux.resources.unified = { "cgroup.procs": "1" }'
	refuses cgroup.procs "runtime's"
}

# has_no_quota: with the period that was asked for, which systemd writes only with a quota.
has_no_quota() {
	if by_systemd; then
		[[ $(<"$DIR/cpu.max") == "max "* ]] || fail "cpu.max is $(<"$DIR/cpu.max")"
	else
		has cpu.max "max 50000"
	fi
}

# bats test_tags=vm
@test "update changes each limit while the program runs" {
	bundle_config '.linux.resources.memory.limit = 67108864'
	start_inside sleep 100
	run_osless -0 update --memory 32m --memory-reservation 16m --pids-limit 30 --cpu-share 2048 \
		--cpu-period 50000 --cpuset-cpus 0 --blkio-weight 100 "$ID"
	has memory.max $((32 * MIB))
	has memory.low $((16 * MIB))
	has pids.max 31
	has cpu.weight 174
	has_no_quota
	has cpuset.cpus 0
	run_osless -0 update --cpu-quota 25000 "$ID"
	has cpu.max "25000 50000"
	run_osless -0 update --cpu-quota -1 --memory -1 --pids-limit -1 "$ID"
	has_no_quota
	has memory.max max
	has pids.max max
	mkdir "$DIR/sub"
	run_osless -0 exec --cgroup sub "$ID" cat /proc/self/cgroup
	assert_output 0::/sub
	run_osless -1 update --memory 16m --cpu-quota 10 "$ID"
	assert_one_line_error "nothing is changed: set cpu.quota"
	has memory.max max
}

# bats test_tags=vm
@test "memory: beyond it the program is killed, events and explain say why; update reaches it" {
	bundle_config ".linux.resources.memory = { limit: $((64 * MIB)), swap: $((64 * MIB)) }"
	start_inside sleep 100
	run_osless -0 exec "$ID" probe hog 40
	run_osless -0 update --memory 16m --memory-swap 16m "$ID"
	run_osless -137 exec "$ID" probe hog 40
	run_osless -0 delete --force "$ID"
	bundle_config ".linux.resources.memory = { limit: $((16 * MIB)), swap: $((16 * MIB)) }"
	bundle_args sh -c 'exec tail -c 100000000 /dev/zero'
	run_osless -137 run --keep -b "$BUNDLE" "$ID"
	by_systemd || [ "$(in_file memory.events oom_kill)" -gt 0 ] # there it is gone with the last process
	run_osless -0 explain "$ID"
	[[ $output == *"for want of memory"* ]] || fail "$output"
}

# was_full [TIMES]: whether a fork was refused more often than so.
was_full() {
	[ "$(in_file pids.events max)" -gt "${1:-0}" ]
}

# bats test_tags=vm
@test "pids: a fork bomb meets the limit, also one that has changed" {
	local before
	bundle_config '.linux.resources.pids.limit = 20'
	start_inside sh -c 'probe bomb 1000; exec sleep 100'
	wait_until 10 grep -q EAGAIN "$OUT"
	was_full
	run_osless -0 update --pids-limit 40 "$ID"
	before=$(in_file pids.events max)
	run_osless ! exec "$ID" sh -c 'f() { f | f; }; f 2>/dev/null'
	was_full "$before"
	[ "$(cat "$DIR/pids.current")" -le 41 ]
}

is_throttled() {
	[ "$(in_file cpu.stat nr_throttled)" -gt "${1:-2}" ]
}

# bats test_tags=vm
@test "cpu: a quota throttles, also one that came later" {
	start_inside sh -c 'while :; do :; done'
	run_osless -0 update --cpu-period 100000 --cpu-quota 5000 "$ID"
	wait_until 20 is_throttled || fail "$(cat "$DIR/cpu.stat")"
	run_osless -0 events --stats "$ID"
	jq -e '.data.cpu | .throttling.throttledTime > 0 and .psi.some.total > 0' <<<"$output"
	jq -e '.data | .memory.psi.full.avg10 >= 0 and .blkio.psi.some.avg300 >= 0' <<<"$output"
}

# bats test_tags=vm
@test "devices: what is denied is EPERM; an update's rules change nothing" {
	bundle_config '.linux.devices = [ { path: "/dev/there", type: "c", major: 1, minor: 11, fileMode: 438 } ]
		| .linux.resources.devices += [ { allow: true, type: "c", major: 10, access: "rwm" } ]'
	start_inside sh -c 'while :; do
		dd if=/dev/there of=/dev/null bs=1 count=1 2>&1 | grep -o "Operation not permitted"
		head -c 1 /dev/zero | wc -c; echo; sleep 0.1; done'
	wait_until 10 test -s "$OUT"
	osless update -r - "$ID" <<<'{ "devices": [ { "allow": true, "access": "rwm" } ] }'
	: >"$OUT"
	wait_until 10 grep -q 1 "$OUT"
	grep -q "Operation not permitted" "$OUT"
}

@test "the cgroup of a container with users of its own can be divided by its program" {
	user_namespace 100000 65536
	namespace cgroup
	bundle_config '.process.user = { uid: 1000, gid: 1000 } | .mounts |= map(select(.destination != "/sys/fs/cgroup"))
		| .mounts += [ { destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: [ "nosuid", "noexec", "nodev" ] } ]'
	start_inside sh -c 'cd /sys/fs/cgroup && mkdir sub && echo 0 >sub/cgroup.procs && cat /proc/self/cgroup
		(echo 5 >pids.max) 2>/dev/null || echo "limits are not ours"; exec sleep 100'
	wait_until 10 grep -q limits "$OUT"
	[ "$(<"$OUT")" = $'0::/sub\nlimits are not ours' ]
	[ "$(stat -c %u "$DIR" "$DIR/cgroup.procs" "$DIR/cgroup.subtree_control" "$DIR/memory.max" | tr '\n' ' ')" = "101000 101000 101000 0 " ]
	run_osless -0 delete --force "$ID"
	[ ! -e "$DIR" ]
}

# turned_down WORD...: as refuses, but for the cgroups that the test has made.
turned_down() {
	local word
	run_bundle -1
	for word in "$@"; do
		assert_one_line_error "$word" || return 1
	done
}

@test "cgroups that take no container: each is named, and left as it was" {
	OSLESS_OPTIONS="${OSLESS_OPTIONS:-} --cgroup-manager cgroupfs"
	use_path "/$ID"
	mkdir "$DIR"
	echo 1 >"$DIR/cgroup.freeze"
	turned_down "container's cgroup unexpectedly frozen"
	echo 0 >"$DIR/cgroup.freeze"
	hold -u
	echo "$HOLDER" >"$DIR/cgroup.procs"
	turned_down "container's cgroup is not empty"
	bundle_config --arg path "/$ID/sub" '.linux.cgroupsPath = $path | .linux.resources.pids.limit = 5'
	turned_down "cgroup $ID has processes of its own" "choose another linux.cgroupsPath"
	[ -z "$(<"$DIR/cgroup.subtree_control")" ]
	bundle_config 'del(.linux.resources.pids)'
	inside true # without limits it is a place like any other
	mkdir "$DIR/threads"
	echo threaded >"$DIR/threads/cgroup.type"
	turned_down "is threaded" "choose another linux.cgroupsPath"
	rmdir "$DIR/threads"
	release
	wait_until 5 rmdir "$DIR" 2>/dev/null
}

# bats test_tags=vm
@test "a shared PID namespace: what has left its parents dies with delete, kill and init" {
	local child way pids
	no_namespace pid
	for way in delete kill init; do
		bundle_args sh -c 'setsid sh -c "sleep 1000 & exec sleep 1000" & exec sleep 1000'
		run_osless -0 run -d --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
		run_osless -0 exec -d "$ID" sh -c 'setsid sleep 1000 & exec sleep 1000'
		wait_until 5 has_pids 5
		mapfile -t pids <"$DIR/cgroup.procs"
		case $way in
		delete) run_osless -0 delete --force "$ID" ;;
		kill) run_osless -0 kill "$ID" KILL ;;
		init)
			for child in $(children_of "$(<"$BATS_TEST_TMPDIR/pid")"); do
				[ "$(readlink "/proc/$child/exe")" != "$(readlink "/proc/$(<"$BATS_TEST_TMPDIR/pid")/exe")" ] ||
					kill -KILL "$child"
			done
			;;
		esac
		wait_until 5 is_dead "${pids[@]}" || fail "$way: some live on"
		run_osless -0 delete --force "$ID"
		[ ! -e "$DIR" ]
	done
}

has_pids() {
	[ "$(grep -c . "$DIR/cgroup.procs")" -ge "$1" ]
}
