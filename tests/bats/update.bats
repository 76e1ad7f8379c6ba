# update: other limits for a container that is there. By document, by options; all or nothing.

load helpers
load probe

MIB=1048576

setup() {
	test_setup
	need_controller memory pids cpu cpuset
}

# update_with JSON [-STATUS]: from standard input.
update_with() {
	run_osless_with "$1" "${2:--0}" update --resources - "$ID"
}

# run_osless_with INPUT ARGUMENT...: as run_osless, with INPUT on stdin.
run_osless_with() {
	local input=$1 want=${2#-}
	shift 2
	OUT=$BATS_TEST_TMPDIR/out.with
	status=0
	osless "$@" <<<"$input" >"$OUT" 2>"$OUT.err" || status=$?
	output=$(<"$OUT")
	stderr=$(<"$OUT.err")
	check_status "$want" "osless $*"
}

# update_fails PART ARGUMENT...
update_fails() {
	local part=$1
	shift
	run_osless -1 update "$@" "$ID"
	assert_one_line_error "$part"
	assert_output ""
}

has_swap_limits() {
	[ -e "$(container_cgroup memory)/memory.memsw.limit_in_bytes" ] || [ -e "$(container_cgroup memory)/memory.swap.max" ]
}

@test "each option reaches its file" {
	start_inside sleep 1000
	run_osless -0 update --memory 64m --memory-reservation 32m --memory-swap 96m --pids-limit 30 \
		--cpu-share 512 --cpu-quota 20000 --cpu-period 50000 --cpu-burst 1000 \
		--cpuset-cpus 0 --cpuset-mems 0 "$ID"
	assert_output ""
	[ -z "$stderr" ] || fail "update says something"
	assert_cgroup memory memory.limit_in_bytes $((64 * MIB))
	assert_cgroup memory memory.soft_limit_in_bytes $((32 * MIB))
	! has_swap_limits ||
		assert_cgroup memory memory.memsw.limit_in_bytes $((96 * MIB))
	assert_cgroup pids pids.max 31 # init's own is allowed for
	assert_cgroup cpu cpu.shares 512
	assert_cgroup cpu cpu.cfs_quota_us 20000
	assert_cgroup cpu cpu.cfs_period_us 50000
	assert_cgroup cpu cpu.cfs_burst_us 1000
	assert_cgroup cpuset cpuset.cpus 0
	assert_cgroup cpuset cpuset.mems 0
	run_osless -0 update --cpu-idle=1 "$ID"
	assert_cgroup cpu cpu.idle 1
	run_osless -0 update --cpu-idle 0 "$ID"
	assert_cgroup cpu cpu.idle 0
	assert_cgroup cpu cpu.shares 512
}

@test "-1 lifts a limit; what is not given stays" {
	bundle_config ".linux.resources = { memory: { limit: $((64 * MIB)) }, pids: { limit: 20 } }"
	start_inside sleep 1000
	run_osless -0 update --pids-limit -1 "$ID"
	assert_cgroup pids pids.max max
	assert_cgroup memory memory.limit_in_bytes $((64 * MIB))
	run_osless -0 update --memory -1 --cpu-quota -1 "$ID"
	[ "$(cgroup_value memory memory.limit_in_bytes)" -gt $((1 << 60)) ]
	assert_cgroup cpu cpu.cfs_quota_us -1
}

@test "the documents that engines send" {
	local samples=$BATS_TEST_DIRNAME/../samples
	start_inside sleep 1000
	run_osless_with "$(<"$samples/cri-update.resources.json")" -0 update --resources - "$ID"
	assert_cgroup memory memory.limit_in_bytes $((64 * MIB))
	assert_cgroup cpu cpu.shares 256
	assert_cgroup cpu cpu.cfs_quota_us 20000
	assert_cgroup cpuset cpuset.cpus 0
	run_osless -0 update "--resources=$samples/podman-update.resources.json" "$ID"
	run_osless -0 update -r "$samples/docker-update.resources.json" "$ID"
	assert_cgroup memory memory.limit_in_bytes $((64 * MIB))
	assert_cgroup cpu cpu.shares 256 # docker's zeros mean unset
	assert_cgroup cpu cpu.cfs_quota_us 20000
}

@test "device rules of the document change nothing" {
	local before
	need_cgroup devices
	start_inside sleep 1000
	before=$(cgroup_value devices devices.list)
	update_with '{ "devices": [ { "allow": true, "access": "rwm" } ] }'
	assert_cgroup devices devices.list "$before"
}

@test "a document of nothing is no error" {
	start_inside sleep 1000
	update_with '{}'
	update_with '{ "memory": { "limit": 0 }, "cpu": {}, "unknown": [ 1 ] }'
	assert_output ""
}

@test "options win over the document" {
	start_inside sleep 1000
	run_osless_with '{ "pids": { "limit": 10 }, "cpu": { "shares": 100 } }' -0 \
		update --resources - --pids-limit 20 "$ID"
	assert_cgroup pids pids.max 21
	assert_cgroup cpu cpu.shares 100
}

@test "the payload feels it: processes" {
	start_inside sleep 1000
	run_osless -0 update --pids-limit 10 "$ID"
	run_osless exec "$ID" probe bomb 100
	[[ $output == *"children, then EAGAIN" ]] || fail "no end to its processes"
	run_osless -0 update --pids-limit -1 "$ID"
	run_osless exec "$ID" probe bomb 20
	assert_output "20 children, then none"
}

@test "the payload feels it: memory" {
	start_inside sh -c 'while :; do sleep 0.05; done'
	run_osless -0 exec "$ID" dd if=/dev/zero of=/dev/null bs=40M count=1
	run_osless -0 update --memory 20m "$ID"
	run_osless -137 exec "$ID" dd if=/dev/zero of=/dev/null bs=40M count=1
	status_is "$ID" running
}

@test "the payload feels it: time on the CPU" {
	local before ticks
	start_inside sh -c 'while :; do :; done'
	run_osless -0 update --cpu-period 10000 --cpu-quota 1000 "$ID" # a tenth
	before=$(awk '{ print $14 + $15 }' "/proc/$(payload_of "$PID")/stat")
	sleep 1
	ticks=$(($(awk '{ print $14 + $15 }' "/proc/$(payload_of "$PID")/stat") - before))
	[ $ticks -le 30 ] || fail "$ticks ticks of 100"
}

@test "a created and a paused container" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 update --pids-limit 9 "$ID"
	assert_cgroup pids pids.max 10
	run_osless -0 pause "$ID"
	run_osless -0 update --pids-limit 8 "$ID"
	assert_cgroup pids pids.max 9
	run_osless -0 resume "$ID"
}

