# mounts: types, options, destinations. Their propagation is in spec-propagation.bats.

load spec-helpers

CAT_MOUNTS='cat /proc/self/mountinfo'

# host_dir NAME: a directory of the host with a file that has its name; prints its path.
host_dir() {
	mkdir -p "$BATS_TEST_TMPDIR/$1"
	echo "$1" >"$BATS_TEST_TMPDIR/$1/file"
	echo "$BATS_TEST_TMPDIR/$1"
}

# host_tree: a directory of the host with a tmpfs at sub; both have a file. Sets TREE.
host_tree() {
	TREE=$(host_dir top)
	mkdir "$TREE/sub"
	host_mount -t tmpfs tmpfs "$TREE/sub"
	echo sub >"$TREE/sub/file"
}

# assert_inside PATH: it was made in the root, and not on the host through a symlink in the root.
assert_inside() {
	[ -e "$BUNDLE/rootfs/$1" ] || fail "$1 was not made in the root"
	[ ! -e "/$1" ] || fail "$1 was made on the host"
}

# ---- tmpfs

@test "tmpfs: size and mode" {
	add_mount tmpfs tmpfs /tmp size=64k mode=0710
	inside "stat -c %a /tmp; head -c 60000 /dev/zero >/tmp/fits && echo fits; $CAT_MOUNTS"
	[ "${lines[0]}" = 710 ]
	[ "${lines[1]}" = fits ]
	assert_mount type /tmp tmpfs
	assert_mount_has super /tmp size=64k mode=710
	fails_inside "No space left on device" 'dd if=/dev/zero of=/tmp/large bs=70000 count=1'
}

@test "tmpfs: a sticky mode, owner, inodes" {
	add_mount tmpfs tmpfs /tmp mode=1777 uid=1000 gid=1001 nr_inodes=3
	inside 'stat -c %a:%u:%g /tmp; echo >/tmp/a; echo >/tmp/b; (echo >/tmp/c) 2>/dev/null || echo full'
	assert_output $'1777:1000:1001\nfull'
}

@test "tmpfs: an option that it does not know, or a value: the kernel's words" {
	add_mount tmpfs tmpfs /tmp size=lots
	refused /tmp size "Bad value for 'size'"
	bundle_config '.mounts[-1].options = ["colour=red"]'
	refused /tmp colour "Unknown parameter 'colour'"
	bundle_config '.mounts[-1].options = ["mode=9"]'
	refused /tmp mode "Bad value for 'mode'"
}

@test "tmpcopyup: the tmpfs starts as a copy, and the root stays as it is" {
	local data=$BUNDLE/rootfs/data
	mkdir -p "$data/dir/below"
	echo content >"$data/dir/file"
	ln -s dir/file "$data/link"
	chmod 750 "$data/dir"
	chown 1:2 "$data/dir"
	chmod 4711 "$data/dir/file"
	chmod 2771 "$data"
	touch -d @1000000000 "$data/dir/file"
	add_mount tmpfs tmpfs /data tmpcopyup size=1m
	inside 'cd /data && cat link && readlink link && stat -c %a:%u:%g . dir dir/file && stat -c %Y dir/file &&
		ls dir && echo changed >dir/file && rm -r link dir/below && echo new >new'
	assert_output "content
dir/file
2771:0:0
750:1:2
4711:0:0
1000000000
below
file"
	[ "$(<"$data/link")" = content ]
	[ -d "$data/dir/below" ]
	[ ! -e "$data/new" ]
}

@test "tmpcopyup: nothing is copied into a bind" {
	echo covered >"$BUNDLE/rootfs/tmp/file"
	bind "$(host_dir shared)" /tmp tmpcopyup
	inside 'cat /tmp/file'
	assert_output shared
	assert_stderr "tmpcopyup"
}

@test "tmpcopyup: of nothing" {
	add_mount tmpfs tmpfs /new/place tmpcopyup
	inside 'ls -A /new/place | wc -l; echo >/new/place/file'
	assert_output 0
}

@test "tmpcopyup: what does not fit is an error" {
	mkdir "$BUNDLE/rootfs/data"
	head -c 200000 /dev/zero >"$BUNDLE/rootfs/data/large"
	add_mount tmpfs tmpfs /data tmpcopyup size=64k
	refused /data large "no space left on device"
}

