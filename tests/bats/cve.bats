# What runtimes have been broken by, a test each (DESIGN.md, "What it must be immune to").

load helpers
load probe

# outside: a directory of the host with a file in it; nothing in there may ever change.
make_outside() {
	OUTSIDE=$BATS_TEST_TMPDIR/outside
	mkdir "$OUTSIDE"
	echo secret >"$OUTSIDE/secret"
	chmod 600 "$OUTSIDE/secret"
	outside_state >"$BATS_TEST_TMPDIR/outside.before"
}

outside_state() {
	find "$OUTSIDE" -printf '%P %y %m %U %G %s %l %T@\n' | sort
}

assert_outside_untouched() {
	outside_state | diff "$BATS_TEST_TMPDIR/outside.before" - >&2 || fail "the host's files were touched"
}

# link_out LINK: a symlink in the rootfs that, for who follows it on the host, leads outside.
link_out() {
	mkdir -p "$BUNDLE/rootfs/$(dirname "$1")"
	ln -sfn "$OUTSIDE" "$BUNDLE/rootfs/$1"
}

# no_mount DESTINATION...: takes these out of the config.
no_mount() {
	local destination
	for destination in "$@"; do
		bundle_config --arg destination "$destination" \
			'del(.mounts[] | select(.destination == $destination))'
	done
}

# add_mount JSON
add_mount() {
	bundle_config --argjson mount "$1" '.mounts += [ $mount ]'
}

# race A B [SECONDS]: the two names of the rootfs are exchanged all the time while containers are run;
# each runs, or fails cleanly, and CHECK (a function) holds after each that ran.
race() {
	local end=$((SECONDS + ${3:-2})) racer rounds=0 ran=0 bad=
	"$PROBE" exchange "$BUNDLE/rootfs/$1" "$BUNDLE/rootfs/$2" 3>&- 4>&- &
	racer=$!
	while [ $SECONDS -lt "$end" ] || [ $rounds -lt 10 ]; do
		run_bundle
		rounds=$((rounds + 1))
		if [ "$status" = 0 ]; then
			ran=$((ran + 1))
			[ -z "${CHECK:-}" ] || $CHECK || bad=$output
		else
			stderr=$(grep -v '^osless: warning:' <<<"$stderr") # of the policy, not of the failure
			assert_one_line_error osless || bad=$stderr
		fi
		[ -z "$bad" ] || break
	done
	kill $racer
	wait $racer 2>/dev/null || true # it was killed
	echo "$rounds rounds, $ran ran"
	[ -z "$bad" ] || fail "in round $rounds: $bad" || return 1
	[ $ran -gt 0 ] || fail "none of $rounds ran: $stderr"
}

# ----------------------------------------------------------------- the runtime's own program

@test "CVE-2019-5736: the runtime's program cannot be reached, let alone written, from inside" {
	local before
	before=$(sha256sum "$OSLESS")
	policy '{ "modes": { "syscalls": "off" }, "identity": "keep" }'
	inside probe open /proc/1/exe
	assert_output "open EACCES"
	start_inside sleep 100
	[[ $("$PROBE" open "/proc/$PID/exe") != "open 0" ]] # root of the host cannot either: it runs
	[ "$(readlink "/proc/$PID/exe")" = "/memfd:osless-init (deleted)" ]
	[ "$("$PROBE" seals "/proc/$PID/exe")" = "seals 15" ]
	[ "$(sha256sum "$OSLESS")" = "$before" ]
}

@test "CVE-2019-5736: a program whose interpreter is /proc/self/exe gets nothing of the host" {
	local before
	before=$(sha256sum "$OSLESS")
	printf '#!/proc/self/exe\n' >"$BUNDLE/rootfs/bin/evil"
	chmod 755 "$BUNDLE/rootfs/bin/evil"
	bundle_args /bin/evil
	run_osless ! run -b "$BUNDLE" "$ID"
	[ "$(sha256sum "$OSLESS")" = "$before" ]
	assert_nothing_left
}

