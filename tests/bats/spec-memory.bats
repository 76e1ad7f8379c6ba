# linux.resources.memory.

load helpers
load probe

MIB=1048576

setup() {
	test_setup
	need_controller memory
}

# assert_memory FILE VALUE
assert_memory() {
	assert_cgroup memory "$1" "$2"
}

@test "limit, reservation" {
	create_with ".memory = { limit: $((64 * MIB)), reservation: $((32 * MIB)) }"
	assert_memory memory.limit_in_bytes $((64 * MIB))
	assert_memory memory.soft_limit_in_bytes $((32 * MIB))
}

@test "swap: memory and swap together" {
	is_v2 || [ -e /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes ] || skip "no swap accounting here"
	create_with ".memory = { limit: $((64 * MIB)), swap: $((96 * MIB)) }"
	assert_memory memory.memsw.limit_in_bytes $((96 * MIB))
}

@test "disableOOMKiller" {
	need_cgroup memory
	create_with '.memory = { disableOOMKiller: true }'
	cgroup_value memory memory.oom_control | grep -qx "oom_kill_disable 1"
}

@test "kernelTCP; kernel, which the kernel no longer has" {
	need_cgroup memory
	create_with ".memory = { kernelTCP: $((8 * MIB)), kernel: $((8 * MIB)) }"
	assert_memory memory.kmem.tcp.limit_in_bytes $((8 * MIB))
}

@test "zeros mean unset" {
	local file files=(memory.limit_in_bytes memory.memsw.limit_in_bytes memory.soft_limit_in_bytes)
	is_v2 || files+=(memory.kmem.tcp.limit_in_bytes memory.swappiness memory.oom_control)
	create_with '.memory = { limit: 0, swap: 0, reservation: 0, kernel: 0, kernelTCP: 0 }'
	bundle_config 'del(.linux.resources.memory)'
	run_osless -0 create -b "$BUNDLE" "$ID-a"
	for file in "${files[@]}"; do
		assert_memory "$file" "$(cgroup_value memory "$file" "$ID-a")"
	done
}

@test "-1 is unlimited" {
	local unlimited
	run_osless -0 create -b "$BUNDLE" "$ID-a"
	unlimited=$(cgroup_value memory memory.limit_in_bytes "$ID-a")
	create_with '.memory = { limit: -1, swap: -1, reservation: -1 }'
	assert_memory memory.limit_in_bytes "$unlimited"
	assert_memory memory.memsw.limit_in_bytes "$unlimited"
}

@test "swappiness, also 0" {
	need_cgroup memory
	create_with '.memory = { swappiness: 10 }'
	assert_memory memory.swappiness 10
	run_osless -0 delete "$ID"
	create_with '.memory = { swappiness: 0 }'
	assert_memory memory.swappiness 0
}

@test "a memory hog is killed, and only that" {
	bundle_config ".linux.resources.memory = { limit: $((32 * MIB)), swap: $((32 * MIB)) }"
	inside -137 probe hog 200
	assert_output ""
	inside -7 sh -c 'probe hog 200; echo $?; exit 7'
	[ "${lines[-1]}" = 137 ]
	[ ! -e "$(container_cgroup memory)" ]
}

@test "within the limit it lives" {
	bundle_config ".linux.resources.memory = { limit: $((32 * MIB)), swap: $((32 * MIB)) }"
	inside probe hog 16
	assert_output "still here"
}

@test "a detached hog: the container stops, and can be deleted" {
	bundle_config ".linux.resources.memory = { limit: $((32 * MIB)), swap: $((32 * MIB)) }"
	bundle_args probe hog 200
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
}

@test "the least limit in which true runs is at most 512 KiB" {
	bundle_config ".linux.resources.memory = { limit: $((MIB / 2)) }"
	inside true
}

@test "a limit too low for anything: a clean failure that says so" {
	bundle_config '.linux.resources.memory = { limit: 8192 }'
	run_bundle -1
	assert_one_line_error "memory limit could be too low (the least that"
	assert_one_line_error "512 KiB"
	assert_nothing_left
}

@test "values that make no sense" {
	bundle_config ".linux.resources.memory = { limit: $((64 * MIB)), swap: $((32 * MIB)) }"
	refuses memory.swap
	bundle_config ".linux.resources.memory = { swap: $((32 * MIB)) }"
	refuses memory.swap memory.limit
	bundle_config '.linux.resources.memory = { swappiness: 101 }'
	refuses memory.swappiness 101
	bundle_config '.linux.resources.memory = { limit: -2 }'
	refuses memory.limit -2
}
