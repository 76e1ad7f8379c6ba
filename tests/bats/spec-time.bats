# linux.timeOffsets and the time namespace.

load helpers
load probe

# assert_offsets MONOTONIC BOOTTIME: of the clocks inside ($output) against the host's, in seconds.
assert_offsets() {
	local host inside
	read -r -a host < <("$PROBE" clocks)
	read -r -a inside <<<"$output"
	is_near $((inside[0] - host[0])) "$1" || fail "monotonic is ${inside[0]} against ${host[0]}"
	is_near $((inside[1] - host[1])) "$2" || fail "boottime is ${inside[1]} against ${host[1]}"
}

# is_near A B: as far apart as a slow machine may bring them.
is_near() {
	[ $(($1 - $2)) -ge -15 ] && [ $(($1 - $2)) -le 15 ]
}

@test "no offsets: the clocks are the host's, the namespace is not" {
	namespace time
	inside probe clocks
	assert_offsets 0 0
	inside readlink /proc/self/ns/time
	[ "$output" != "$(readlink /proc/self/ns/time)" ]
}

@test "offsets of both clocks" {
	namespace time
	bundle_config '.linux.timeOffsets = { monotonic: { secs: 40000 }, boottime: { secs: 700000 } }'
	inside probe clocks
	assert_offsets 40000 700000
}

@test "uptime differs" {
	namespace time
	bundle_config '.linux.timeOffsets = { boottime: { secs: 1000000, nanosecs: 500000000 } }'
	inside cut -d . -f 1 /proc/uptime
	is_near $((output - $(cut -d . -f 1 /proc/uptime))) 1000000 || fail "uptime $output"
}

@test "a negative offset" {
	namespace time
	bundle_config '.linux.timeOffsets = { monotonic: { secs: -60 } }'
	inside probe clocks
	assert_offsets -60 0
}

@test "one that would set the clock before zero is refused" {
	namespace time
	bundle_config '.linux.timeOffsets = { boottime: { secs: -1000000000 } }'
	refuses time -1000000000
}

@test "in a user namespace" {
	user_namespace 200000 65536
	namespace time
	bundle_config '.linux.timeOffsets = { boottime: { secs: 5000 } }'
	inside probe clocks
	assert_offsets 0 5000
}

@test "joined" {
	hold -T --fork --kill-child --boottime 9000
	namespace time "/proc/$HOLDER/ns/time_for_children"
	inside probe clocks
	assert_offsets 0 9000
	release
}

@test "offsets without a namespace, for a joined one, of an unknown clock, of too many nanoseconds" {
	bundle_config '.linux.timeOffsets = { boottime: { secs: 1 } }'
	refuses timeOffsets namespace
	namespace time /proc/self/ns/time
	refuses timeOffsets
	namespace time
	bundle_config '.linux.timeOffsets = { realtime: { secs: 1 } }'
	refuses timeOffsets realtime
	bundle_config '.linux.timeOffsets = { boottime: { nanosecs: 1000000000 } }'
	refuses timeOffsets nanosecs
}
