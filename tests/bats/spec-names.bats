# hostname, domainname.

load spec-helpers

HOST=$(uname -n)

show_names='hostname; cat /proc/sys/kernel/domainname'

without_uts() {
	bundle_config 'del(.linux.namespaces[] | select(.type == "uts"))'
}

teardown() {
	[ "$(uname -n)" = "$HOST" ] || fail "the host's name has changed"
	delete_containers
	[ -z "${SLEEPER:-}" ] || kill "$SLEEPER"
	test_teardown
}

@test "both are the container's, and not the host's" {
	local domain
	domain=$(cat /proc/sys/kernel/domainname)
	bundle_config '.hostname = "web-1.example" | .domainname = "example.org"'
	inside "$show_names"
	assert_output $'web-1.example\nexample.org'
	[ "$(cat /proc/sys/kernel/domainname)" = "$domain" ]
}

@test "absent: as the host's were when the namespace was made" {
	bundle_config 'del(.hostname, .domainname)'
	inside "$show_names"
	assert_output "$HOST"$'\n'"$(cat /proc/sys/kernel/domainname)"
}

@test "64 bytes are taken, 65 are an error" {
	local name
	name=$(printf 'n%.0s' {1..64})
	bundle_config --arg name "$name" '.hostname = $name | .domainname = $name'
	inside "$show_names"
	assert_output "$name"$'\n'"$name"
	bundle_config '.hostname += "n"'
	refused hostname 64
	bundle_config '.hostname = "box" | .domainname += "n"'
	refused domainname 64
}

@test "in the host's own namespace: refused" {
	without_uts
	refused hostname uts
	bundle_config 'del(.hostname) | .domainname = "example.org"'
	refused domainname uts
}

@test "in the host's own namespace, without names: runs" {
	without_uts
	bundle_config 'del(.hostname)'
	inside hostname
	assert_output "$HOST"
}

@test "in a joined namespace" {
	OSLESS_TEST=$ID unshare --uts sleep 100 3>&- 4>&- &
	SLEEPER=$!
	wait_until 5 test "/proc/$SLEEPER/ns/uts" -ef "/proc/$SLEEPER/ns/uts"
	different() { [ "$(readlink "/proc/$SLEEPER/ns/uts")" != "$(readlink /proc/self/ns/uts)" ]; }
	wait_until 5 different
	bundle_config --arg path "/proc/$SLEEPER/ns/uts" \
		'(.linux.namespaces[] | select(.type == "uts")).path = $path'
	inside hostname
	assert_output box
	[ "$(nsenter -t "$SLEEPER" -u hostname)" = box ]
}

@test "the host's namespace by its path is still the host's: refused" {
	wrap_osless exec unshare --uts # the "host" of this test
	bundle_config '(.linux.namespaces[] | select(.type == "uts")).path = "/proc/self/ns/uts"'
	refused uts
}

@test "the program cannot change them" {
	inside 'hostname other 2>/dev/null; hostname'
	assert_output box
}
