# Where and how soon things run: process.scheduler, ioPriority and execCPUAffinity,
# linux.memoryPolicy. All is seen from the host, since payloads may not ask for most of it.

load helpers
load probe

# payload: host pid of what start_inside has started.
payload() {
	children_of "$PID"
}

# start_with JQ-FILTER: a sleeping container of a bundle so changed.
start_with() {
	bundle_config "$1"
	start_inside sleep 1000
}

# exec_sleeper [ARGUMENT OF exec...]: one more sleeper in it; EXEC is its host pid.
exec_sleeper() {
	run_osless -0 exec -d --pid-file "$BATS_TEST_TMPDIR/exec" "$@"
	EXEC=$(<"$BATS_TEST_TMPDIR/exec")
}

# document JQ-FILTER: a sleeper's process document, DOC, with this.
document() {
	DOC=$BATS_TEST_TMPDIR/process.json
	jq ".process | .args = [ \"sleep\", \"1000\" ] | $1" "$BUNDLE/config.json" >"$DOC"
}

# policy_of PID: "SCHED_BATCH 0", and the nice value.
policy_of() {
	chrt -p "$1" | awk '{ print $NF }' | xargs
	cut -d ' ' -f 19 "/proc/$1/stat"
}

# assert_scheduled PID POLICY PRIORITY NICE
assert_scheduled() {
	[ "$(policy_of "$1")" = "$2 $3"$'\n'"$4" ] || fail "$1 is: $(policy_of "$1")"
}

# assert_io PID WORDS: as ionice(1) says.
assert_io() {
	[ "$(ionice -p "$1")" = "$2" ] || fail "$1 is: $(ionice -p "$1")"
}

cpus_of() {
	awk '/^Cpus_allowed_list/ { print $2 }' "/proc/$1/status"
}

# two_cpus: skips where there is nothing to choose.
two_cpus() {
	[ "$(nproc)" -ge 2 ] && [ "$(cpus_of self | cut -c 1-2)" = 0- ] || skip "one CPU"
}

# heap_policy PID: of its heap and what else has no policy of its own.
heap_policy() {
	awk '/ heap/ { print $2 }' "/proc/$1/numa_maps"
}

# ---------------------------------------------------------------------------- ioPriority

@test "ioPriority: best effort, idle, realtime; exec has it, too" {
	start_with '.process.ioPriority = { class: "IOPRIO_CLASS_BE", priority: 6 }'
	assert_io "$(payload)" "best-effort: prio 6"
	exec_sleeper "$ID" sleep 1000
	assert_io "$EXEC" "best-effort: prio 6"
	document '.ioPriority = { class: "IOPRIO_CLASS_IDLE" }'
	exec_sleeper -p "$DOC" "$ID"
	assert_io "$EXEC" idle
	run_osless -0 delete -f "$ID"
	start_with '.process.ioPriority = { class: "IOPRIO_CLASS_RT", priority: 1 }'
	assert_io "$(payload)" "realtime: prio 1"
}

@test "ioPriority: not given, it is the caller's" {
	start_inside sleep 1000
	assert_io "$(payload)" "$(ionice -p $BASHPID)"
}

@test "ioPriority: an unknown class, a priority beyond the last, none at all" {
	bundle_config '.process.ioPriority = { class: "IOPRIO_CLASS_X", priority: 0 }'
	refuses ioPriority.class IOPRIO_CLASS_X
	bundle_config '.process.ioPriority = { class: "IOPRIO_CLASS_BE", priority: 8 }'
	refuses ioPriority.priority 8
	bundle_config '.process.ioPriority = { priority: 0 }'
	refuses ioPriority class
}

# ----------------------------------------------------------------------------- scheduler

@test "scheduler: nice, batch and idle; init stays as it is; exec has it, too" {
	start_with '.process.scheduler = { policy: "SCHED_BATCH", nice: 7 }'
	assert_scheduled "$(payload)" SCHED_BATCH 0 7
	assert_scheduled "$PID" SCHED_OTHER 0 0
	exec_sleeper "$ID" sleep 1000
	assert_scheduled "$EXEC" SCHED_BATCH 0 7
	document '.scheduler = { policy: "SCHED_IDLE" }'
	exec_sleeper -p "$DOC" "$ID"
	assert_scheduled "$EXEC" SCHED_IDLE 0 0
}

@test "scheduler: higher than the caller's, although the payload has no CAP_SYS_NICE" {
	start_with '.process.scheduler = { policy: "SCHED_OTHER", nice: -5 }'
	assert_scheduled "$(payload)" SCHED_OTHER 0 -5
}

