# linux.rootfsPropagation and the propagation options of mounts: as mountinfo shows them, and as a
# mount that comes later proves them.

load spec-helpers
load probe

# shared_dir NAME: a directory of the host that is a shared mount of its own, with a directory sub;
# sets SHARED.
shared_dir() {
	SHARED=$BATS_TEST_TMPDIR/$1
	mkdir -p "$SHARED/sub"
	host_mount --bind "$SHARED" "$SHARED"
	mount --make-private "$SHARED"
	mount --make-shared "$SHARED"
}

# private_dir: the same, private.
private_dir() {
	shared_dir "$1"
	mount --make-private "$SHARED"
}

propagate() {
	bundle_config --arg word "$1" '.linux.rootfsPropagation = $word'
}

# The bundle's root becomes a shared mount of its own.
share_root() {
	host_mount --bind "$BUNDLE/rootfs" "$BUNDLE/rootfs"
	mount --make-shared "$BUNDLE/rootfs"
}

show_mounts() {
	bundle_args cat /proc/self/mountinfo
	run_osless -0 run -b "$BUNDLE" "$ID"
}

# run_detached: sets PID
run_detached() {
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	PID=$(osless state "$ID" | jq .pid)
}

# What the container sees from now on is in /proc/PID/root.
mounted_inside() {
	awk -v path="$1" '$5 == path { found = 1 } END { exit !found }' "/proc/$PID/mountinfo"
}

mounted_outside() {
	awk -v path="$1" '$5 == path { found = 1 } END { exit !found }' /proc/self/mountinfo
}

# The host's mounts, but for those of tests that run beside these.
host_mounts() {
	awk -v own="${BATS_RUN_TMPDIR##*/}" '!/bats-run-/ || index($0, own)' /proc/self/mountinfo
}

@test "rootfsPropagation: as mountinfo shows it" {
	propagate private
	show_mounts
	assert_mount propagation / ""
	propagate shared
	show_mounts
	[[ $(mount_field propagation /) == shared:* ]]
	propagate unbindable
	show_mounts
	assert_mount propagation / unbindable
	propagate slave
	show_mounts
	[[ $(mount_field propagation /) != *shared:* ]]
}

@test "rootfsPropagation: recursive words reach all mounts" {
	propagate rshared
	show_mounts
	local place
	for place in / /proc /dev /sys; do
		[[ $(mount_field propagation $place) == shared:* ]] || fail "$place is not shared"
	done
	propagate rprivate
	show_mounts
	for place in / /proc /dev /sys; do
		assert_mount propagation $place ""
	done
}

@test "rootfsPropagation: absent, nothing inside is shared with the host" {
	shared_dir data
	share_root
	bundle_config 'del(.linux.rootfsPropagation)'
	bind "$SHARED" /data
	show_mounts
	[[ $output != *shared:* ]] || fail "something is shared"
}

@test "rootfsPropagation: whatever the word, nothing that osless mounts reaches the host" {
	local word before
	share_root
	before=$(host_mounts)
	for word in private rprivate slave rslave shared rshared unbindable runbindable; do
		propagate "$word"
		run_detached
		[ "$(host_mounts)" = "$before" ] || fail "$word: mounts have reached the host"
		run_osless -0 delete --force "$ID"
		[ "$(host_mounts)" = "$before" ] || fail "$word: the host's mounts have changed"
	done
}

@test "rootfsPropagation: a root on the host's shared mount, in the middle of it" {
	local word before
	shared_dir data
	mv "$BUNDLE/rootfs" "$SHARED/rootfs"
	bundle_config --arg path "$SHARED/rootfs" '.root.path = $path'
	before=$(host_mounts)
	for word in "" private slave shared rshared; do
		propagate "$word"
		run_detached
		[ "$(host_mounts)" = "$before" ] || fail "$word: mounts have reached the host"
		run_osless -0 delete --force "$ID"
	done
	[ "$(host_mounts)" = "$before" ] || fail "the host's mounts have changed"
}

@test "rootfsPropagation: with --no-pivot" {
	share_root
	local before
	before=$(host_mounts)
	propagate rslave
	bundle_args cat /proc/self/mountinfo
	run_osless -0 run --no-pivot -b "$BUNDLE" "$ID"
	[[ $(mount_field propagation /) != *shared:* ]]
	[ "$(host_mounts)" = "$before" ]
}

@test "rootfsPropagation: unknown" {
	propagate sideways
	refused linux.rootfsPropagation sideways
}

@test "a bind without a word follows the host, and gives nothing back" {
	shared_dir data
	bind "$SHARED" /data
	run_detached
	output=$(<"/proc/$PID/mountinfo")
	[[ $(mount_field propagation /data) == master:* ]]
	host_mount -t tmpfs tmpfs "$SHARED/sub"
	mounted_inside /data/sub || fail "the host's did not appear inside"
	nsenter -t "$PID" -m mount -t tmpfs tmpfs /data
	[ "$(awk -v path="$SHARED" '$5 == path' /proc/self/mountinfo | wc -l)" = 1 ] || fail "the container's reached the host"
}

