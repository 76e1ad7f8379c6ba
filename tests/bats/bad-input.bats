# Input that cannot work: a one-line error that names object and cure, exit status 1, nothing left.

load helpers

# refused WORD...: run fails with one line that has all these words, and leaves nothing.
refused() {
	refused_with run "$@"
}

# refused_with VERB WORD...
refused_with() {
	local word
	run_osless -1 "$1" -b "$BUNDLE" "$ID"
	shift
	for word in "$@"; do
		assert_one_line_error "$word"
	done
	assert_output ""
	run_osless -1 state "$ID"
	assert_one_line_error "does not exist"
	assert_nothing_left
}

# refused_id ID
refused_id() {
	local verb
	for verb in create run start state kill delete; do
		run_osless "$verb" -- "$1"
		if [ "$status" != 1 ]; then
			osless delete --force -- "$1" || true # its name lacks the mark that clean-up looks for
			fail "$verb: exit status $status, want 1"
		fi
		[[ $stderr != *$'\n'* ]] || fail "more than one line"
		[[ $stderr == *[Ii][Dd]* ]] || fail "$verb: no word of the ID"
	done
	assert_nothing_left
}

@test "config.json: missing" {
	rm "$BUNDLE/config.json"
	refused config.json "no such file or directory"
}

@test "bundle: missing, or no directory" {
	BUNDLE=/nonexistent refused /nonexistent "no such file or directory"
	BUNDLE=$BUNDLE/config.json refused config.json "not a directory"
}

@test "config.json: empty, truncated, followed by more" {
	: >"$BUNDLE/config.json"
	refused config.json
	head -c 300 "$HELPERS_DIR/config.json" >"$BUNDLE/config.json"
	refused config.json line
	(cat "$HELPERS_DIR/config.json" && echo '{}') >"$BUNDLE/config.json"
	refused config.json line
}

@test "config.json: a directory, a fifo, endless" {
	rm "$BUNDLE/config.json"
	mkdir "$BUNDLE/config.json"
	refused config.json
	rmdir "$BUNDLE/config.json"
	mkfifo "$BUNDLE/config.json"
	refused config.json
	rm "$BUNDLE/config.json"
	ln -s /dev/zero "$BUNDLE/config.json"
	refused config.json
}

@test "wrong types are named by their path in the document" {
	bundle_config '.process.args = "sh"'
	refused process.args list string "line 9"
	bundle_config '.process.args = ["sh"] | .process.user.uid = "root"'
	refused process.user.uid
	bundle_config '.process.user.uid = -1'
	refused process.user.uid
	bundle_config '.process.user.uid = 0 | .linux.namespaces[2].type = 7'
	refused 'linux.namespaces[2].type'
}

@test "required members" {
	bundle_config 'del(.process.cwd)'
	refused process.cwd
	bundle_config '.process.cwd = "relative"'
	refused process.cwd relative
	bundle_config '.process.cwd = "/" | .process.args = []'
	refused process.args
	bundle_config '.process.args = ["true"] | del(.root)'
	refused root
	bundle_config '.root.path = "rootfs" | del(.ociVersion)'
	refused ociVersion
	bundle_config '.ociVersion = "2.0.0"'
	refused ociVersion 2.0.0
}

@test "rootfs: missing, a file, a symlink" {
	mv "$BUNDLE/rootfs" "$BUNDLE/elsewhere"
	refused rootfs "no such file or directory"
	echo >"$BUNDLE/rootfs"
	refused rootfs "not a directory"
	rm "$BUNDLE/rootfs"
	ln -s elsewhere "$BUNDLE/rootfs"
	refused rootfs symlink
}

@test "mount: source missing, unknown file system, relative destination" {
	bundle_config '.mounts += [{ destination: "/data", type: "bind", source: "/nonexistent", options: ["bind"] }]'
	refused /nonexistent /data "no such file or directory"
	bundle_config '.mounts[-1] = { destination: "/tmp", type: "quantumfs", source: "none" }'
	refused quantumfs /tmp
	bundle_config '.mounts[-1] = { destination: "/tmp", type: "tmpfs", source: "none", options: ["size=lots"] }'
	refused size /tmp
}

@test "namespace: unknown, twice, path missing, path of another type" {
	bundle_config '.linux.namespaces += [{ type: "quantum" }]'
	refused quantum namespaces
	bundle_config '.linux.namespaces[-1].type = "pid"'
	refused pid namespaces
	bundle_config 'del(.linux.namespaces[-1]) | .linux.namespaces[2].path = "/nonexistent"'
	refused /nonexistent "no such file or directory"
	bundle_config '.linux.namespaces[2].path = "/proc/self/ns/uts"'
	refused /proc/self/ns/uts
}

@test "ID: empty, with a slash, a dot in front, other characters, too long" {
	cd "$BUNDLE"
	refused_id ""
	refused_id a/b
	refused_id ../up
	refused_id ..
	refused_id .hidden
	refused_id "a b"
	refused_id $'a\nb'
	refused_id "é"
	refused_id "$(printf 'a%.0s' {1..2000})"
}

@test "ID: in use" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -1 create -b "$BUNDLE" "$ID"
	assert_one_line_error "already exists"
}

