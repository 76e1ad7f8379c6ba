# linux.devices and /dev: what is there, and what the devices cgroup lets the program open. A number
# that no driver has tells the two apart: allowed it is "No such device or address", denied it is
# "Operation not permitted".

load spec-helpers

NO_DRIVER=200 # a minor of major 1, memory devices

# add_device OBJECT: as jq writes it.
add_device() {
	bundle_config ".linux.devices += [$1]"
}

# allow TYPE MAJOR MINOR ACCESS: adds a rule.
allow() {
	bundle_config --arg type "$1" --argjson major "$2" --argjson minor "$3" --arg access "$4" \
		'.linux.resources.devices += [{ allow: true, $type, $major, $minor, $access }]'
}

needs_device_rules() {
	[ -e /sys/fs/cgroup/cgroup.controllers ] || grep -q '^devices.*1$' /proc/cgroups ||
		skip "needs cgroup v2, or v1's controller \"devices\""
}

@test "the five that every container has, their links, and nothing else" {
	inside 'cd /dev; find . | sort'
	assert_output ".
./fd
./full
./null
./random
./shm
./stderr
./stdin
./stdout
./urandom
./zero"
	inside 'cd /dev; stat -c "%n %F %t:%T %a %u:%g" full null random urandom zero
		for link in fd stdin stdout stderr; do readlink $link; done'
	assert_output "full character special file 1:7 666 0:0
null character special file 1:3 666 0:0
random character special file 1:8 666 0:0
urandom character special file 1:9 666 0:0
zero character special file 1:5 666 0:0
/proc/self/fd
/proc/self/fd/0
/proc/self/fd/1
/proc/self/fd/2"
}

@test "the five work" {
	inside 'echo x >/dev/null && wc -c </dev/null; head -c 3 /dev/zero | od -An -tx1
		head -c 5 /dev/random | wc -c; head -c 5 /dev/urandom | wc -c; dd if=/dev/zero of=/dev/full count=1 2>&1 | head -1'
	assert_output "0
 00 00 00
5
5
dd: error writing '/dev/full': No space left on device"
}

@test "devices of config: types, mode, owner, default mode" {
	add_device '{ path: "/dev/one", type: "c", major: 1, minor: 3, fileMode: 416, uid: 1000, gid: 1001 }' # 0640
	add_device '{ path: "/dev/two", type: "u", major: 1, minor: 5 }'
	add_device '{ path: "/dev/block", type: "b", major: 7, minor: 250, fileMode: 0 }'
	add_device '{ path: "/dev/pipe", type: "p", fileMode: 438, uid: 7 }' # 0666
	inside 'cd /dev; stat -c "%n %F %t:%T %a %u:%g" one two block pipe'
	assert_output "one character special file 1:3 640 1000:1001
two character special file 1:5 666 0:0
block block special file 7:fa 0 0:0
pipe fifo 0:0 666 7:0"
}

@test "devices of config: their mode is not cut by the caller's umask" {
	add_device '{ path: "/dev/one", type: "c", major: 1, minor: 3, fileMode: 438 }'
	add_device '{ path: "/dev/owned", type: "c", major: 1, minor: 3, fileMode: 438, uid: 5 }'
	umask 077
	inside 'stat -c "%a %u" /dev/one /dev/owned'
	assert_output $'666 0\n666 5'
}

@test "devices of config: in directories that are missing, outside of /dev, and used" {
	add_device '{ path: "/dev/net/deep/null", type: "c", major: 1, minor: 3 }'
	add_device '{ path: "/opt/zero", type: "c", major: 1, minor: 5 }'
	inside 'echo >/dev/net/deep/null; head -c 2 /opt/zero | wc -c'
	assert_output 2
}

@test "a fifo passes what is written to it" {
	add_device '{ path: "/dev/pipe", type: "p", fileMode: 438 }'
	inside 'echo through >/dev/pipe & cat /dev/pipe; wait'
	assert_output through
}

@test "a default gives way to config's own of that path" {
	add_device '{ path: "/dev/null", type: "c", major: 1, minor: 5, fileMode: 384 }'
	inside 'stat -c "%t:%T %a" /dev/null'
	assert_output "1:5 600"
}

@test "terminals are stripped: by path and by number, and the plan says so" {
	local device
	for device in '"/dev/tty", major: 5, minor: 0' '"/dev/console", major: 5, minor: 1' '"/dev/ptmx", major: 5, minor: 2' \
		'"/dev/ttyS0", major: 4, minor: 64' '"/dev/other", major: 136, minor: 0' '"/dev/x/serial", major: 188, minor: 0'; do
		add_device "{ type: \"c\", path: $device }"
	done
	allow c 5 0 rwm
	allow c 136 -1 rwm
	inside 'ls /dev'
	[[ $output != *tty* && $output != *console* && $output != *ptmx* && $output != *other* ]]
	[[ $output != *$'\n'x* ]]
	run_osless -0 plan --format json "$BUNDLE"
	jq -e '[.. | objects | select(.what == "linux.devices") | .from] | length == 1' <<<"$output"
}

@test "cgroup: devices are denied unless a rule allows them" {
	needs_device_rules
	add_device "{ \"path\": \"/dev/some\", \"type\": \"c\", \"major\": 1, \"minor\": $NO_DRIVER }"
	fails_inside "Operation not permitted" 'echo >/dev/some'
	allow c 1 $NO_DRIVER w
	fails_inside "No such device or address" 'echo >/dev/some'
	fails_inside "Operation not permitted" 'cat /dev/some'
	allow c 1 $NO_DRIVER r
	fails_inside "No such device or address" 'cat /dev/some'
}