@test "CVE-2016-9962: init's descriptors and memory are closed to the payload" {
	local file
	policy '{ "modes": { "syscalls": "off" }, "identity": "keep" }'
	for file in exe root cwd fd/0 fd/3; do
		inside -1 readlink "/proc/1/$file"
	done
	inside -1 sh -c 'head -c 1 /proc/1/mem'
	inside -1 ls /proc/1/root/
}

# CAP_SYS_PTRACE in the user namespace is a right over all whose memory belongs to that.
@test "CVE-2016-9962: ... also to the root of a user namespace who may trace" {
	local file
	policy '{ "modes": { "syscalls": "off", "identity": "off" } }'
	user_namespace 100000 65536
	bundle_config '.process.capabilities = ([ "CAP_SYS_PTRACE", "CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE" ] |
		{ bounding: ., permitted: ., effective: . }) | .process.oomScoreAdj = 17'
	inside -0 sh -c 'cat /proc/self/oom_score_adj; grep CapEff /proc/self/status'
	assert_line 17
	for file in exe root cwd fd/0; do
		inside -1 readlink "/proc/1/$file"
	done
	inside -1 sh -c 'head -c 1 /proc/1/maps'
	inside -1 sh -c 'head -c 1 /proc/1/mem'
	inside -1 ls /proc/1/root/ /proc/1/map_files/
}

# ------------------------------------------------------------------- leaked descriptors, cwd

# with_strays COMMAND...: with directories and files of the host on stray fds, as engines leave them.
with_strays() {
	exec 6</ 7<"$OUTSIDE" 8<"$OUTSIDE/secret" 10</ 251<"$OUTSIDE"
	local result=0
	"$@" || result=$?
	exec 6<&- 7<&- 8<&- 10<&- 251<&-
	return $result
}