@test "one that is refused leaves all as it was" {
	start_inside sleep 1000
	run_osless -0 update --memory 64m --pids-limit 20 "$ID"
	update_fails "nothing is changed: set cpu.quota" --memory 32m --memory-reservation 8m --cpu-quota 10
	assert_cgroup memory memory.limit_in_bytes $((64 * MIB))
	[ "$(cgroup_value memory memory.soft_limit_in_bytes)" -gt $((1 << 60)) ]
	update_fails "set cpu.cpus" --memory 32m --cpuset-cpus 999
	assert_cgroup memory memory.limit_in_bytes $((64 * MIB))
	is_v2 || # where the kernel sets it, and kills
		update_fails "memory limit could be too low" --cpuset-cpus 0 --memory 1
	[ "$(cgroup_value cpuset cpuset.cpus)" != 0 ] || [ "$(nproc)" = 1 ]
	assert_cgroup pids pids.max 21
	status_is "$ID" running
}

@test "refused before anything is written" {
	bundle_config ".linux.resources.memory = { limit: $((64 * MIB)), swap: $((64 * MIB)) }"
	start_inside sleep 1000
	update_fails "would be above memory.swap" --memory 65m
	update_fails "would be above memory.swap" --memory-swap 63m
	update_fails "memory.swap is limited, but memory.limit is not" --memory -1 --memory-swap 80m
	update_fails "would be above cpu.quota" --cpu-quota 5000 --cpu-burst 6000
	is_v2 || # where weight 1 serves
		update_fails "cpu.shares 1 is not within 2..262144" --cpu-share 1
	update_fails "blockIO.weight 5 is not within 10..1000" --blkio-weight 5
	assert_cgroup memory memory.limit_in_bytes $((64 * MIB))
	assert_cgroup cpu cpu.cfs_quota_us -1
	run_osless -0 update --memory 80m --memory-swap 90m "$ID"
	assert_cgroup memory memory.limit_in_bytes $((80 * MIB))
	update_fails "would be above memory.swap" --memory 91m # as it is since then
}