@test "private, rprivate: a mount on the host does not appear" {
	shared_dir data
	bind "$SHARED" /one private
	add_mount bind "$SHARED" /all rbind rprivate
	propagate shared
	run_detached
	output=$(<"/proc/$PID/mountinfo")
	assert_mount propagation /one ""
	assert_mount propagation /all ""
	host_mount -t tmpfs tmpfs "$SHARED/sub"
	! mounted_inside /one/sub || fail "it appeared in /one"
	! mounted_inside /all/sub || fail "it appeared in /all"
}

@test "slave, rslave: a mount on the host appears, with its content; none goes back" {
	shared_dir data
	propagate rslave # so do engines
	bind "$SHARED" /one slave
	add_mount bind "$SHARED" /all rbind rslave
	run_detached
	output=$(<"/proc/$PID/mountinfo")
	[[ $(mount_field propagation /one) == master:* ]]
	[[ $(mount_field propagation /all) == master:* ]]
	host_mount -t tmpfs tmpfs "$SHARED/sub"
	echo later >"$SHARED/sub/file"
	mounted_inside /one/sub || fail "nothing appeared in /one"
	mounted_inside /all/sub || fail "nothing appeared in /all"
	[ "$(<"/proc/$PID/root/all/sub/file")" = later ]
	umount "$SHARED/sub"
	! mounted_inside /all/sub || fail "it did not go with the host's"
	nsenter -t "$PID" -m mount -t tmpfs tmpfs /all/sub
	! mounted_outside "$SHARED/sub" || fail "the container's mount reached the host"
}

@test "shared, rshared: a mount on either side appears on the other" {
	shared_dir data
	propagate rshared
	add_mount bind "$SHARED" /all rbind rshared
	run_detached
	output=$(<"/proc/$PID/mountinfo")
	[[ $(mount_field propagation /all) == *shared:* ]]
	host_mount -t tmpfs tmpfs "$SHARED/sub"
	mounted_inside /all/sub || fail "the host's did not appear inside"
	umount "$SHARED/sub"
	nsenter -t "$PID" -m mount -t tmpfs tmpfs /all/sub
	mounted_outside "$SHARED/sub" || fail "the container's did not appear on the host"
	umount "$SHARED/sub"
	! mounted_inside /all/sub || fail "it did not go with the host's"
}

@test "recursive words reach the mounts below, plain ones do not" {
	shared_dir data
	host_mount -t tmpfs tmpfs "$SHARED/sub"
	mount --make-shared "$SHARED/sub"
	propagate rslave
	add_mount bind "$SHARED" /one rbind private
	add_mount bind "$SHARED" /all rbind rprivate
	show_mounts
	assert_mount propagation /one ""
	[[ $(mount_field propagation /one/sub) == master:* ]]
	assert_mount propagation /all ""
	assert_mount propagation /all/sub ""
}

@test "unbindable, and words on other file systems" {
	private_dir data
	bind "$SHARED" /data unbindable
	add_mount tmpfs tmpfs /a shared
	add_mount tmpfs tmpfs /b private
	show_mounts
	assert_mount propagation /data unbindable
	[[ $(mount_field propagation /a) == shared:* ]]
	assert_mount propagation /b ""
}

# separate KIND: the bind at /data, with a file system of the container's own mounted in it, gives nothing
# back, and what the host mounts appears in it.
separate() {
	add_mount tmpfs tmpfs /data/sub
	run_detached
	mounted_inside /data/sub
	! mounted_outside "$SHARED/sub" || fail "$1: the container's mount reached the host"
	mkdir -p "$SHARED/later"
	host_mount -t tmpfs tmpfs "$SHARED/later"
	mounted_inside /data/later || fail "$1: the host's did not appear inside"
	umount "$SHARED/later"
	run_osless -0 delete --force "$ID"
}

@test "a bind in a user namespace follows the host, and gives nothing back, whatever the words" {
	local words
	shared_dir data
	user_namespace 100000 65536
	let_others_through "$SHARED"
	mkdir "$BUNDLE/rootfs/data"
	cp "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/config.json"
	for words in "bind" "rbind" "rbind rslave" "rbind rshared"; do
		cp "$BATS_TEST_TMPDIR/config.json" "$BUNDLE/config.json"
		# shellcheck disable=SC2086 # words
		add_mount bind "$SHARED" /data $words
		separate "$words"
		propagate rshared
		separate "$words, rshared root"
	done
}

@test "an idmapped bind follows the host, and gives nothing back; private, it does not" {
	shared_dir data
	add_mount bind "$SHARED" /data rbind
	bundle_config '.mounts[-1] += ({ m: [ { containerID: 0, hostID: 1000, size: 10 } ] } |
		{ uidMappings: .m, gidMappings: .m })'
	separate "no word"
	bundle_config 'del(.mounts[-1])'
	propagate private
	run_detached
	host_mount -t tmpfs tmpfs "$SHARED/sub"
	! mounted_inside /data/sub || fail "private: the host's appeared"
}