@test "scheduler: the payload's children inherit it, or with reset-on-fork not" {
	bundle_config '.process.scheduler = { policy: "SCHED_OTHER", nice: -5 }'
	inside sh -c 'cut -d " " -f 19 /proc/self/stat; :'
	assert_output -5
	bundle_config '.process.scheduler.flags = [ "SCHED_FLAG_RESET_ON_FORK" ]'
	inside sh -c 'cut -d " " -f 19 /proc/self/stat; :'
	assert_output 0
}

# can_realtime: whether what is in the root cgroup may.
can_realtime() {
	chrt -f 1 true 2>/dev/null
}

@test "scheduler: realtime, outside of cgroups" {
	can_realtime || skip "no realtime here"
	bundle_args sleep 1000
	bundle_config '.process.scheduler = { policy: "SCHED_RR", priority: 10, flags: [ "SCHED_FLAG_RESET_ON_FORK" ] }
		| del(.linux.resources) | .linux.namespaces |= map(select(.type != "cgroup"))'
	run_osless -0 --cgroup-manager disabled run -d --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
	PID=$(<"$BATS_TEST_TMPDIR/pid")
	[[ $(chrt -p "$(payload)") == *"SCHED_RR|SCHED_RESET_ON_FORK"*"priority: 10" ]] || fail "$(chrt -p "$(payload)")"
}

@test "scheduler: realtime in a v1 group that has none is refused, with the cure" {
	need_cgroup cpu
	[ "$(cat "$(own_cgroup cpu)/cpu.rt_runtime_us" 2>/dev/null)" ] || skip "no realtime groups here"
	bundle_config '.process.scheduler = { policy: "SCHED_FIFO", priority: 10 }'
	refuses scheduler realtimeRuntime
}

@test "scheduler: what the kernel would not take, or take for something else" {
	bundle_config '.process.scheduler = { policy: "SCHED_FAST" }'
	refuses scheduler.policy SCHED_FAST
	bundle_config '.process.scheduler = { policy: "SCHED_OTHER", nice: 20 }'
	refuses scheduler.nice 20
	bundle_config '.process.scheduler = { policy: "SCHED_OTHER", priority: 1 }'
	refuses scheduler.priority SCHED_FIFO
	bundle_config '.process.scheduler = { policy: "SCHED_OTHER", flags: [ "SCHED_FLAG_X" ] }'
	refuses scheduler.flags SCHED_FLAG_X
	bundle_config '.process.scheduler = { policy: "SCHED_DEADLINE", runtime: 1 }'
	refuses scheduler.deadline
	bundle_config '.process.scheduler = { policy: "SCHED_DEADLINE", runtime: 1, deadline: 2 }'
	refuses scheduler sched_setattr # shorter than the kernel's shortest
}

# ----------------------------------------------------------------------- execCPUAffinity

@test "execCPUAffinity: exec's process is on the final CPUs, the container's is not" {
	two_cpus
	start_with '.process.execCPUAffinity = { initial: "0", final: "1" }'
	[ "$(cpus_of "$(payload)")" = "$(cpus_of self)" ]
	[ "$(cpus_of "$PID")" = "$(cpus_of self)" ]
	exec_sleeper "$ID" sleep 1000
	[ "$(cpus_of "$EXEC")" = 1 ]
	document '.execCPUAffinity = { final: "0" }'
	exec_sleeper -p "$DOC" "$ID"
	[ "$(cpus_of "$EXEC")" = 0 ]
}

@test "execCPUAffinity: initial alone stays, unless the cgroup has CPUs of its own" {
	two_cpus
	start_inside sleep 1000
	document '.execCPUAffinity = { initial: "1" }'
	exec_sleeper -p "$DOC" "$ID"
	[ "$(cpus_of "$EXEC")" = 1 ] || fail "on $(cpus_of "$EXEC")"
	run_osless -0 delete -f "$ID"
	need_controller cpuset
	bundle_config '.linux.resources.cpu = { cpus: "0" }'
	start_inside sleep 1000
	exec_sleeper -p "$DOC" "$ID"
	[ "$(cpus_of "$EXEC")" = 0 ] || fail "on $(cpus_of "$EXEC")"
}