# ---- bind

@test "bind: a file and a directory, written on both sides" {
	local dir
	dir=$(host_dir shared)
	echo original >"$BATS_TEST_TMPDIR/single"
	bind "$dir" /data
	bind "$BATS_TEST_TMPDIR/single" /etc/single
	inside 'cat /data/file /etc/single; echo one >/data/new; echo two >/etc/single'
	assert_output $'shared\noriginal'
	[ "$(<"$dir/new")" = one ]
	[ "$(<"$BATS_TEST_TMPDIR/single")" = two ]
}

@test "bind: by type alone, by option alone, with a type that means nothing" {
	local dir mount
	dir=$(host_dir shared)
	for mount in '{ type: "bind" }' '{ options: ["bind"] }' '{ type: "none", options: ["rbind"] }' '{ type: "ext9", options: ["bind"] }'; do
		bundle_config --arg dir "$dir" ".mounts += [{ destination: \"/data\", source: \$dir } + $mount]"
		inside 'cat /data/file'
		assert_output shared
		bundle_config 'del(.mounts[-1])'
	done
}

@test "bind: a source relative to the bundle; a source that is a symlink" {
	mkdir "$BUNDLE/data"
	echo relative >"$BUNDLE/data/file"
	ln -s data "$BUNDLE/link"
	bind data /a
	bind "$BUNDLE/link" /b
	cd /
	inside 'cat /a/file /b/file'
	assert_output $'relative\nrelative'
}

@test "bind without r: not the mounts below; rbind: with them" {
	host_tree
	bind "$TREE" /one
	add_mount bind "$TREE" /all rbind
	inside "ls /one/sub | wc -l; cat /all/sub/file; $CAT_MOUNTS"
	[ "${lines[0]}" = 0 ]
	[ "${lines[1]}" = sub ]
	assert_mount type /all/sub tmpfs
	! mount_field type /one/sub || fail "/one/sub came along"
}

@test "bind ro: that mount alone; rro: all below it too" {
	host_tree
	add_mount bind "$TREE" /ro rbind ro
	add_mount bind "$TREE" /rro rbind rro
	inside "echo >/ro/sub/written; (echo >/ro/file) 2>&1; (echo >/rro/file) 2>&1; (echo >/rro/sub/file) 2>&1; $CAT_MOUNTS"
	[ -e "$TREE/sub/written" ]
	[ "$(grep -c "Read-only file system" <<<"$output")" = 3 ]
	assert_mount_has options /ro ro
	assert_mount_has options /ro/sub rw
	assert_mount_has options /rro ro
	assert_mount_has options /rro/sub ro
	[ "$(<"$TREE/file")" = top ]
	echo >"$TREE/new" # the host's own mount is not read-only
}

@test "recursive options reach below, plain ones do not" {
	local word
	host_tree
	for word in nosuid nodev noexec noatime nodiratime nosymfollow; do
		add_mount bind "$TREE" "/plain-$word" rbind "$word"
		add_mount bind "$TREE" "/rec-$word" rbind "r$word"
	done
	inside "$CAT_MOUNTS"
	for word in nosuid nodev noexec noatime nodiratime nosymfollow; do
		assert_mount_has options "/plain-$word" "$word"
		assert_mount_has options "/rec-$word" "$word"
		assert_mount_has options "/rec-$word/sub" "$word"
		[[ $(mount_field options "/plain-$word/sub") != *"$word"* ]] || fail "$word reached below"
	done
}

@test "recursive clearing options" {
	host_tree
	mount -o remount,bind,ro,nosuid,nodev,noexec "$TREE/sub"
	add_mount bind "$TREE" /data rbind rrw rsuid rdev rexec
	inside "echo >/data/sub/written; $CAT_MOUNTS"
	[ -e "$TREE/sub/written" ]
	[[ $(mount_field options /data/sub) != *no[sde]* ]]
}

@test "bind: options that are not named stay the source's" {
	host_tree
	mount -o remount,bind,ro,nosuid,nodev,noexec,noatime "$TREE/sub"
	bind "$TREE/sub" /data
	inside "$CAT_MOUNTS"
	assert_mount_has options /data ro nosuid nodev noexec noatime
}

