# linux.netDevices: devices of the host that go into the container's network namespace. A namespace
# that the test makes stands for the host's, so that the machine's own devices are out of reach.

load helpers
load probe

setup() {
	[ "$(id -u)" = 0 ] || skip "containers need root"
	hold --net
	HOST=$HOLDER
	hold --net
	JOINED=$HOLDER
	on_host ip link add dev0 type veth peer name peer0 || skip "no veth devices here"
	test_setup # who holds namespaces is there before
	BARE=$OSLESS
	wrap "$OSLESS"
}

teardown() {
	[ -z "${ID:-}" ] || delete_containers
	for HOLDER in ${HOST:-} ${JOINED:-}; do
		release
	done
	test_teardown
}

# wrap PROGRAM: osless is this one, and takes the test's namespace for the host's.
wrap() {
	printf '#!/bin/sh\nexec nsenter --net=/proc/%s/ns/net "%s" "$@"\n' "$HOST" "$1" >"$BATS_TEST_TMPDIR/osless"
	chmod 755 "$BATS_TEST_TMPDIR/osless"
	OSLESS=$BATS_TEST_TMPDIR/osless
}

on_host() {
	nsenter --net="/proc/$HOST/ns/net" "$@"
}

# within PID COMMAND...: in its network namespace.
within() {
	nsenter --net="/proc/$1/ns/net" "${@:2}"
}

# devices JSON: linux.netDevices, and a namespace for it.
devices() {
	namespace network "${2:-}"
	bundle_config --argjson devices "$1" '.linux.netDevices = $devices'
}

# addresses: ip(8)'s list, a line each, without what the kernel made by itself.
addresses() {
	jq -r '.[].addr_info[] | select(.scope != "link") | "\(.local)/\(.prefixlen) \(.scope) \(.label // "")"' | sort
}

# facts_of_host_device: what must be as it was when it comes back.
facts_of_host_device() {
	on_host ip -j addr show dev0 | addresses
	on_host ip -j link show dev0 | jq -c '.[] | [ .address, .mtu, (.flags | any(. == "UP")) ]'
}

# The device has all that a device can have: both families, labels, some that stay behind, and is up.
furnish() {
	on_host ip link set dev0 mtu 1400 up
	on_host ip link set peer0 up
	on_host ip addr add 192.0.2.7/24 brd + dev dev0 label dev0:web
	on_host ip addr add 192.0.2.8/24 dev dev0
	on_host ip addr add 198.51.100.1 peer 198.51.100.2/32 dev dev0
	on_host ip addr add 203.0.113.9/24 dev dev0 scope link
	on_host ip addr add 233.252.0.10/24 dev dev0 valid_lft 1000 preferred_lft 1000
	on_host ip addr add 2001:db8::7/64 dev dev0 nodad
	BEFORE=$(facts_of_host_device)
}

# assert_back: the device is on the host as it was, and nowhere else.
assert_back() {
	local now
	now=$(facts_of_host_device) || fail "the device is not on the host" || return 1
	[ "$now" = "$BEFORE" ] || fail "it was"$'\n'"$BEFORE"$'\n'"and is"$'\n'"$now"
}

# refuses_devices WORD...: as refuses, and the device is back.
refuses_devices() {
	refuses "$@" && assert_back
}

@test "netDevices: moved with its attributes and lasting addresses, renamed, up; hooks see it" {
	furnish
	devices '{ "dev0": { "name": "eth0" } }'
	bundle_config --arg seen "$BATS_TEST_TMPDIR/seen" '.hooks.createRuntime = [ { path: "/bin/sh",
		args: [ "sh", "-c", "nsenter --net=/proc/$(jq .pid)/ns/net ip -o link >\($seen)" ],
		env: [ "PATH=\(env.PATH)" ] } ]'
	start_inside sleep 1000
	! on_host ip link show dev0 2>/dev/null || fail "still on the host"
	grep -q ' eth0@' "$BATS_TEST_TMPDIR/seen"
	[ "$(within "$PID" ip -j addr show eth0 | addresses)" = "192.0.2.7/24 global eth0
192.0.2.8/24 global eth0
198.51.100.1/32 global eth0
2001:db8::7/64 global " ] || fail "$(within "$PID" ip addr)"
	within "$PID" ip addr show eth0 | grep -q 'peer 198.51.100.2/32'
	within "$PID" ip addr show eth0 | grep -q '192.0.2.7/24 brd 192.0.2.255'
	[ "$(within "$PID" ip -j link show eth0 | jq -c '.[] | [ .address, .mtu, (.flags | any(. == "UP")) ]')" = \
		"$(tail -n 1 <<<"$BEFORE")" ] || fail "$(within "$PID" ip link)"
	within "$PID" ip -j link show eth0 | jq -e '.[].operstate == "UP"' >/dev/null
}

