# linux.resources.cpu.

load helpers
load probe

setup() {
	test_setup
	need_controller cpu
}

# assert_cpu FILE VALUE
assert_cpu() {
	assert_cgroup cpu "$1" "$2"
}

@test "shares, quota, period" {
	create_with '.cpu = { shares: 512, quota: 30000, period: 60000 }'
	assert_cpu cpu.shares 512
	assert_cpu cpu.cfs_quota_us 30000
	assert_cpu cpu.cfs_period_us 60000
}

@test "burst, above the default quota" {
	create_with '.cpu = { quota: 50000, burst: 20000 }'
	assert_cpu cpu.cfs_quota_us 50000
	assert_cpu cpu.cfs_burst_us 20000
}

@test "a period of its own" {
	create_with '.cpu = { period: 200000 }'
	assert_cpu cpu.cfs_period_us 200000
	assert_cpu cpu.cfs_quota_us -1
}

@test "quota -1 is unlimited" {
	create_with '.cpu = { quota: -1 }'
	assert_cpu cpu.cfs_quota_us -1
}

@test "idle" {
	is_v2 || [ -e /sys/fs/cgroup/cpu/cpu.idle ] || skip "no cpu.idle here"
	create_with '.cpu = { idle: 1 }'
	assert_cpu cpu.idle 1
}

@test "realtime period" {
	[ -e /sys/fs/cgroup/cpu/cpu.rt_period_us ] || skip "no realtime groups here"
	create_with '.cpu = { realtimePeriod: 500000 }'
	assert_cpu cpu.rt_period_us 500000
}

@test "realtime runtime" {
	[ "$(cat "$(own_cgroup cpu)/cpu.rt_runtime_us" 2>/dev/null || echo 0)" -ge 10000 ] ||
		skip "no realtime to give here"
	create_with '.cpu = { realtimeRuntime: 10000, realtimePeriod: 1000000 }'
	assert_cpu cpu.rt_runtime_us 10000
}

@test "cpus and mems" {
	need_controller cpuset
	create_with '.cpu = { cpus: "0", mems: "0" }'
	assert_cgroup cpuset cpuset.cpus 0
	assert_cgroup cpuset cpuset.mems 0
	run_osless -0 start "$ID"
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
	inside grep Cpus_allowed_list /proc/self/status
	assert_output $'Cpus_allowed_list:\t0'
}

@test "without cpus those of the parent are had" {
	need_controller cpuset
	run_osless -0 create -b "$BUNDLE" "$ID"
	assert_cgroup cpuset cpuset.cpus "$(is_v2 || cat "$(own_cgroup cpuset)/cpuset.cpus")" # empty on v2: effectively
}

@test "zeros and empty words mean unset" {
	local file
	create_with '.cpu = { shares: 0, quota: 0, period: 0, burst: 0, realtimePeriod: 0,
		realtimeRuntime: 0, cpus: "", mems: "" }'
	bundle_config 'del(.linux.resources.cpu)'
	run_osless -0 create -b "$BUNDLE" "$ID-a"
	for file in cpu.shares cpu.cfs_quota_us cpu.cfs_period_us cpu.cfs_burst_us; do
		[ "$(cgroup_value cpu $file)" = "$(cgroup_value cpu $file "$ID-a")" ] || fail "$file is another"
	done
}

@test "a quota throttles" {
	bundle_config '.linux.resources.cpu = { quota: 10000, period: 100000 }'
	start_inside sh -c 'while :; do :; done'
	wait_until 10 is_throttled || fail "$(cgroup_value cpu cpu.stat)"
}

is_throttled() {
	[ "$(cgroup_value cpu cpu.stat | awk '$1 == "nr_throttled" { print $2 }')" -gt 2 ]
}

@test "values that make no sense" {
	if ! is_v2; then # which has a weight for any number of shares
		bundle_config '.linux.resources.cpu = { shares: 1 }'
		refuses cpu.shares
	fi
	bundle_config '.linux.resources.cpu = { quota: 1, period: 100000 }'
	refuses cpu
	bundle_config '.linux.resources.cpu = { quota: -2 }'
	refuses cpu.quota
	bundle_config '.linux.resources.cpu = { idle: 2 }'
	refuses cpu.idle
	bundle_config '.linux.resources.cpu = { cpus: "4000" }'
	refuses cpu cpus
	bundle_config '.linux.resources.cpu = { cpus: "first" }'
	refuses cpu cpus first
	bundle_config '.linux.resources.cpu = { quota: 10000, burst: 20000 }'
	refuses burst
}