@test "bind: file system options are passed over" {
	bind "$(host_dir shared)" /data size=1k mode=700
	inside 'cat /data/file'
	assert_output shared
}

@test "bind: the source missing, or not named" {
	bind "$BATS_TEST_TMPDIR/nowhere" /data
	refused /data "$BATS_TEST_TMPDIR/nowhere" "no such file or directory"
	bundle_config 'del(.mounts[-1].source)'
	refused 'mounts[5].source'
}

@test "bind: a file on a directory, a directory on a file" {
	bind "$(host_dir shared)" /etc/passwd
	refused /etc/passwd "a directory cannot be mounted on a file"
	bundle_config --arg file "$BATS_TEST_TMPDIR/shared/file" '.mounts[-1] += { source: $file, destination: "/etc" }'
	refused /etc "a file cannot be mounted on a directory"
}

# ---- options

@test "options: each as mountinfo shows it" {
	local word
	for word in ro nosuid nodev noexec noatime relatime nodiratime nosymfollow; do
		add_mount tmpfs tmpfs "/mnt-$word" "$word"
	done
	add_mount tmpfs tmpfs /mnt-strict strictatime
	add_mount tmpfs tmpfs /mnt-sync sync
	inside "$CAT_MOUNTS"
	for word in ro nosuid nodev noexec noatime relatime nodiratime nosymfollow; do
		assert_mount_has options "/mnt-$word" "$word"
	done
	assert_mount options /mnt-strict rw
	assert_mount_has super /mnt-sync sync
}

@test "options: each that features lists is taken, by a file system and by a bind" {
	run_osless -0 features
	bundle_config --argjson listed "$(jq .mountOptions <<<"$output")" --arg source "$(host_dir shared)" '
		($listed - [ "bind", "rbind", "idmap", "ridmap" ]) as $words |
		.mounts += [ $words[] | { destination: "/fs-\(.)", type: "tmpfs", source: "x", options: [ . ] },
			{ destination: "/bind-\(.)", source: $source, options: [ "rbind", . ] } ]'
	inside 'for dir in /fs-* /bind-*; do echo "$dir"; done'
	[ ${#lines[@]} -ge 118 ] || fail "${#lines[@]} mounts"
	[ "$(<"$BATS_TEST_TMPDIR/shared/file")" = shared ]
}

@test "options: the last of two that contradict each other wins" {
	add_mount tmpfs tmpfs /a ro rw nosuid suid nodev dev noexec exec
	add_mount tmpfs tmpfs /b rw ro suid nosuid dev nodev exec noexec
	add_mount tmpfs tmpfs /c noatime strictatime relatime noatime
	inside "$CAT_MOUNTS"
	assert_mount options /a rw,relatime
	assert_mount options /b ro,nosuid,nodev,noexec,relatime
	assert_mount options /c rw,noatime
}

@test "options: defaults and an empty list" {
	add_mount tmpfs tmpfs /a defaults
	add_mount tmpfs tmpfs /b
	inside "$CAT_MOUNTS"
	assert_mount options /a rw,relatime
	assert_mount options /b rw,relatime
}

@test "options: remount is refused" {
	add_mount tmpfs tmpfs /tmp remount
	refused 'mounts[5].options[0]' remount
}

@test "noexec: nothing there can be executed" {
	cp "$BUNDLE/rootfs/bin/busybox" "$(host_dir shared)"
	bind "$BATS_TEST_TMPDIR/shared" /yes
	bind "$BATS_TEST_TMPDIR/shared" /no noexec
	inside '/yes/busybox true && echo ran; /no/busybox true 2>&1 || true'
	[ "${lines[0]}" = ran ]
	[[ ${lines[1]} == *"Permission denied"* ]]
}

@test "nodev: devices there cannot be opened" {
	local dir
	dir=$(host_dir shared)
	mknod -m 666 "$dir/null" c 1 3
	bind "$dir" /yes
	bind "$dir" /no nodev
	inside '(echo >/yes/null) && echo opened; (echo >/no/null) 2>&1 || true'
	[ "${lines[0]}" = opened ]
	[[ ${lines[1]} == *"Permission denied"* ]]
}

@test "nosymfollow: symlinks there are not followed" {
	local dir
	dir=$(host_dir shared)
	ln -s file "$dir/link"
	bind "$dir" /yes
	bind "$dir" /no nosymfollow
	inside 'cat /yes/link; cat /no/link 2>&1 || true'
	[ "${lines[0]}" = shared ]
	[[ ${lines[1]} == *"symbolic links"* ]]
}

# ---- idmapped

# The file system of the test's directory must support it (mount_setattr(2)).
needs_idmap() {
	case $(stat -f -c %T "$BATS_TEST_TMPDIR") in
	ext2/ext3 | xfs | btrfs | tmpfs) ;;
	*) skip "the test's directory is on a file system without id maps" ;;
	esac
}