@test "checkBeforeUpdate: a limit below what is in use" {
	start_inside sh -c 'x=$(dd if=/dev/zero bs=1M count=8 2>/dev/null | tr "\0" x); echo ready; sleep 1000; echo $x'
	wait_until 5 grep -q ready "$OUT"
	update_with '{ "memory": { "limit": 1048576, "checkBeforeUpdate": true } }' -1
	assert_one_line_error "rejecting memory limit 1048576"
	status_is "$ID" running
}

@test "the plan of the state has the new limits: a period alone keeps the quota" {
	start_inside sleep 1000
	run_osless -0 update --cpu-quota 30000 "$ID"
	run_osless -0 update --cpu-period 200000 "$ID"
	assert_cgroup cpu cpu.cfs_quota_us 30000
	run_osless -0 exec "$ID" true
	run_osless -0 state "$ID"
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
	assert_nothing_left
}

@test "values are checked" {
	start_inside sleep 1000
	update_fails 'option --memory: "lots" is no limit: write bytes' --memory lots
	update_fails 'option --memory-swap: "-2" is no limit' --memory-swap -2
	update_fails 'option --memory-reservation: "1x" is no limit' --memory-reservation 1x
	update_fails 'option --kernel-memory: "x" is no limit' --kernel-memory x
	update_fails 'option --kernel-memory-tcp: "x" is no limit' --kernel-memory-tcp x
	update_fails 'option --pids-limit: "1k" is no limit: write a number, or -1' --pids-limit 1k
	update_fails 'option --cpu-share: "-1" is no limit: write a number' --cpu-share -1
	update_fails 'option --cpu-quota: "1.5" is no limit' --cpu-quota 1.5
	update_fails 'option --cpu-period: "x" is no limit' --cpu-period x
	update_fails 'option --cpu-burst: "x" is no limit' --cpu-burst x
	update_fails 'option --cpu-rt-runtime: "x" is no limit' --cpu-rt-runtime x
	update_fails 'option --cpu-rt-period: "x" is no limit' --cpu-rt-period x
	update_fails 'option --cpu-idle: "2" is no limit: write 0 or 1' --cpu-idle 2
	update_fails 'option --blkio-weight: "5000000000" is no limit' --blkio-weight 5000000000
	update_fails "set cpu.mems" --cpuset-mems 99
	update_fails "option --memory has an empty value" --memory=
	update_fails "unknown option --memry: did you mean --memory?" --memry 5m
	update_fails "nothing to change: give --resources or a limit"
}