@test "CVE-2024-21626: no descriptor of the host reaches the payload" {
	make_outside
	bundle_args probe descriptors
	with_strays run_osless -0 run -b "$BUNDLE" "$ID"
	[ ${#lines[@]} = 3 ]
	assert_line "0 /dev/null"
}

@test "CVE-2024-21626: a cwd through /proc/self/fd stays inside, or is refused" {
	local fd
	make_outside
	touch "$OUTSIDE/marker"
	outside_state >"$BATS_TEST_TMPDIR/outside.before"
	bundle_args sh -c 'ls -a . .. ../.. ../../..; cat secret ../secret'
	for fd in {3..20} 251; do
		bundle_config --arg cwd "/proc/self/fd/$fd" '.process.cwd = $cwd'
		with_strays run_osless run -b "$BUNDLE" "$ID"
		[[ $output != *marker* && $output != *secret* ]] || fail "fd $fd leads outside"
		ln -sfn "/proc/self/fd/$fd" "$BUNDLE/rootfs/work"
		bundle_config '.process.cwd = "/work"'
		with_strays run_osless run -b "$BUNDLE" "$ID"
		[[ $output != *marker* && $output != *secret* ]] || fail "fd $fd leads outside by a symlink"
	done
	assert_outside_untouched
}

@test "CVE-2024-21626: a program through /proc/self/fd is none of the host's" {
	local fd
	make_outside
	printf '#!/bin/sh\necho escaped\n' >"$OUTSIDE/program"
	chmod 755 "$OUTSIDE/program"
	for fd in {3..12} 251; do
		bundle_args "/proc/self/fd/$fd/program"
		with_strays run_osless ! run -b "$BUNDLE" "$ID"
		[[ $output != *escaped* ]]
	done
}

@test "descriptors: none leaks to hooks" {
	local log=$BATS_TEST_TMPDIR/hooks kind
	make_outside
	mkdir "$log"
	bundle_config --arg log "$log" --arg probe "$PROBE" '
		def hook($kind): [ { path: "/bin/sh", env: [ "PATH=/bin:/usr/bin" ],
			args: [ "/bin/sh", "-c", "\($probe) descriptors >\($log)/\($kind)" ] } ];
		.hooks = ([ "prestart", "createRuntime", "createContainer", "poststart", "poststop" ]
			| map({ key: ., value: hook(.) }) | from_entries)
		| .hooks.startContainer = [ { path: "/bin/sh", env: [ "PATH=/bin" ],
			args: [ "/bin/sh", "-c", "probe descriptors >/tmp/startContainer" ] } ]'
	add_mount "{ \"destination\": \"/tmp\", \"type\": \"bind\", \"source\": \"$log\", \"options\": [ \"rbind\" ] }"
	chmod 777 "$log"
	with_strays run_osless -0 run -b "$BUNDLE" "$ID"
	for kind in prestart createRuntime createContainer startContainer poststart poststop; do
		[ -s "$log/$kind" ] || fail "$kind did not run"
		# stdin is the state, 1 is the log itself, 2 a pipe
		[ "$(wc -l <"$log/$kind")" = 3 ] || fail "$kind has: $(<"$log/$kind")"
		! grep -q "$OUTSIDE" "$log/$kind" || fail "$kind has a file of the host"
	done
}

@test "descriptors: none leaks to init" {
	local fd
	make_outside
	bundle_args sleep 100
	with_strays run_osless -0 run -d --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
	for fd in "/proc/$(<"$BATS_TEST_TMPDIR/pid")/fd"/*; do
		[[ $(readlink "$fd") != "$OUTSIDE"* ]] || fail "$(readlink "$fd")"
	done
}

# ------------------------------------------------------------------------- exchanged symlinks

@test "CVE-2021-30465: a mount target that is exchanged for a symlink stays inside" {
	make_outside
	mkdir -p "$BUNDLE/rootfs/vol/data"
	link_out link
	mkdir "$BATS_TEST_TMPDIR/volume"
	echo marker >"$BATS_TEST_TMPDIR/volume/marker"
	add_mount "{ \"destination\": \"/vol/data\", \"type\": \"bind\",
		\"source\": \"$BATS_TEST_TMPDIR/volume\", \"options\": [ \"rbind\" ] }"
	add_mount '{ "destination": "/vol/tmp", "type": "tmpfs", "source": "tmpfs" }'
	# whatever the target was, every mount in sight is one of the plan's
	bundle_args sh -c 'cut -d " " -f 4,5 /proc/self/mountinfo'
	race vol link
	assert_outside_untouched
}

@test "CVE-2024-45310: no directory or file is made outside for a mount that lacks its target" {
	make_outside
	mkdir -p "$BUNDLE/rootfs/a"
	link_out b
	add_mount '{ "destination": "/a/new/deep", "type": "tmpfs", "source": "tmpfs" }'
	add_mount '{ "destination": "/a/file", "type": "bind", "source": "/dev/null", "options": [ "bind" ] }'
	race a b
	assert_outside_untouched
}

@test "mount targets behind symlinks of the rootfs resolve inside, absolute and with .." {
	make_outside
	link_out absolute
	ln -s "../../../../../..$OUTSIDE" "$BUNDLE/rootfs/relative"
	mkdir -p "$BUNDLE/rootfs$OUTSIDE"
	add_mount '{ "destination": "/absolute/x", "type": "tmpfs", "source": "one" }'
	add_mount '{ "destination": "/relative/y", "type": "tmpfs", "source": "two" }'
	add_mount '{ "destination": "/../../..//etc", "type": "tmpfs", "source": "three" }'
	inside cat /proc/self/mounts
	grep -q "^one $OUTSIDE/x tmpfs" <<<"$output"
	grep -q "^two $OUTSIDE/y tmpfs" <<<"$output"
	grep -q "^three /etc tmpfs" <<<"$output"
	assert_outside_untouched
}

@test "devices: a /dev that is exchanged for a symlink stays inside" {
	make_outside
	no_mount /dev/shm /dev
	link_out devlink
	bundle_config '.root.readonly = false'
	race dev devlink
	assert_outside_untouched
}

@test "devices: what the rootfs has in a device's place is not trusted" {
	make_outside
	no_mount /dev/shm /dev
	ln -s "$OUTSIDE/secret" "$BUNDLE/rootfs/dev/null"
	refuses /dev/null
	rm "$BUNDLE/rootfs/dev/null"
	mknod "$BUNDLE/rootfs/dev/null" c 1 5
	refuses /dev/null
	assert_outside_untouched
}

@test "cwd: one that is exchanged for a symlink makes nothing outside" {
	make_outside
	bundle_config '.root.readonly = false | .process.cwd = "/w/new/dir"'
	mkdir "$BUNDLE/rootfs/w"
	link_out wlink
	race w wlink 1
	assert_outside_untouched
}

# ------------------------------------------------------------------- masks and redirected /proc

@test "CVE-2025-31133: masks come from the host's null device, whatever the rootfs has at /dev/null" {
	no_mount /dev/shm /dev
	bundle_config '.linux.maskedPaths = [ "/proc/keys", "/etc/hidden" ]'
	echo hidden >"$BUNDLE/rootfs/etc/hidden"
	ln -s /etc/passwd "$BUNDLE/rootfs/dev/null"
	bundle_args cat /proc/keys /etc/hidden
	run_osless run -b "$BUNDLE" "$ID"
	[ -z "$output" ] || fail "a mask shows something"
}

# is_hidden: what a payload saw of the masked paths.
is_hidden() {
	[ -z "$output" ]
}

@test "CVE-2025-31133: masks while /dev/null is exchanged" {
	no_mount /dev/shm /dev
	bundle_config '.linux.maskedPaths = [ "/proc/keys", "/etc/hidden" ] |
		.root.readonly = false'
	echo hidden >"$BUNDLE/rootfs/etc/hidden"
	mknod "$BUNDLE/rootfs/dev/null" c 1 3
	ln -s /etc/passwd "$BUNDLE/rootfs/dev/other"
	bundle_args sh -c 'cat /proc/keys /etc/hidden; true'
	CHECK=is_hidden race dev/null dev/other
}

@test "CVE-2025-52565: no console, no terminals, whose mounts could be redirected" {
	local name
	inside ls /dev
	for name in console tty ptmx pts; do
		! grep -qx $name <<<"$output" || fail "/dev/$name is there"
	done
	bundle_config '.process.terminal = true'
	inside sh -c 'ls /dev; test -t 0 || echo no tty'
	! grep -qx console <<<"$output" || fail "/dev/console is there"
	assert_line "no tty"
}

@test "CVE-2025-52881: what is written to /proc goes to /proc, whatever covers it" {
	local hidden
	# a file, a directory and a tmpfs over pieces of /proc are refused at once
	for hidden in /proc/sys /proc/self/attr /proc/sysrq-trigger /proc/self/oom_score_adj; do
		cp "$HELPERS_DIR/config.json" "$BUNDLE"
		add_mount "{ \"destination\": \"$hidden\", \"type\": \"tmpfs\", \"source\": \"tmpfs\" }"
		refuses "$hidden" /proc
	done
	# through a symlink of the rootfs policy cannot see it: whoever mounts it must
	cp "$HELPERS_DIR/config.json" "$BUNDLE"
	ln -s /proc/sys "$BUNDLE/rootfs/alias"
	add_mount '{ "destination": "/alias", "type": "tmpfs", "source": "tmpfs" }'
	refuses /alias procfs
}

@test "CVE-2025-52881: sysctls and the oom score arrive, whatever the rootfs shows at /proc" {
	no_mount /proc
	mkdir -p "$BUNDLE/rootfs/proc/self" "$BUNDLE/rootfs/proc/sys/net/core"
	touch "$BUNDLE/rootfs/proc/self/oom_score_adj" "$BUNDLE/rootfs/proc/sys/net/core/somaxconn"
	bundle_config '.linux.sysctl = { "net.core.somaxconn": "66" } | .process.oomScoreAdj = 77'
	start_inside sleep 100
	[ "$(nsenter -n -t "$PID" cat /proc/sys/net/core/somaxconn)" = 66 ]
	[ "$(<"/proc/$(payload_of "$PID")/oom_score_adj")" = 77 ]
	[ ! -s "$BUNDLE/rootfs/proc/self/oom_score_adj" ]
	[ ! -s "$BUNDLE/rootfs/proc/sys/net/core/somaxconn" ]
}

@test "CVE-2019-19921, CVE-2023-27561: /proc on a symlink is refused" {
	make_outside
	rmdir "$BUNDLE/rootfs/proc"
	mkdir -p "$BUNDLE/rootfs/evil/proc"
	ln -s evil/proc "$BUNDLE/rootfs/proc"
	refuses "must be mounted on ordinary directory" /proc
	ln -sfn "$OUTSIDE" "$BUNDLE/rootfs/proc"
	refuses "must be mounted on ordinary directory" /proc
	assert_outside_untouched
}

# Exchanged after procfs is mounted on it, it goes on under the other name.
@test "CVE-2023-27561: masks hold while /proc is exchanged with a symlink" {
	make_outside
	mkdir "$BUNDLE/rootfs/evil"
	ln -s evil "$BUNDLE/rootfs/proclink"
	bundle_config '.linux.maskedPaths = [ "/proc/version" ]'
	bundle_args sh -c 'for proc in /proc /proclink /evil; do cat $proc/version; done; true'
	CHECK=is_hidden race proc proclink
	assert_outside_untouched
}

@test "CVE-2023-27561: read-only paths hold while /proc is exchanged with a symlink" {
	mkdir "$BUNDLE/rootfs/evil"
	ln -s evil "$BUNDLE/rootfs/proclink"
	policy '{ "identity": "keep", "modes": { "syscalls": "off" } }'
	bundle_config '.linux.readonlyPaths = [ "/proc/sys" ]'
	bundle_args sh -c 'for proc in /proc /proclink /evil; do
		(echo 12 >$proc/sys/net/core/somaxconn) 2>/dev/null && echo wrote; done; true'
	CHECK=is_hidden race proc proclink
}

@test "CVE-2019-16884: /proc from a volume is refused" {
	mkdir "$BATS_TEST_TMPDIR/volume"
	no_mount /proc
	add_mount "{ \"destination\": \"/proc\", \"type\": \"bind\", \"source\": \"$BATS_TEST_TMPDIR/volume\",
		\"options\": [ \"rbind\" ] }"
	refuses /proc "not of type proc"
	cp "$HELPERS_DIR/config.json" "$BUNDLE"
	add_mount '{ "destination": "/sys/../proc/", "type": "tmpfs", "source": "tmpfs" }'
	refuses proc
}

@test "/sys on a symlink is refused" {
	rmdir "$BUNDLE/rootfs/sys"
	mkdir "$BUNDLE/rootfs/evil"
	ln -s evil "$BUNDLE/rootfs/sys"
	refuses "must be mounted on ordinary directory" /sys
}

@test "masked and read-only paths hold for what is behind a symlink of the rootfs" {
	echo hidden >"$BUNDLE/rootfs/etc/hidden"
	ln -s hidden "$BUNDLE/rootfs/etc/alias"
	bundle_config '.linux.maskedPaths = [ "/etc/alias" ]'
	inside sh -c 'cat /etc/hidden /etc/alias | wc -c'
	assert_output 0
}

# ------------------------------------------------------------------------------- capabilities

# assert_caps NAME HEX...: of /proc/self/status.
assert_caps() {
	while [ $# -gt 1 ]; do
		assert_line "$1"$':\t'"$2" || return 1
		shift 2
	done
}

@test "CVE-2022-29162: the config's inheritable capabilities stay out" {
	bundle_config '.process.capabilities.inheritable = .process.capabilities.bounding'
	inside grep Cap /proc/self/status
	# ambient needs its own (DAC_OVERRIDE, NET_BIND_SERVICE); more there is not
	assert_caps CapInh 0000000000000402 CapAmb 0000000000000402
	bundle_config '.process.user.uid = 1000'
	inside grep Cap /proc/self/status
	assert_caps CapInh 0000000000000000 CapEff 0000000000000000 CapAmb 0000000000000000
}

@test "CVE-2022-29162: the caller's inheritable capabilities stay out" {
	bundle_args grep Cap /proc/self/status
	output=$("$PROBE" with-inheritable "$OSLESS" --root "$ROOT" run -b "$BUNDLE" "$ID")
	assert_caps CapInh 0000000000000402 CapBnd 0000000000000402
}

@test "no capabilities block: none at all, the bounding set included" {
	bundle_config 'del(.process.capabilities)'
	inside grep Cap /proc/self/status
	assert_caps CapInh 0000000000000000 CapPrm 0000000000000000 CapEff 0000000000000000 \
		CapBnd 0000000000000000 CapAmb 0000000000000000
}

@test "set-id programs are inert" {
	cp "$BUNDLE/rootfs/bin/busybox" "$BUNDLE/rootfs/bin/busybox-suid"
	chmod 6755 "$BUNDLE/rootfs/bin/busybox-suid"
	bundle_config '.process.noNewPrivileges = false'
	inside sh -c '/bin/busybox-suid id; /bin/busybox-suid grep -E "^(Uid|Gid)" /proc/self/status'
	[[ ${lines[0]} == "uid=65534"* ]]
	assert_line $'Uid:\t65534\t65534\t65534\t65534'
	assert_line $'Gid:\t65534\t65534\t65534\t65534'
}

@test "file capabilities are inert" {
	command -v setcap >/dev/null || skip "no setcap"
	cp "$BUNDLE/rootfs/bin/busybox" "$BUNDLE/rootfs/bin/busybox-capable"
	setcap cap_sys_admin,cap_kill+ep "$BUNDLE/rootfs/bin/busybox-capable"
	bundle_config '.process.noNewPrivileges = false'
	bundle_args /bin/busybox-capable grep CapEff /proc/self/status
	run_osless run -b "$BUNDLE" "$ID"
	[[ $output != *CapEff* ]] || assert_output $'CapEff:\t0000000000000402'
}

# ------------------------------------------------------------------- cgroups, sysctls, read-only

@test "CVE-2023-25809: cgroup files cannot be written, by a mapped root neither" {
	need_controller pids
	user_namespace 200000 65536
	no_namespace cgroup
	policy '{ "identity": "keep", "modes": { "syscalls": "off" } }'
	inside sh -c 'cd /sys/fs/cgroup; for file in cgroup.procs cgroup.subtree_control pids.max memory.max \
		*/cgroup.procs */tasks */notify_on_release */pids.max */memory.limit_in_bytes; do
			(echo 1 >$file) 2>/dev/null && echo "wrote $file"
		done; mkdir */evil evil 2>/dev/null && echo made; echo done'
	assert_output "done"
}

@test "CVE-2022-0492: no release_agent in sight" {
	inside sh -c 'find /sys/fs/cgroup -name release_agent'
	assert_output ""
}

@test "CVE-2022-0811: sysctls cannot be smuggled in" {
	local key before
	before=$(cat /proc/sys/kernel/core_pattern)
	for key in 'net.core.somaxconn+kernel.core_pattern' 'kernel.shm_rmid_forced=1+kernel.core_pattern' \
		kernel.core_pattern net/../kernel/core_pattern; do
		bundle_config --arg key "$key" '.linux.sysctl = { ($key): "|/evil #" }'
		run_bundle -1
		assert_one_line_error sysctl
	done
	[ "$(cat /proc/sys/kernel/core_pattern)" = "$before" ]
}

# make_nested: a host directory with a tmpfs below it.
make_nested() {
	NESTED=$BATS_TEST_TMPDIR/nested
	mkdir -p "$NESTED/below"
	mount -t tmpfs none "$NESTED/below"
	chmod 777 "$NESTED" "$NESTED/below"
}

# written WHERE...: in the container; prints those that it could write to.
written() {
	inside sh -c 'for dir; do (echo x >"$dir/x") 2>/dev/null && echo "$dir"; done; true' sh "$@"
}

@test "recursive read-only binds are so for the mounts below" {
	make_nested
	add_mount "{ \"destination\": \"/tmp\", \"type\": \"bind\", \"source\": \"$NESTED\",
		\"options\": [ \"rbind\", \"rro\" ] }"
	written /tmp /tmp/below
	umount "$NESTED/below"
	assert_output ""
}

@test "read-only paths are so for the mounts below" {
	make_nested
	add_mount "{ \"destination\": \"/tmp\", \"type\": \"bind\", \"source\": \"$NESTED\",
		\"options\": [ \"rbind\", \"rw\" ] }"
	bundle_config '.linux.readonlyPaths += [ "/tmp" ]'
	written /tmp /tmp/below
	umount "$NESTED/below"
	assert_output ""
}

@test "read-only paths of /proc and /sys: nothing there can be written" {
	policy '{ "identity": "keep", "modes": { "syscalls": "off" } }'
	inside sh -c 'for file in /proc/sysrq-trigger /proc/sys/kernel/core_pattern /proc/sys/vm/swappiness \
		/sys/kernel/uevent_helper /proc/irq/default_smp_affinity; do
			(echo x >$file) 2>/dev/null && echo "wrote $file"
		done; echo done'
	assert_output "done"
}

# ------------------------------------------------------------------------------------ sockets

@test "CVE-2020-15257: no abstract sockets, in the container or of osless itself" {
	local before
	before=$(grep -c @ /proc/net/unix || true)
	start_inside sleep 100
	[ "$(grep -c @ "/proc/$PID/net/unix" || true)" = 0 ]
	[ "$(grep -c @ /proc/net/unix || true)" = "$before" ]
	! grep @ /proc/net/unix | grep -i osless || fail "a socket of osless is abstract"
	no_namespace network
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID-host"
	! grep @ /proc/net/unix | grep -i osless || fail "a socket of osless is abstract"
}

@test "the control socket is for the host's root alone" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	[ "$(stat -c %a:%u "$ROOT/$ID")" = 700:0 ]
	[ "$(find "$ROOT/$ID" -type s | wc -l)" = 1 ]
}

# ------------------------------------------------------------------------------------- lengths

@test "CVE-2021-43784: lists longer than the kernel's are refused, not cut" {
	user_namespace 200000 65536
	bundle_config '.linux.uidMappings = [ range(400) | { containerID: ., hostID: (200000 + .), size: 1 } ]'
	bundle_args true
	run_bundle -1
	assert_one_line_error "340"
	assert_nothing_left
}

@test "long names and values: refused or whole, never cut" {
	local long
	long=$(printf 'a%.0s' {1..300})
	bundle_config --arg long "$long" '.hostname = $long'
	refuses hostname
	cp "$HELPERS_DIR/config.json" "$BUNDLE"
	bundle_config --arg long "$long" '.linux.sysctl = { "net.core.\($long)": "1" }'
	refuses sysctl
	cp "$HELPERS_DIR/config.json" "$BUNDLE"
	bundle_config --arg long "/$long/$long/$long/$long" '.process.env += [ "LONG=\($long * 20)" ]'
	inside sh -c 'echo ${#LONG}'
	assert_output 24080
	bundle_config --arg long "/$long" '.process.cwd = $long'
	run_bundle -1
	assert_one_line_error cwd
}