# map_last FIRST HOST SIZE: id maps of the last mount.
map_last() {
	bundle_config --argjson first "$1" --argjson host "$2" --argjson size "$3" \
		'.mounts[-1].uidMappings = [{ containerID: $first, hostID: $host, size: $size }] |
		.mounts[-1].gidMappings = .mounts[-1].uidMappings'
}

@test "idmapped bind: owners are seen shifted, others as nobody" {
	needs_idmap
	local dir
	dir=$(host_dir shared)
	touch "$dir/other"
	chown 5:6 "$dir/other"
	touch "$dir/unmapped"
	chown 50:60 "$dir/unmapped"
	bind "$dir" /data
	map_last 0 1000 10
	inside 'stat -c %u:%g /data /data/file /data/other /data/unmapped'
	assert_output $'1000:1000\n1000:1000\n1005:1006\n65534:65534'
	[ "$(stat -c %u:%g "$dir/other")" = 5:6 ]
}

@test "idmapped bind: what the program writes belongs to the mapped owner" {
	needs_idmap
	local dir
	dir=$(host_dir shared)
	bind "$dir" /data
	map_last 0 65534 1 # root of the file system is nobody here
	inside 'echo >/data/new; stat -c %u:%g /data/new'
	assert_output 65534:65534
	[ "$(stat -c %u:%g "$dir/new")" = 0:0 ]
}

@test "idmapped bind: with idmap not below, with ridmap below too" {
	needs_idmap
	host_tree
	umount "$TREE/sub" # a tmpfs can have maps since Linux 6.3
	host_mount --bind "$(host_dir below)" "$TREE/sub"
	add_mount bind "$TREE" /one rbind idmap
	map_last 0 1000 10
	add_mount bind "$TREE" /all rbind ridmap
	map_last 0 1000 10
	inside 'stat -c %u /one/file /one/sub/file /all/file /all/sub/file'
	assert_output $'1000\n0\n1000\n1000'
}

@test "idmapped bind: with other options, and ones after it in order" {
	needs_idmap
	local dir
	dir=$(host_dir shared)
	bind "$dir" /a ro
	map_last 0 1000 10
	bind "$(host_dir plain)" /b
	bind "$dir" /c
	map_last 0 2000 10
	inside "stat -c %u /a/file /b/file /c/file; $CAT_MOUNTS"
	[ "${lines[*]:0:3}" = "1000 0 2000" ]
	assert_mount_has options /a ro
}

@test "idmapped: half a map, idmap without maps, what has no ids to map, and not by others than root" {
	bind "$(host_dir shared)" /data
	map_last 0 1000 10
	bundle_config 'del(.mounts[-1].gidMappings)'
	refused 'mounts[5]' gidMappings
	bundle_config 'del(.mounts[-1].uidMappings) | .mounts[-1].options += ["idmap"]'
	refused 'mounts[5]' idmap
	bundle_config '.mounts[-1] = { destination: "/data", type: "sysfs" }'
	map_last 0 1000 10
	refused 'mounts[5]' sysfs
	bundle_config '.mounts[-1] = { destination: "/data", type: "ramfs" }'
	map_last 0 1000 10
	refused '/data: map the ids of ramfs (does its file system support that?)'
}

