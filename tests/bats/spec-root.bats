# root: the directory that the program sees as /.

load spec-helpers

@test "path: relative to the bundle, or absolute, inside or outside of it" {
	bundle_args cat /etc/group
	local path
	mv "$BUNDLE/rootfs" "$BATS_TEST_TMPDIR/elsewhere"
	for path in ../elsewhere "$BATS_TEST_TMPDIR/elsewhere" "$BATS_TEST_TMPDIR/bundle/../elsewhere/"; do
		bundle_config --arg path "$path" '.root.path = $path'
		run_osless -0 run -b "$BUNDLE" "$ID"
		assert_output $'root:x:0:\nnobody:x:65534:'
	done
}

@test "path: with blanks and newlines, the bundle's too" {
	local odd=$BATS_TEST_TMPDIR/$'odd  name\nand "more" \\040'
	mv "$BUNDLE" "$odd"
	BUNDLE=$odd
	mv "$BUNDLE/rootfs" "$BUNDLE/root fs"
	bundle_config '.root.path = "root fs"'
	add_mount bind "$BUNDLE/config.json" $'/tmp/odd  name\n' bind
	inside 'find /tmp -type f | wc -l; ls -d /'
	assert_output $'2\n/'
}

@test "path: through a symlinked directory" {
	ln -s bundle "$BATS_TEST_TMPDIR/link"
	bundle_config --arg path "$BATS_TEST_TMPDIR/link/rootfs" '.root.path = $path'
	run_osless -0 run -b "$BUNDLE" "$ID"
}

@test "path: itself a symlink is refused" {
	mv "$BUNDLE/rootfs" "$BUNDLE/real"
	ln -s real "$BUNDLE/rootfs"
	refused "$BUNDLE/rootfs" symlink
}

@test "path: a file, missing, empty" {
	bundle_config '.root.path = "config.json"'
	refused "$BUNDLE/config.json" "not a directory"
	bundle_config '.root.path = "nowhere"'
	refused "$BUNDLE/nowhere" "no such file or directory"
	bundle_config '.root.path = ""'
	refused root.path
}

@test "readonly: nothing can be written, made, removed or renamed" {
	local script
	for script in 'echo >/file' 'echo >>/etc/passwd' 'mkdir /etc/dir' 'rm /etc/passwd' 'mv /etc/passwd /p' 'ln -s a /b'; do
		fails_inside "Read-only file system" "$script"
	done
	bundle_args cat /proc/self/mountinfo
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_mount_has options / ro
	[ "$(<"$BUNDLE/rootfs/etc/passwd")" = "$(<"$BATS_FILE_TMPDIR/rootfs/etc/passwd")" ]
	touch "$BUNDLE/rootfs/etc/passwd" # the host's own view stays as it was
}

@test "readonly: the program's mounts on it can be written" {
	add_mount tmpfs tmpfs /tmp mode=1777
	inside 'echo in >/tmp/file && cat /tmp/file'
	assert_output in
}

@test "not readonly: what the program writes is in the directory" {
	writable_root
	inside 'echo written >/new; rm /etc/group; cat /proc/self/mountinfo'
	assert_mount_has options / rw
	[ "$(<"$BUNDLE/rootfs/new")" = written ]
	[ ! -e "$BUNDLE/rootfs/etc/group" ]
	bundle_config 'del(.root.readonly)'
	inside 'echo again >/new'
	[ "$(<"$BUNDLE/rootfs/new")" = again ]
}

@test "nothing of the host's is to be seen, with pivot_root and without" {
	local option
	echo secret >"$BATS_TEST_TMPDIR/secret"
	for option in --no-pivot=false --no-pivot; do
		bundle_args sh -c "ls /; ls -d /../../.. /..; cat '$BATS_TEST_TMPDIR/secret' 2>&1; readlink /proc/self/root; readlink /proc/self/cwd"
		run_osless -0 run "$option" -b "$BUNDLE" "$ID"
		assert_output "bin
dev
etc
proc
root
sys
tmp
/..
/../../..
cat: can't open '$BATS_TEST_TMPDIR/secret': No such file or directory
/
/"
	done
}

@test "pivot_root leaves no other mounts than the config's" {
	bundle_args cat /proc/self/mountinfo
	run_osless -0 run -b "$BUNDLE" "$ID"
	local place
	while read -r place; do
		case $place in
		/ | /proc | /proc/* | /dev | /dev/shm | /sys | /sys/*) ;;
		*) fail "unexpected mount on $place" ;;
		esac
	done < <(awk '{ print $5 }' <<<"$output")
	[ "$(awk '$5 == "/"' <<<"$output" | wc -l)" = 1 ]
}

@test "a root that is a mount, with mounts below it" {
	rm -r "$BUNDLE/rootfs"
	mkdir "$BUNDLE/rootfs"
	host_mount -t tmpfs tmpfs "$BUNDLE/rootfs"
	cp -a "$BATS_FILE_TMPDIR/rootfs/." "$BUNDLE/rootfs"
	mkdir "$BUNDLE/rootfs/data"
	host_mount -t tmpfs tmpfs "$BUNDLE/rootfs/data"
	echo below >"$BUNDLE/rootfs/data/file"
	inside 'cat /data/file; cat /proc/self/mountinfo'
	[ "${lines[0]}" = below ]
	assert_mount type / tmpfs
	assert_mount type /data tmpfs
}

@test "a root that the host has mounted read-only, and need not change" {
	host_mount --bind "$BUNDLE/rootfs" "$BUNDLE/rootfs"
	mount -o remount,bind,ro "$BUNDLE/rootfs"
	inside 'echo ran'
	assert_output ran
	writable_root
	fails_inside "Read-only file system" 'echo >/file'
}

@test "two containers on one root" {
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID-a"
	run_osless -0 run -d -b "$BUNDLE" "$ID-b"
	status_is "$ID-a" running
	status_is "$ID-b" running
}