@test "what this kernel or machine has not" {
	start_inside sleep 1000
	run_osless -0 update --kernel-memory 64m "$ID"
	assert_stderr "memory.kernel is not applied"
	if is_v2; then
		run_osless -0 update --cpu-rt-runtime 1000 --cpu-rt-period 900000 "$ID"
		assert_stderr "cpu.realtimeRuntime is not applied: cgroup v2 has nothing like it"
	elif [ -e "$(own_cgroup cpu)/cpu.rt_runtime_us" ]; then
		run_osless -0 update --cpu-rt-period 900000 --cpu-rt-runtime 1000 "$ID"
		assert_cgroup cpu cpu.rt_runtime_us 1000
		assert_cgroup cpu cpu.rt_period_us 900000
	else
		update_fails "CONFIG_RT_GROUP_SCHED" --cpu-rt-runtime 1000
		update_fails "CONFIG_RT_GROUP_SCHED" --cpu-rt-period 900000
	fi
	run_osless -0 update --kernel-memory-tcp 8m "$ID"
	[ ! -e "$(own_cgroup memory)/memory.kmem.tcp.limit_in_bytes" ] ||
		assert_cgroup memory memory.kmem.tcp.limit_in_bytes $((8 * MIB))
	update_fails "no class of service" --l3-cache-schema L3:0=f
	update_fails "memBwSchema does not begin with MB:" --mem-bw-schema L3:0=50
}

@test "documents that are none" {
	start_inside sleep 1000
	update_with '' -1
	assert_stderr "standard input: "
	update_with '{ "memory": { "limit": "64m" } }' -1
	assert_one_line_error 'memory.limit: expected'
	update_with '{ "memory": { "limit": -2 } }' -1
	assert_one_line_error "memory.limit: -2 is no limit"
	update_with '[]' -1
	update_fails "no such file or directory" --resources "$BATS_TEST_TMPDIR/none.json"
	update_fails "not a regular file" --resources "$BATS_TEST_TMPDIR"
}

@test "no such container, and a stopped one" {
	run_osless -1 update --memory 64m "$ID"
	assert_one_line_error "container $ID does not exist"
	run_osless -0 run --keep -b "$BUNDLE" "$ID"
	update_fails "cannot update a stopped container: container not running" --memory 64m
}

@test "without cgroups the error names the cure" {
	bundle_args sleep 100
	run_osless -0 --cgroup-manager disabled run -d -b "$BUNDLE" "$ID"
	update_fails "create it without --cgroup-manager disabled" --memory 64m
}

@test "with supervision off nothing is allowed for" {
	policy '{ "modes": { "supervision": "off" } }'
	start_inside sleep 1000
	run_osless -0 update --pids-limit 10 "$ID"
	assert_cgroup pids pids.max 10
}

@test "debug tells what is done" {
	start_inside sleep 1000
	run_osless -0 --debug --log "$BATS_TEST_TMPDIR/log" --log-format json update --pids-limit 10 "$ID"
	assert_stderr "$ID: limits are changed"
	jq -se 'all(.[]; .level == "debug") and any(.[]; .msg == "cgroup: pids.max: 11")' "$BATS_TEST_TMPDIR/log"
	run_osless_with '{ "devices": [ { "allow": false, "access": "rwm" } ] }' -0 --debug update -r - "$ID"
	assert_stderr "device rules are not changed"
	assert_stderr "no limit is to be changed"
}

@test "killed at 20 points: the container goes on, and can be updated" {
	local i
	start_inside sleep 1000
	for i in $(seq 20); do
		timeout -s KILL "0.00$((i % 10))$i" "$OSLESS" --root "$ROOT" update --memory "$((32 + i))m" \
			--pids-limit $((10 + i)) "$ID" 3>&- 4>&- || true # as it comes
		status_is "$ID" running
	done
	run_osless -0 update --memory 99m --pids-limit 99 "$ID"
	assert_cgroup memory memory.limit_in_bytes $((99 * MIB))
	assert_cgroup pids pids.max 100
	run_osless -0 exec "$ID" true
	run_osless -0 delete --force "$ID"
	assert_nothing_left
}

@test "20 at once: each is whole" {
	local pids=() pid n
	start_inside sleep 1000
	for n in $(seq 20); do
		osless update --pids-limit $((100 + n)) --cpu-share $((200 + n)) "$ID" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	n=$(cgroup_value pids pids.max)
	assert_cgroup cpu cpu.shares $((n + 99))
}