# needs_tmpfs_idmap: from Linux 6.3 on.
needs_tmpfs_idmap() {
	[ "$(printf '%s\n' 6.3 "$(uname -r)" | sort -V | head -n 1)" = 6.3 ] || skip "tmpfs has no id maps here"
}

@test "idmapped: a file system of its own" {
	needs_tmpfs_idmap
	add_mount tmpfs tmpfs /data mode=777 uid=3
	map_last 0 65530 10
	inside 'stat -c %u:%g /data; echo >/data/new; stat -c %u /data/new'
	assert_output $'65533:65530\n65534'
}

# users: the container gets a user namespace of its own; others' must get through to the bundle.
users() {
	needs_idmap
	needs_tmpfs_idmap
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" "$BUNDLE"
	mkdir "$BUNDLE"/rootfs/{plain,mapped,own,all,made} # the root is not the container's to change
	bundle_config '.linux.namespaces += [{ type: "user" }] |
		.linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] |
		.linux.gidMappings = .linux.uidMappings'
	touch "$BUNDLE/rootfs/made/copy"
	chown -R 100009 "$BUNDLE/rootfs/made"
	host_tree
	chown 100007 "$TREE/sub/file"
	bind "$TREE" /plain
	bind "$TREE" /mapped idmap
	bind "$TREE" /own
	map_last 0 100005 10
	add_mount bind "$TREE" /all rbind ridmap
	add_mount tmpfs tmpfs /made mode=755 tmpcopyup idmap
}

@test "idmapped: in a user namespace, with its own maps, with others, recursively" {
	users
	inside 'stat -c %u /plain/file /mapped/file /own/file /all/file /all/sub/file /made /made/copy; grep -c ,idmapped /proc/self/mountinfo'
	assert_output $'65534\n0\n5\n0\n65534\n9\n9\n5'
}

@test "idmapped: in a user namespace that is joined, the maps are those that it has" {
	users
	unshare --user sleep 1000 </dev/null >/dev/null 2>&1 3>&- 4>&- &
	local holder=$!
	wait_until 5 grep -q sleep "/proc/$holder/comm"
	echo "0 100000 65536" | tee "/proc/$holder/uid_map" >"/proc/$holder/gid_map"
	bundle_config --arg path "/proc/$holder/ns/user" '.linux.namespaces[-1].path = $path |
		del(.linux.uidMappings, .linux.gidMappings)'
	inside 'stat -c %u /plain/file /mapped/file /own/file /all/file /all/sub/file /made /made/copy; grep -c ,idmapped /proc/self/mountinfo' || true # the output tells
	kill "$holder"
	wait "$holder" || true # it was killed
	assert_output $'65534\n0\n5\n0\n65534\n9\n9\n5'
}

# ---- destinations