@test "execCPUAffinity: CPUs that are not there, or not the cgroup's, no list" {
	start_inside sleep 1000
	document '.execCPUAffinity = { initial: "8000" }'
	run_osless -255 exec -p "$DOC" "$ID"
	assert_one_line_error execCPUAffinity.initial
	document '.execCPUAffinity = { final: "8000" }'
	run_osless -255 exec -p "$DOC" "$ID"
	assert_one_line_error execCPUAffinity.final
	document '.execCPUAffinity = { final: "1-0" }'
	run_osless -255 exec -p "$DOC" "$ID"
	assert_one_line_error '"1-0"'
	run_osless -0 exec "$ID" true
}

# -------------------------------------------------------------------------- memoryPolicy

numa() {
	[ -e /proc/self/numa_maps ] || skip "no NUMA here"
}

@test "memoryPolicy: bind, interleave, local, preferred; exec has it, too" {
	numa
	start_with '.linux.memoryPolicy = { mode: "MPOL_BIND", nodes: "0" }'
	[ "$(heap_policy "$(payload)")" = bind:0 ] || fail "$(cat "/proc/$(payload)/numa_maps")"
	[ "$(heap_policy "$PID")" != bind:0 ]
	exec_sleeper "$ID" sleep 1000
	[ "$(heap_policy "$EXEC")" = bind:0 ]
	run_osless -0 delete -f "$ID"
	start_with '.linux.memoryPolicy = { mode: "MPOL_INTERLEAVE", nodes: "0", flags: [ "MPOL_F_STATIC_NODES" ] }'
	[ "$(heap_policy "$(payload)")" = interleave=static:0 ] || fail "$(heap_policy "$(payload)")"
	run_osless -0 delete -f "$ID"
	start_with '.linux.memoryPolicy = { mode: "MPOL_LOCAL" }'
	[ "$(heap_policy "$(payload)")" = local ] || fail "$(heap_policy "$(payload)")"
	run_osless -0 delete -f "$ID"
	start_with '.linux.memoryPolicy = { mode: "MPOL_PREFERRED", nodes: "0" }'
	[ "$(heap_policy "$(payload)")" = prefer:0 ] || fail "$(heap_policy "$(payload)")"
}

@test "memoryPolicy: nodes that are not there, missing or too many words" {
	numa
	bundle_config '.linux.memoryPolicy = { mode: "MPOL_BIND", nodes: "500" }'
	refuses "memory policy" cpuset.mems
	bundle_config '.linux.memoryPolicy = { mode: "MPOL_BIND" }'
	refuses memoryPolicy.nodes MPOL_BIND
	bundle_config '.linux.memoryPolicy = { mode: "MPOL_LOCAL", nodes: "0" }'
	refuses memoryPolicy.nodes MPOL_LOCAL
	bundle_config '.linux.memoryPolicy = { mode: "MPOL_BAND", nodes: "0" }'
	refuses memoryPolicy.mode MPOL_BAND
	bundle_config '.linux.memoryPolicy = { mode: "MPOL_BIND", nodes: "0", flags: [ "MPOL_F_X" ] }'
	refuses memoryPolicy.flags MPOL_F_X
}

# -------------------------------------------------------------------------------- report

@test "plan: in numbers and words, with nothing unsupported" {
	bundle_config '.process.ioPriority = { class: "IOPRIO_CLASS_BE", priority: 6 }
		| .process.scheduler = { policy: "SCHED_RR", priority: 9, flags: [ "SCHED_FLAG_RESET_ON_FORK" ] }
		| .process.execCPUAffinity = { initial: "0-3", final: "1" }
		| .linux.memoryPolicy = { mode: "MPOL_BIND", nodes: "0" }'
	run_osless -0 plan --format json -b "$BUNDLE"
	jq -e '.plan.process.scheduler == { policy: "SCHED_RR", flags: [ "reset-on-fork" ], priority: 9 }
		and .plan.process.io_class == "IOPRIO_CLASS_BE" and .plan.process.io_level == 6
		and .plan.process.exec_cpus_initial == [ 15 ] and .plan.process.exec_cpus_final == [ 2 ]
		and .plan.memory_policy == { mode: "MPOL_BIND", nodes: [ 1 ] }
		and all(.report[]; .kind != "unsupported")' <<<"$output" >/dev/null || fail "plan"
}

@test "hooks of startContainer run with it" {
	local script='[ "$(cut -d " " -f 19 /proc/self/stat)" = 3 ] || exit 9'
	bundle_config --arg script "$script" '.process.scheduler = { policy: "SCHED_OTHER", nice: 3 }
		| .hooks.startContainer = [ { path: "/bin/sh", args: [ "sh", "-c", $script ] } ]'
	inside true
	bundle_config '.process.scheduler.nice = 4'
	refuses startContainer 9
}