@test "cgroup: later rules win" {
	needs_device_rules
	add_device "{ \"path\": \"/dev/some\", \"type\": \"c\", \"major\": 1, \"minor\": $NO_DRIVER }"
	allow c 1 $NO_DRIVER rwm
	bundle_config '.linux.resources.devices += [{ allow: false, access: "rwm" }]'
	fails_inside "Operation not permitted" 'cat /dev/some'
	allow c 1 -1 r
	fails_inside "No such device or address" 'cat /dev/some'
}

@test "cgroup: the five are allowed after any rule" {
	needs_device_rules
	bundle_config '.linux.resources.devices += [{ allow: false, type: "c", major: 1, minor: 3, access: "rwm" }]'
	inside 'echo >/dev/null; head -c 1 /dev/zero | wc -c'
	assert_output 1
}

@test "cgroup: all allowed, but never terminals" {
	needs_device_rules
	bundle_config '.linux.resources.devices = [{ allow: true, access: "rwm" }]'
	mknod "$BUNDLE/rootfs/tty" c 5 0
	add_device "{ path: \"/some\", type: \"c\", major: 1, minor: $NO_DRIVER }" # in the root: nodes work there
	fails_inside "No such device or address" 'cat /some'
	fails_inside "Operation not permitted" 'cat /tty'
}

@test "cgroup: a node in the root is of no use without a rule" {
	needs_device_rules
	mknod -m 666 "$BUNDLE/rootfs/some" c 1 $NO_DRIVER
	add_device '{ path: "/opt/zero", type: "c", major: 1, minor: 5 }' # in the root: nodes work there
	fails_inside "Operation not permitted" 'cat /some'
}

@test "a node that an image brings along opens nothing, whatever the rules" {
	bundle_config '.linux.resources.devices = [{ allow: true, access: "rwm" }]'
	mknod -m 666 "$BUNDLE/rootfs/null" c 1 3
	fails_inside "Permission denied" 'cat /null'
}

@test "the program cannot make devices" {
	add_mount tmpfs tmpfs /tmp
	inside 'mknod /tmp/null c 1 3 2>/dev/null; mknod /tmp/disk b 7 0 2>/dev/null; ls /tmp'
	assert_output ""
}

@test "without a mount on /dev they are made in the root" {
	bundle_config 'del(.mounts[] | select(.destination == "/dev" or .destination == "/dev/shm"))'
	inside 'echo >/dev/null; stat -c %t:%T /dev/null'
	assert_output 1:3
	run_osless -0 run -b "$BUNDLE" "$ID" # and again, where they are already
}

@test "what stands in a device's place is not used, and a symlink there not followed" {
	bundle_config 'del(.mounts[] | select(.destination == "/dev" or .destination == "/dev/shm"))'
	touch "$BUNDLE/rootfs/dev/null"
	refused /dev/null
	rm "$BUNDLE/rootfs/dev/null"
	ln -s ../../../../../etc/passwd "$BUNDLE/rootfs/dev/null"
	refused /dev/null
	rm "$BUNDLE/rootfs/dev/null"
	mknod "$BUNDLE/rootfs/dev/null" c 1 5
	refused /dev/null
}

@test "a device's directory that is a symlink stays inside" {
	ln -s ../../../../../../tmp "$BUNDLE/rootfs/climbing"
	add_device "{ \"path\": \"/climbing/$ID/null\", \"type\": \"c\", \"major\": 1, \"minor\": 3 }"
	inside "ls /tmp/$ID"
	assert_output null
	[ ! -e "/tmp/$ID" ]
	[ -c "$BUNDLE/rootfs/tmp/$ID/null" ]
}

@test "read-only /dev: nothing can be added, devices work" {
	bundle_config '(.mounts[] | select(.destination == "/dev")).options += ["ro"]'
	inside '(echo >/dev/new) 2>&1; echo >/dev/null && echo works'
	[[ ${lines[0]} == *"Read-only file system"* ]]
	[ "${lines[1]}" = works ]
}

@test "a /dev that is bound from the host is left alone" {
	mkdir "$BATS_TEST_TMPDIR/dev"
	mknod -m 666 "$BATS_TEST_TMPDIR/dev/null" c 1 3
	bundle_config --arg dev "$BATS_TEST_TMPDIR/dev" 'del(.mounts[] | select(.destination == "/dev/shm")) |
		(.mounts[] | select(.destination == "/dev")) = { destination: "/dev", source: $dev, options: ["bind"] }'
	inside 'ls /dev; echo >/dev/null'
	assert_output null
	[ "$(ls "$BATS_TEST_TMPDIR/dev")" = null ]
}

@test "in a user namespace they are the host's, bound" {
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" "$BUNDLE"
	bundle_config '.linux.namespaces += [{ type: "user" }] |
		.linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] |
		.linux.gidMappings = .linux.uidMappings'
	inside 'echo >/dev/null && head -c 3 /dev/zero | wc -c; cat /proc/self/mountinfo'
	[ "${lines[0]}" = 3 ]
	assert_mount root /dev/null /null
	add_device '{ path: "/dev/nowhere", type: "c", major: 1, minor: 3 }'
	refused /dev/nowhere
}

@test "a type that is not known, numbers missing, a relative path" {
	add_device '{ path: "/dev/x", type: "s", major: 1, minor: 3 }'
	refused 'linux.devices[0]'
	bundle_config '.linux.devices[0] = { path: "/dev/x", type: "c" }'
	refused 'linux.devices[0]' major
	bundle_config '.linux.devices[0] = { path: "dev/x", type: "c", major: 1, minor: 3 }'
	refused 'linux.devices[0].path' dev/x
}