@test "netDevices: names kept and numbered, in a joined namespace, which keeps them" {
	on_host ip link add dev1 type veth peer name peer1
	within "$JOINED" ip link add eth0 type veth peer name eth2
	devices '{ "dev0": { "name": "eth%d" }, "dev1": {} }' "/proc/$JOINED/ns/net"
	run_osless -0 plan --format json -b "$BUNDLE"
	jq -e '.plan.net_devices == [ { name: "dev0", new_name: "eth%d" }, { name: "dev1" } ]
		and all(.report[]; .kind != "unsupported")' <<<"$output" >/dev/null || fail "plan"
	inside true
	[ "$(within "$JOINED" ip -o link | awk -F'[ :@]+' '{ print $2 }' | sort | xargs)" = "dev1 eth0 eth1 eth2 lo" ] ||
		fail "$(within "$JOINED" ip -o link)"
	on_host ip link show peer0
	within "$JOINED" ip link set eth1 netns "$HOST" name dev0
}

@test "netDevices: in a user namespace of the container's own, by another of its names" {
	user_namespace 200000 65536
	on_host ip link property add dev dev0 altname other
	devices '{ "other": {} }'
	start_inside sleep 1000
	within "$PID" ip -o link show up dev0 | grep -q .
}

@test "netDevices: one that is not there, names that are taken, nobody's to move" {
	furnish
	devices '{ "dev0": { "name": "x0" }, "dev9": {} }'
	refuses_devices "network devices: dev9" "no such device"
	devices '{ "dev0": { "name": "x0" }, "peer0": { "name": "x0" } }'
	refuses_devices "network devices: peer0" "x0 already"
	devices '{ "dev0": {}, "lo": { "name": "lo1" } }'
	refuses_devices "network devices: lo" "change its network namespace"
	within "$JOINED" ip link add dev0 type veth peer name other
	devices '{ "dev0": {} }' "/proc/$JOINED/ns/net"
	refuses_devices "network devices: dev0" "already"
	devices '{ "dev0": {} }' "/proc/$HOST/ns/net"
	refuses_devices linux.netDevices "host's own"
	devices '{ "dev0": {} }'
	no_namespace network
	refuses_devices linux.netDevices '"network"'
}

@test "netDevices: back on the host when what comes after fails" {
	furnish
	devices '{ "dev0": { "name": "eth0" } }'
	bundle_config '.hooks.createContainer = [ { path: "/bin/false" } ]'
	refuses_devices createContainer
	bundle_config 'del(.hooks) | .mounts += [ { destination: "/x", type: "nosuch", source: "x" } ]'
	refuses_devices nosuch
	bundle_config 'del(.mounts[-1])'
	run_osless -1 create --pid-file /nonexistent/pid -b "$BUNDLE" "$ID"
	assert_one_line_error "pid file"
	assert_back
}

@test "netDevices: back on the host whichever row fails" {
	local row
	[ -x "${OSLESS_FAULTS:-}/osless" ] || skip "no build with --enable-fault-injection: set OSLESS_FAULTS"
	wrap "$(realpath "$OSLESS_FAULTS")/osless"
	furnish
	devices '{ "dev0": { "name": "eth0" } }'
	for row in "create:network devices" create:container init:mounts create:status; do
		OSLESS_FAIL=$row refuses_devices "injected failure" || fail "$row"
	done
}

@test "netDevices: a trial of check leaves them alone" {
	furnish
	devices '{ "dev0": {} }'
	bundle_args true
	run_osless -0 check --trace 1s -b "$BUNDLE"
	assert_back
}

@test "netDevices: not for an ordinary user" {
	devices '{ "dev0": {} }'
	user_namespace 12345 1
	run setpriv --reuid 12345 --regid 12345 --clear-groups \
		"$BARE" --root "$BATS_TEST_TMPDIR" plan -b "$BUNDLE"
	[ "$status" = 1 ]
	[[ $output == *"linux.netDevices: only the host's root"* ]] || fail "$output"
}