@test "a missing destination is made, root's, also on a read-only root" {
	local dir
	dir=$(host_dir shared)
	bind "$dir" /new/deep/dir
	bind "$dir/file" /new/deep/file
	inside 'cat /new/deep/dir/file /new/deep/file'
	assert_output $'shared\nshared'
	[ "$(stat -c %F:%u:%a "$BUNDLE"/rootfs/new{,/deep,/deep/dir,/deep/file})" = "directory:0:755
directory:0:755
directory:0:755
regular empty file:0:644" ]
}

@test "a destination that is written in an odd way" {
	local dir
	dir=$(host_dir shared)
	bind "$dir" //odd/./b/
	bind "$dir" /etc/../c
	bind "$dir" relative
	inside 'cat /odd/b/file /c/file /relative/file'
	assert_output $'shared\nshared\nshared'
}

@test "mounts are made in order: one on another, one inside another" {
	add_mount tmpfs tmpfs /mnt
	add_mount tmpfs tmpfs /mnt/in
	bind "$(host_dir shared)" /mnt/in/data
	add_mount tmpfs tmpfs /cover
	bind "$(host_dir last)" /cover
	inside 'cat /mnt/in/data/file /cover/file'
	assert_output $'shared\nlast'
}

@test "a destination on a symlink stays inside: absolute, climbing, to a place that is missing" {
	local dir name=osless-$ID
	dir=$(host_dir shared)
	ln -s /etc "$BUNDLE/rootfs/absolute"
	ln -s ../../../../../../../../etc "$BUNDLE/rootfs/climbing"
	bind "$dir" "/absolute/$name-a"
	bind "$dir/file" "/climbing/$name-b"
	inside "cat /etc/$name-a/file /etc/$name-b"
	assert_output $'shared\nshared'
	assert_inside "etc/$name-a"
	assert_inside "etc/$name-b"
}

@test "a destination through a dangling symlink is made inside" {
	local dir name=osless-$ID
	dir=$(host_dir shared)
	mkdir "$BUNDLE/rootfs/var"
	ln -s "/$name" "$BUNDLE/rootfs/var/run" # as images have /var/run -> /run
	bind "$dir" /var/run/secrets
	inside "cat /$name/secrets/file /var/run/secrets/file"
	assert_output $'shared\nshared'
	assert_inside "$name/secrets"
}

@test "a destination that is a symlink: what it points to is covered" {
	mkdir "$BUNDLE/rootfs/real"
	ln -s real "$BUNDLE/rootfs/link"
	bind "$(host_dir shared)" /link
	inside 'cat /real/file; readlink /link'
	assert_output $'shared\nreal'
}

@test "a destination through a magic link is refused" {
	add_mount tmpfs tmpfs /proc/self/cwd/tmp
	refused /proc/self/cwd/tmp
	ln -s /proc/self/root "$BUNDLE/rootfs/link"
	bundle_config '.mounts[-1].destination = "/link/tmp"'
	refused /link/tmp
}

@test "a destination below a file, in a loop" {
	add_mount tmpfs tmpfs /etc/passwd/dir
	refused /etc/passwd/dir "not a directory"
	ln -s loop "$BUNDLE/rootfs/loop"
	bundle_config '.mounts[-1].destination = "/loop/dir"'
	refused /loop/dir "symbolic links"
}

@test "a destination that is empty, or the root itself" {
	add_mount tmpfs tmpfs ""
	refused 'mounts[5].destination'
	bundle_config '.mounts[-1].destination = "/"'
	run_osless run -b "$BUNDLE" "$ID" # covered or refused: never the host's
	[ "$status" != 0 ] || assert_output ""
}

@test "an unknown file system type, or none" {
	add_mount quantumfs none /tmp
	refused /tmp quantumfs
	bundle_config 'del(.mounts[-1].type)'
	refused 'mounts[5].type'
}

# ---- proc and sysfs

@test "proc: mounts inside it are refused, however written" {
	local destination
	add_mount tmpfs tmpfs /proc
	for destination in /proc/self /proc/self/attr /proc/sys/net /proc/../proc/tty //proc/./sys; do
		bundle_config --arg destination "$destination" '.mounts[-1].destination = $destination'
		refused "$destination" "inside /proc"
	done
}

@test "proc: a symlink in the root does not lead mounts into it" {
	ln -s /proc "$BUNDLE/rootfs/link"
	add_mount tmpfs tmpfs /link/sys
	refused /link/sys /proc
}

@test "proc: files with numbers of the container's own can be covered" {
	echo "12.34 56.78" >"$BATS_TEST_TMPDIR/uptime"
	bind "$BATS_TEST_TMPDIR/uptime" /proc/uptime
	inside 'cat /proc/uptime'
	assert_output "12.34 56.78"
}

@test "proc: nothing else may be in its place" {
	bundle_config 'del(.mounts[0])'
	bind "$(host_dir shared)" /proc
	refused /proc "not of type proc"
	bundle_config '.mounts[-1] = { destination: "/proc", type: "tmpfs" }'
	refused /proc "not of type proc"
}

@test "proc and sysfs: a symlink in their place is refused (CVE-2019-19921)" {
	local place
	for place in proc sys; do
		rmdir "$BUNDLE/rootfs/$place"
		ln -s tmp "$BUNDLE/rootfs/$place"
		refused "/$place" "must be mounted on ordinary directory"
		rm "$BUNDLE/rootfs/$place"
		mkdir "$BUNDLE/rootfs/$place"
	done
}

@test "proc: the container's processes and no others; with options" {
	bundle_config '.mounts[0].options = ["nosuid", "noexec", "nodev"]'
	inside "ls -d /proc/[0-9]* | wc -l; $CAT_MOUNTS"
	[ "${lines[0]}" -le 5 ]
	assert_mount_has options /proc nosuid noexec nodev
}

@test "sysfs: read-only as asked" {
	inside "(echo 1 >/sys/kernel/mm/ksm/run) 2>&1; mkdir /sys/x 2>&1; $CAT_MOUNTS"
	[[ ${lines[0]} == *"Read-only file system"* ]]
	assert_mount type /sys sysfs
	assert_mount_has options /sys ro nosuid noexec nodev
}

# ---- cgroup

# Any hierarchy will do that this machine and the container's mount have.
FIRST_CGROUP='cd /sys/fs/cgroup; for dir in memory pids unified .; do [ ! -e $dir/cgroup.procs ] || break; done; cd $dir'

@test "cgroup: the container's own, read-only" {
	inside "$FIRST_CGROUP; grep -cx \$\$ cgroup.procs; (mkdir x) 2>&1; (echo \$\$ >cgroup.procs) 2>&1; $CAT_MOUNTS"
	[ "${lines[0]}" = 1 ]
	[[ ${lines[1]} == *"Read-only file system"* ]]
	[[ ${lines[2]} == *"Read-only file system"* ]]
	local place
	while read -r place; do
		assert_mount_has options "$place" ro nosuid noexec nodev
	done < <(awk '$5 ~ "^/sys/fs/cgroup" { print $5 }' <<<"$output")
}

@test "cgroup: the names beside a hierarchy are those that programs look for" {
	inside 'ls /sys/fs/cgroup; cut -d: -f2 /proc/self/cgroup'
	local name
	for name in memory pids cpu cpuacct devices; do
		[ ! -e "/sys/fs/cgroup/$name" ] || grep -qx "$name" <<<"$output" || fail "no $name"
	done
}

@test "cgroup: writable where not read-only, and what is made there goes with the container" {
	bundle_config '.mounts[4].options = ["nosuid", "noexec", "nodev", "rw"]'
	inside "$FIRST_CGROUP && mkdir made && rmdir made && mkdir -p left/below && echo made"
	assert_output made
}

@test "cgroup: without a cgroup namespace no more is seen" {
	bundle_config 'del(.linux.namespaces[] | select(.type == "cgroup"))'
	inside "$FIRST_CGROUP; grep -cx \$\$ cgroup.procs; find . -type d | wc -l; (mkdir x) 2>&1; true"
	[ "${lines[0]}" = 1 ]
	[ "${lines[1]}" = 1 ]
	[[ ${lines[2]} == *"Read-only file system"* ]]
}

@test "cgroup: a bind of the host's keeps what it is, and gives no way to write" {
	bundle_config 'del(.mounts[4])'
	add_mount bind /sys/fs/cgroup /sys/fs/cgroup rbind rro
	inside '(mkdir /sys/fs/cgroup/x) 2>&1; for dir in /sys/fs/cgroup/*/; do (mkdir "$dir/x") 2>&1; done; true'
	! grep -v "Read-only file system" <<<"$output" || fail "something could be written"
}

# ---- what is stripped

@test "devpts and mqueue are stripped, and the plan says so" {
	add_mount devpts devpts /dev/pts newinstance ptmxmode=0666 mode=0620 gid=5
	add_mount mqueue mqueue /dev/mqueue nosuid noexec nodev
	inside "ls -d /dev/pts /dev/ptmx /dev/mqueue 2>/dev/null; $CAT_MOUNTS"
	! mount_field type /dev/pts || fail "/dev/pts is there"
	! mount_field type /dev/mqueue || fail "/dev/mqueue is there"
	[[ ${lines[0]} != /dev/* ]]
	run_osless -0 plan --format json "$BUNDLE"
	jq -e '[.. | objects | select(.what == "mounts[/dev/pts]" or .what == "mounts[/dev/mqueue]")] | length == 2' <<<"$output"
}

@test "binds of terminals are stripped" {
	add_mount bind /dev/pts /dev/pts rbind
	bind /dev/tty /dev/mytty
	bind /dev/null /dev/console
	inside 'ls -A /dev | grep -E "tty|pts|console" || echo none'
	assert_output none
}
