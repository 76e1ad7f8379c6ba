# A user namespace of the container's own: id maps, the payload's identity in them, and what is
# harder without the host's root: devices, binds, masks, sysctls.

load helpers
load probe

FIRST=200000

# assert_host_uid UID: as the host sees the payload of a container that runs.
assert_host_uid() {
	local uid
	start_inside sleep 100
	uid=$(awk '/^Uid:/ { print $2, $3, $4, $5 }' "/proc/$(payload_of "$PID")/status")
	[ "$uid" = "$1 $1 $1 $1" ] || fail "the payload is uid $uid on the host, not $1"
	run_osless -0 delete --force "$ID"
}

@test "the namespace is new, with the config's maps" {
	user_namespace $FIRST 65536
	inside sh -c 'readlink /proc/self/ns/user; cat /proc/self/uid_map /proc/self/gid_map' || return 1
	[ "${lines[0]}" != "$(readlink /proc/self/ns/user)" ]
	[ "$(awk 'NR > 1 { print $1, $2, $3 }' <<<"$output" | sort -u)" = "0 $FIRST 65536" ]
}

@test "several ranges" {
	user_namespace $FIRST 1000
	bundle_config '.linux.uidMappings += [ { containerID: 5000, hostID: 300000, size: 10 } ]
		| .linux.gidMappings += [ { containerID: 7000, hostID: 400000, size: 20 } ]'
	inside sh -c 'cat /proc/self/uid_map; cat /proc/self/gid_map'
	[ "$(awk '{ print $1, $2, $3 }' <<<"$output")" = "0 $FIRST 1000
5000 300000 10
0 $FIRST 1000
7000 400000 20" ]
}

@test "65534 is mapped: the payload is nobody" {
	user_namespace $FIRST 65536
	inside sh -c 'id -u; id -g'
	assert_output $'65534\n65534'
	assert_host_uid $((FIRST + 65534))
}

@test "65534 is not mapped: the payload is the highest that is" {
	user_namespace $FIRST 1000
	inside sh -c 'id -u; id -g'
	assert_output $'999\n999'
	assert_host_uid $((FIRST + 999))
}

@test "one id is mapped: the payload has that" {
	user_namespace $FIRST 1
	inside sh -c 'id -u; id -g'
	assert_output $'0\n0'
	assert_host_uid $FIRST
	user_namespace $FIRST 1 42
	inside sh -c 'id -u; id -g'
	assert_output $'42\n42'
	assert_host_uid $FIRST
}

@test "a user of config is kept, if mapped" {
	user_namespace $FIRST 1000
	bundle_config '.process.user = { uid: 500, gid: 501, additionalGids: [ 502 ] }'
	inside sh -c 'id -u; id -g; id -G'
	assert_output $'500\n501\n501 502'
	bundle_config '.process.user = { uid: 5000, gid: 0 }'
	bundle_args true
	refuses 5000
}

@test "the payload has no capability of its namespace but those that it is granted" {
	user_namespace $FIRST 65536
	inside grep -E '^Cap(Inh|Prm|Eff|Bnd|Amb)' /proc/self/status
	# DAC_OVERRIDE is bit 1, NET_BIND_SERVICE bit 10; config.json grants no more that is kept
	[ "$(awk '!/^CapInh/ { print $2 }' <<<"$output" | sort -u)" = 0000000000000402 ] ||
		fail "other capabilities"
	inside probe call mount umount2 sethostname setns chroot
	[ "$(awk '{ print $2 }' <<<"$output" | sort -u)" = EPERM ]
}

@test "power over the namespace cannot be had by system calls either" {
	policy '{ "modes": { "syscalls": "off" } }'
	user_namespace $FIRST 65536
	inside probe call mount umount2 sethostname chroot
	[ "$(awk '{ print $2 }' <<<"$output" | sort -u)" = EPERM ]
}

@test "devices are the host's, and work" {
	user_namespace $FIRST 65536
	inside sh -c 'echo x >/dev/null && head -c 3 /dev/zero | wc -c && head -c 3 /dev/urandom | wc -c
		stat -c "%t:%T %n" /dev/null /dev/zero /dev/full /dev/random /dev/urandom
		grep -c " /dev/null " /proc/self/mountinfo'
	assert_output "3
3
1:3 /dev/null
1:5 /dev/zero
1:7 /dev/full
1:8 /dev/random
1:9 /dev/urandom
1"
}

@test "a bind from a directory that only the host's root may enter" {
	local closed=$BATS_TEST_TMPDIR/closed
	user_namespace $FIRST 65536
	mkdir -p "$closed/data"
	chmod 700 "$closed"
	echo secret >"$closed/data/file"
	bundle_config --arg source "$closed/data" '.mounts += [
		{ destination: "/tmp", type: "bind", source: $source, options: [ "rbind", "ro" ] } ]'
	inside sh -c 'cat /tmp/file; echo x >/tmp/file || echo refused'
	assert_output $'secret\nrefused'
}

@test "cgroups: limits hold, and the container sees its own" {
	need_controller pids
	user_namespace $FIRST 65536
	bundle_config '.linux.resources.pids = { limit: 30 }'
	inside sh -c 'cd /sys/fs/cgroup; [ ! -e pids ] || cd pids; cat pids.max
		cut -d: -f3 /proc/self/cgroup | sort -u; mkdir x 2>/dev/null || echo read-only'
	[ "${lines[0]}" -ge 30 ]
	[ "${lines[1]}" = / ]
	[ "${lines[2]}" = read-only ]
}

@test "masks, read-only paths and the read-only root" {
	user_namespace $FIRST 65536
	inside sh -c 'wc -c </proc/keys; (echo 1 >/proc/sys/net/ipv4/ip_forward); (echo x >/etc/x); true'
	assert_output 0
	[ "$(grep -c "Read-only file system" <<<"$stderr")" = 2 ]
}

@test "sysctls of the own network namespace, and the host name" {
	user_namespace $FIRST 65536
	bundle_config '.linux.sysctl = { "net.ipv4.ip_unprivileged_port_start": "77" }'
	inside sh -c 'cat /proc/sys/net/ipv4/ip_unprivileged_port_start; uname -n'
	assert_output $'77\nbox'
}

@test "fresh file systems belong to the mapped root" {
	user_namespace $FIRST 65536
	inside stat -c %u:%g /dev/shm
	assert_output 0:0
}

@test "create and start apart" {
	user_namespace $FIRST 65536
	bundle_args id -u
	run_osless -0 create -b "$BUNDLE" "$ID"
	CREATED_OUT=$OUT
	run_osless -0 start "$ID"
	wait_status "$ID" stopped
	[ "$(<"$CREATED_OUT")" = 65534 ]
}

@test "joined: its maps are what counts" {
	hold -U
	echo "0 $FIRST 65536" >"/proc/$HOLDER/gid_map"
	echo "0 $FIRST 65536" >"/proc/$HOLDER/uid_map"
	user_namespace $FIRST 65536
	namespace user "/proc/$HOLDER/ns/user"
	inside sh -c 'readlink /proc/self/ns/user; id -u'
	assert_output "$(readlink "/proc/$HOLDER/ns/user")
65534"
	release
}

@test "maps: missing, empty, too far, without a namespace" {
	user_namespace $FIRST 65536
	bundle_config 'del(.linux.gidMappings)'
	refuses gidMappings
	user_namespace $FIRST 0
	refuses uidMappings size
	user_namespace 4294967000 1000
	refuses uidMappings
	user_namespace $FIRST 65536
	no_namespace user
	refuses uidMappings user
}