# A cwd that is missing is made, as other runtimes do, since images rely on it; see run.bats.
@test "cwd: missing where it cannot be made, a file, below a file" {
	bundle_config '.process.cwd = "/proc/nonexistent"'
	refused cwd nonexistent "no such file or directory"
	bundle_config '.process.cwd = "/bin/busybox"'
	refused cwd busybox "not a directory"
	bundle_config '.process.cwd = "/bin/busybox/below"'
	refused cwd busybox "not a directory"
}

@test "program: missing" {
	bundle_args nonexistent
	# shellcheck disable=SC2016 # engines look for these very words
	refused nonexistent 'executable file not found in $PATH'
	bundle_args /bin/nonexistent
	refused /bin/nonexistent "no such file or directory"
}

@test "program: not executable, a directory" {
	echo x >"$BUNDLE/rootfs/bin/text"
	chmod 644 "$BUNDLE/rootfs/bin/text"
	bundle_args /bin/text
	refused /bin/text "permission denied"
	bundle_args /bin
	refused /bin "permission denied"
}

@test "program: of another architecture, of no format at all" {
	# the ELF header of an executable for machine 0xbeef
	printf '\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\xef\xbe\x01\0\0\0' >"$BUNDLE/rootfs/bin/alien"
	head -c 200 /dev/zero >>"$BUNDLE/rootfs/bin/alien"
	chmod 755 "$BUNDLE/rootfs/bin/alien"
	bundle_args /bin/alien
	refused /bin/alien "exec format error"
	echo text >"$BUNDLE/rootfs/bin/text"
	chmod 755 "$BUNDLE/rootfs/bin/text"
	bundle_args /bin/text
	refused /bin/text "exec format error"
}

@test "program: its interpreter is missing" {
	printf '#!/bin/nonexistent\n' >"$BUNDLE/rootfs/bin/script"
	chmod 755 "$BUNDLE/rootfs/bin/script"
	bundle_args /bin/script
	refused /bin/script "no such file or directory"
}

@test "hook: fails, with its own words in the error" {
	local kind
	for kind in prestart createRuntime createContainer startContainer; do
		# shellcheck disable=SC2016 # jq's variable
		bundle_config --arg kind "$kind" '.hooks = { ($kind): [
			{ path: "/bin/sh", args: ["sh", "-c", "exit 0"] },
			{ path: "/bin/sh", args: ["sh", "-c", "echo hook words >&2; exit 3"] }] }'
		refused "error running $kind hook #1:" "hook words"
	done
}

@test "hook: missing, relative" {
	bundle_config '.hooks = { createRuntime: [{ path: "/nonexistent" }] }'
	refused "error running createRuntime hook #0:" /nonexistent
	bundle_config '.hooks = { createRuntime: [{ path: "relative" }] }'
	refused hooks.createRuntime relative
}

@test "hook: hangs beyond its timeout" {
	local kind began
	for kind in prestart createContainer startContainer; do
		# shellcheck disable=SC2016 # jq's variable
		bundle_config --arg kind "$kind" '.hooks = { ($kind): [
			{ path: "/bin/sh", args: ["sh", "-c", "sleep 1000"], timeout: 1 }] }'
		began=$SECONDS
		refused "error running $kind hook #0:" "timeout of 1 s"
		[ $((SECONDS - began)) -lt $((10 * SLOWNESS)) ]
	done
}

@test "state directory: disk full" {
	local full=$BATS_TEST_TMPDIR/full inodes
	mkdir "$full"
	for inodes in 1 2 3 100; do
		mount -t tmpfs -o "size=4k,nr_inodes=$inodes" none "$full"
		[ $inodes -lt 100 ] || dd if=/dev/zero of="$full/.fill" bs=4k count=1 2>/dev/null
		ROOT=$full run_osless -1 create -b "$BUNDLE" "$ID"
		assert_one_line_error "no space left on device"
		[ ! -e "$full/$ID" ]
		umount "$full"
	done
	assert_nothing_left
}

@test "state directory: a file, read-only" {
	ROOT=$BUNDLE/config.json run_osless -1 create -b "$BUNDLE" "$ID"
	assert_one_line_error "config.json"
	ROOT=/proc/osless run_osless -1 create -b "$BUNDLE" "$ID"
	assert_one_line_error "/proc/osless"
}

@test "console-socket: refused" {
	run_osless -1 run --console-socket /tmp/x -b "$BUNDLE" "$ID"
	assert_one_line_error "terminal"
	run_osless -1 state "$ID"
}

@test "resources: a limit that the kernel refuses" {
	bundle_config '.linux.resources.cpu = { cpus: "4096" }'
	refused cpu
	bundle_config '.linux.resources.cpu = { quota: 1, period: 100000 }'
	refused cpu
}

@test "sysctl: of the host, or in a namespace that is the host's" {
	bundle_config '.linux.sysctl = { "vm.swappiness": "1" }'
	refused vm.swappiness
	bundle_config '.linux.sysctl = { "net.core.somaxconn": "1" } | del(.linux.namespaces[] | select(.type == "network"))'
	refused net.core.somaxconn network
}

@test "rlimit and capability: unknown names" {
	bundle_config '.process.rlimits = [{ type: "RLIMIT_FOO", soft: 1, hard: 1 }]'
	refused RLIMIT_FOO
	bundle_config '.process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 2, hard: 1 }]'
	refused RLIMIT_NOFILE
}
