# hooks: six lists of programs, at six points of a container's life (OCI runtime-spec, runtime.md,
# Lifecycle, and config.md, POSIX-platform Hooks).

load spec-helpers

BEFORE_START="prestart createRuntime createContainer"
IN_HOST="prestart createRuntime poststart poststop" # whose namespaces are the host's

# Hooks write below LOG, which both sides see at the same place.
setup() {
	test_setup
	LOG=/hooklog
	HOST_LOG=$BATS_TEST_TMPDIR/log
	mkdir "$HOST_LOG"
	bind "$HOST_LOG" $LOG
}

# Inside, startContainer hooks find the log at LOG; all others are told its place on the host.
log_of() {
	[ "$1" = startContainer ] && echo $LOG || echo "$HOST_LOG"
}

# add_hook KIND OBJECT: as jq writes it; in strings @LOG@ is the log.
add_hook() {
	bundle_config --arg kind "$1" --arg log "$(log_of "$1")" \
		".hooks[\$kind] += [$2 | walk(if type == \"string\" then gsub(\"@LOG@\"; \$log) else . end)]"
}

# add_script KIND SCRIPT: run by sh, $1 is the kind, with PATH.
add_script() {
	bundle_config --arg kind "$1" --arg script "${2//@LOG@/$(log_of "$1")}" '.hooks[$kind] += [{
		path: "/bin/sh", args: ["sh", "-c", $script, "sh", $kind], env: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"] }]'
}

# add_to_all SCRIPT: one to each kind.
add_to_all() {
	local kind
	for kind in $BEFORE_START startContainer poststart poststop; do
		add_script "$kind" "$1"
	done
}

logged() {
	cat "$HOST_LOG/$1"
}

# live: through all points of a container's life.
live() {
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 start "$ID"
	wait_status "$ID" stopped
	run_osless -0 delete "$ID"
}

@test "order: as listed, at their points of life" {
	local kind
	for kind in $BEFORE_START startContainer poststart poststop; do
		add_script "$kind" 'echo $1 0 >>@LOG@/order'
		add_script "$kind" 'echo $1 1 >>@LOG@/order'
	done
	bundle_args sh -c "echo program >>$LOG/order"
	run_osless -0 create -b "$BUNDLE" "$ID"
	[ "$(logged order)" = "prestart 0
prestart 1
createRuntime 0
createRuntime 1
createContainer 0
createContainer 1" ]
	: >"$HOST_LOG/order"
	run_osless -0 start "$ID"
	wait_status "$ID" stopped
	[ "$(logged order | head -2)" = $'startContainer 0\nstartContainer 1' ]
	[ "$(logged order | grep poststart)" = $'poststart 0\npoststart 1' ]
	[ "$(logged order | sort | uniq -c | wc -l)" = 5 ] # and the program, which poststart does not wait for
	: >"$HOST_LOG/order"
	run_osless -0 delete "$ID"
	[ "$(logged order)" = $'poststop 0\npoststop 1' ]
}

@test "order: the same in one run" {
	add_to_all 'echo $1 >>@LOG@/order'
	bundle_args sh -c "echo program >>$LOG/order"
	run_osless -0 run -b "$BUNDLE" "$ID"
	[ "$(logged order | sed /program/d)" = "$(printf '%s\n' $BEFORE_START startContainer poststart poststop)" ]
	[ "$(logged order | grep -A9 startContainer | grep -c program)" = 1 ]
}

@test "state on stdin: id, status, bundle, version, annotations" {
	local kind
	add_to_all 'cat >@LOG@/$1'
	bundle_config '.annotations = { "org.example.key": "a \"value\"\n of two lines", "empty": "" }'
	live
	for kind in prestart:creating createRuntime:creating createContainer:creating startContainer:created \
		poststart:running poststop:stopped; do
		jq -e --arg id "$ID" --arg status "${kind#*:}" --arg bundle "$BUNDLE" '
			.id == $id and .status == $status and .bundle == $bundle and .ociVersion and
			.annotations == { "org.example.key": "a \"value\"\n of two lines", "empty": "" }' "$HOST_LOG/${kind%:*}" ||
			fail "${kind%:*} was given: $(logged "${kind%:*}")"
	done
}

@test "state: the pid is the container's, as the hook's namespaces count; none when it has stopped" {
	local kind
	add_to_all 'tr -d " \n\t" | grep -o "\"pid\":[0-9]*" | cut -d: -f2 >@LOG@/$1'
	for kind in prestart createRuntime poststart; do
		add_script $kind 'readlink /proc/$(cat @LOG@/$1)/ns/net >@LOG@/$1.net'
	done
	bundle_args sleep 100
	run_osless -0 create -b "$BUNDLE" "$ID"
	PID=$(osless state "$ID" | jq .pid)
	run_osless -0 start "$ID"
	for kind in prestart createRuntime poststart; do
		[ "$(logged $kind)" = "$PID" ]
		[ "$(logged $kind.net)" = "$(readlink "/proc/$PID/ns/net")" ]
	done
	for kind in createContainer startContainer; do
		[ "$(logged $kind)" = 1 ] || fail "$kind is told $(logged $kind), and not 1"
	done
	run_osless -0 delete --force "$ID"
	[[ $(logged poststop) =~ ^0?$ ]]
}

@test "state: with annotations as large as Kubernetes allows" {
	local kind
	head -c 200000 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/long"
	bundle_config --rawfile long "$BATS_TEST_TMPDIR/long" '.annotations.long = $long'
	run_osless -0 run -b "$BUNDLE" "$ID"
	add_to_all 'wc -c >@LOG@/$1'
	run_osless -0 run -b "$BUNDLE" "$ID"
	for kind in $BEFORE_START startContainer poststart poststop; do
		[ "$(logged $kind)" -gt 200000 ]
	done
}

@test "state: hooks need not read it" {
	local kind
	for kind in $BEFORE_START startContainer poststart poststop; do
		add_hook $kind '{ path: "/bin/true" }'
	done
	live
}

@test "namespaces: prestart, createRuntime, poststart and poststop in the runtime's" {
	local kind name
	add_to_all 'for name in mnt pid net ipc uts cgroup; do readlink /proc/self/ns/$name; done >@LOG@/$1; hostname >>@LOG@/$1'
	live
	for kind in $IN_HOST; do
		[ "$(logged "$kind")" = "$(for name in mnt pid net ipc uts cgroup; do readlink "/proc/self/ns/$name"; done; hostname)" ] ||
			fail "$kind: $(logged "$kind")"
	done
}

@test "namespaces: createContainer in the container's, with the host's root in sight" {
	add_script createContainer "readlink /proc/self/root; cat '$BUNDLE/config.json' >/dev/null && echo bundle
		grep -c ' $BUNDLE/rootfs/proc ' /proc/self/mountinfo; hostname" 
	bundle_config '(.hooks.createContainer[0].args[2]) |= "{ " + . + "\n} >'"$HOST_LOG"'/createContainer"'
	add_script createContainer 'for name in mnt net ipc uts cgroup; do readlink /proc/self/ns/$name; done >@LOG@/ns'
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	[ "$(logged createContainer)" = $'/\nbundle\n1\nbox' ]
	local pid name
	pid=$(osless state "$ID" | jq .pid)
	[ "$(logged ns)" = "$(for name in mnt net ipc uts cgroup; do readlink "/proc/$pid/ns/$name"; done)" ]
}

@test "createContainer can add mounts that the program sees" {
	mkdir "$BUNDLE/rootfs/late"
	add_script createContainer "mount -t tmpfs tmpfs '$BUNDLE/rootfs/late' && echo late >'$BUNDLE/rootfs/late/file'"
	inside 'cat /late/file'
	assert_output late
	[ ! -e "$BUNDLE/rootfs/late/file" ]
}

@test "createRuntime finds the container's namespaces made" {
	add_script createRuntime 'pid=$(tr -d " \n\t" | sed "s/.*\"pid\":\([0-9]*\).*/\1/")
		nsenter -t $pid -n busybox ip address add 10.9.8.7/32 dev lo'
	inside 'cat /proc/net/fib_trie'
	[[ $output == *10.9.8.7* ]]
}

@test "namespaces: startContainer in the container's, with its root" {
	add_script startContainer 'for name in mnt pid net ipc uts cgroup; do readlink /proc/self/ns/$name; done >@LOG@/ns'
	add_script startContainer '{ wc -l </etc/passwd; hostname; ls /proc/1/comm; } >@LOG@/seen'
	bundle_args sh -c "for name in mnt pid net ipc uts cgroup; do readlink /proc/self/ns/\$name; done >$LOG/program; exec sleep 100"
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	wait_until 5 test -s "$HOST_LOG/program"
	[ "$(logged ns)" = "$(logged program)" ]
	[ "$(logged seen)" = $'2\nbox\n/proc/1/comm' ]
}

@test "startContainer's path is looked up in the container, the others' on the host" {
	printf '#!/bin/sh\necho inside >%s/which\n' $LOG >"$BUNDLE/rootfs/bin/only-inside"
	chmod 755 "$BUNDLE/rootfs/bin/only-inside"
	add_hook startContainer '{ path: "/bin/only-inside" }'
	run_osless -0 run -b "$BUNDLE" "$ID"
	[ "$(logged which)" = inside ]
	local kind
	for kind in $BEFORE_START; do
		bundle_config --arg kind "$kind" '.hooks = { ($kind): [{ path: "/bin/only-inside" }] }'
		refused "error running $kind hook #0:" "no such file or directory"
	done
}

@test "startContainer runs as the program does: user, capabilities, system calls" {
	add_script startContainer 'grep -E "^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp):|^Cap" /proc/self/status >@LOG@/hook'
	inside "grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp):|^Cap' /proc/self/status"
	[ "$(logged hook)" = "$output" ]
}

@test "env is the hook's own and nothing else" {
	local kind
	for kind in $BEFORE_START startContainer poststart poststop; do
		add_hook "$kind" '{ path: "/bin/cp", args: ["cp", "/proc/self/environ", "@LOG@/'"$kind"'"], env: ["A=1", "B=x  y", "C=", "D=a=b"] }'
		add_hook "$kind" '{ path: "/bin/cp", args: ["cp", "/proc/self/environ", "@LOG@/'"$kind"'.none"] }'
	done
	SECRET=42 run_osless -0 run -b "$BUNDLE" "$ID"
	for kind in $BEFORE_START startContainer poststart poststop; do
		[ "$(logged "$kind" | tr '\0' ';')" = "A=1;B=x  y;C=;D=a=b;" ] || fail "$kind: $(logged "$kind" | tr '\0' ';')"
		[ "$(logged "$kind.none" | tr '\0' ';')" = "" ] || fail "$kind: $(logged "$kind.none" | tr '\0' ';')"
	done
}

@test "args are given as they are, args[0] too; without any, the path" {
	local kind
	mkdir "$HOST_LOG/bin"
	printf '#!/bin/sh\nexec 3</proc/self/cmdline\ncat <&3 >"${0%%/bin/*}/none"\nexit\n' >"$HOST_LOG/bin/none"
	chmod 755 "$HOST_LOG/bin/none"
	for kind in createRuntime createContainer startContainer; do
		add_script $kind 'exec 3</proc/self/cmdline; cat <&3 >@LOG@/words; exit'
		bundle_config --arg kind $kind '.hooks[$kind][0].args[0] = "/odd name/sh" | .hooks[$kind][0].args += ["", "a  b", "*\n"]'
		run_osless -0 run -b "$BUNDLE" "$ID"
		[ "$(logged words | tr '\0' ';')" = "/odd name/sh;-c;exec 3</proc/self/cmdline; cat <&3 >$(log_of $kind)/words; exit;sh;$kind;;a  b;*"$'\n;' ] ||
			fail "$kind: $(logged words | tr '\0' ';')"
		bundle_config 'del(.hooks)'
		add_hook $kind '{ path: "@LOG@/bin/none" }'
		run_osless -0 run -b "$BUNDLE" "$ID"
		[ "$(logged none | tr '\0' ';')" = "/bin/sh;$(log_of $kind)/bin/none;" ] || fail "$kind: $(logged none | tr '\0' ';')"
		bundle_config 'del(.hooks)'
	done
}

@test "no file descriptor of the caller or the runtime reaches a hook" {
	local kind
	add_to_all 'ls -1 /proc/self/fd >@LOG@/$1'
	run_osless -0 run -b "$BUNDLE" "$ID" 5<"$BUNDLE" 6<"$BUNDLE" 7<"$BUNDLE" 8<"$BUNDLE" 9<"$BUNDLE" 10<"$BUNDLE" \
		11<"$BUNDLE" 12<"$BUNDLE" 20<"$BUNDLE" 63<"$BUNDLE" 100<"$BUNDLE" 255<"$BUNDLE"
	for kind in $BEFORE_START startContainer poststart poststop; do
		[ "$(logged $kind)" = $'0\n1\n2\n3' ] || fail "$kind has $(logged $kind)" # 3 is ls' own
	done
}

@test "preserved descriptors are the program's, not the hooks'" {
	local kind
	add_to_all 'ls -1 /proc/self/fd >@LOG@/$1'
	timeout -k 5 "$OSLESS_TIMEOUT" "$OSLESS" --root "$ROOT" run --preserve-fds 2 -b "$BUNDLE" "$ID" 3</etc/passwd 4</etc/passwd
	for kind in $BEFORE_START startContainer poststart poststop; do
		[ "$(logged $kind)" = $'0\n1\n2\n3' ] || fail "$kind has $(logged $kind)"
	done
}

@test "signals are as a program expects them, whatever the caller has" {
	local kind
	add_to_all 'exec grep -E "^Sig(Blk|Ign)" /proc/self/status >@LOG@/$1'
	wrap_osless exec env --ignore-signal=PIPE --ignore-signal=HUP --block-signal=USR1
	run_osless -0 run -b "$BUNDLE" "$ID"
	for kind in $BEFORE_START startContainer poststart poststop; do
		[ "$(logged $kind)" = $'SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000' ] || fail "$kind: $(logged $kind)"
	done
}

@test "timeout: one that hangs is killed with what it started; nothing is left" {
	local kind began
	for kind in $BEFORE_START startContainer; do
		bundle_config 'del(.hooks)'
		add_script "$kind" 'sleep 1000 & sleep 1000'
		bundle_config --arg kind "$kind" '.hooks[$kind][0].timeout = 1'
		began=$SECONDS
		refused "error running $kind hook #0: /bin/sh" "timeout of 1 s"
		[ $((SECONDS - began)) -lt $((10 * SLOWNESS)) ]
	done
}

@test "timeout: one that is quick enough is not disturbed" {
	local kind
	for kind in $BEFORE_START startContainer poststart poststop; do
		add_script "$kind" 'echo $1 >@LOG@/$1'
		bundle_config --arg kind "$kind" '.hooks[$kind][0].timeout = 30'
	done
	live
	for kind in $BEFORE_START startContainer poststart poststop; do
		[ "$(logged $kind)" = $kind ]
	done
	bundle_config '.hooks.prestart[0].timeout = 0'
	refused 'hooks.prestart[0].timeout'
}

@test "a hook of create that fails: which one, its status and words; later ones do not run, poststop does" {
	local kind
	for kind in $BEFORE_START; do
		bundle_config 'del(.hooks)'
		add_script "$kind" 'exit 0'
		add_script "$kind" 'echo its own words >&2; exit 3'
		add_script "$kind" 'touch @LOG@/later'
		add_script startContainer 'touch @LOG@/later'
		add_script poststop 'touch @LOG@/poststop'
		refused "error running $kind hook #1: /bin/sh" "exit status 3" "its own words"
		[ ! -e "$HOST_LOG/later" ]
		[ -e "$HOST_LOG/poststop" ] || fail "$kind: poststop did not run"
		rm "$HOST_LOG/poststop"
	done
}

@test "a hook that is ended by a signal" {
	add_script createRuntime 'kill -9 $$'
	refused "error running createRuntime hook #0: /bin/sh" "signal 9"
}

@test "a startContainer hook that fails: start says so, the program does not run, the container has stopped" {
	add_script startContainer 'echo its own words; exit 4'
	add_script startContainer 'touch @LOG@/later'
	add_script poststop 'touch @LOG@/poststop'
	bundle_args touch $LOG/program
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -1 start "$ID"
	assert_one_line_error "error running startContainer hook #0: /bin/sh"
	assert_stderr "its own words"
	wait_status "$ID" stopped
	[ -z "$(find "$HOST_LOG" -type f)" ]
	run_osless -0 delete "$ID"
	[ -e "$HOST_LOG/poststop" ]
}

@test "a poststart hook that fails: start says so, and the container is stopped" {
	add_script poststart 'exit 5'
	add_script poststart 'touch @LOG@/later'
	add_script poststop 'touch @LOG@/poststop'
	bundle_args sleep 100
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -1 start "$ID"
	assert_one_line_error "error running poststart hook #0: /bin/sh"
	wait_status "$ID" stopped
	[ -z "$(find "$HOST_LOG" -type f)" ]
	run_osless -0 delete "$ID"
	[ -e "$HOST_LOG/poststop" ]
}

@test "a poststop hook that fails: a warning; the others run, and the container is deleted" {
	add_script poststop 'exit 6'
	add_script poststop 'touch @LOG@/second'
	run_osless -0 run --keep -b "$BUNDLE" "$ID"
	run_osless -0 delete "$ID"
	assert_stderr "error running poststop hook #0: /bin/sh"
	run_osless -1 state "$ID"
	[ -e "$HOST_LOG/second" ]
}

@test "poststop runs when nothing of the container is left" {
	add_script poststop "ls '$ROOT/$ID' >@LOG@/state 2>&1; find /sys/fs/cgroup -name '*$ID*' >@LOG@/cgroups; true"
	run_osless -0 run -b "$BUNDLE" "$ID"
	[ "$(logged cgroups)" = "" ]
}

@test "poststop runs once, and not where another container has the ID" {
	add_script poststop 'echo >>@LOG@/poststop'
	bundle_args sleep 100
	run_osless -0 run -d -b "$BUNDLE" "$ID"
	run_osless -1 create -b "$BUNDLE" "$ID"
	[ ! -e "$HOST_LOG/poststop" ]
	run_osless -0 delete --force "$ID"
	run_osless -0 delete --force "$ID"
	[ "$(logged poststop | wc -l)" = 1 ]
}

@test "much output does not stop a hook, nor does it reach the program's streams" {
	local kind
	add_to_all 'head -c 300000 /dev/zero | tr "\0" x; head -c 300000 /dev/zero | tr "\0" y >&2'
	bundle_args echo program
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output program
	[ -z "$stderr" ]
}

@test "what a hook leaves running holds nothing up" {
	add_script createRuntime 'sleep 1000 & echo $! >@LOG@/pid'
	run_osless -0 run -b "$BUNDLE" "$ID"
	kill -0 "$(logged pid)" # a hook's daemon is the hook's own affair
	kill "$(logged pid)"
}

@test "a hook that is missing, not executable, of no format" {
	local kind
	echo text >"$BATS_TEST_TMPDIR/text"
	for kind in $BEFORE_START; do
		bundle_config --arg kind "$kind" '.hooks = { ($kind): [{ path: "/nowhere/hook" }] }'
		refused "error running $kind hook #0: /nowhere/hook" "no such file or directory"
		chmod 644 "$BATS_TEST_TMPDIR/text"
		bundle_config --arg kind "$kind" --arg path "$BATS_TEST_TMPDIR/text" '.hooks = { ($kind): [{ $path }] }'
		refused "error running $kind hook #0: $BATS_TEST_TMPDIR/text" "permission denied"
		chmod 755 "$BATS_TEST_TMPDIR/text"
		refused "error running $kind hook #0: $BATS_TEST_TMPDIR/text" "exec format error"
	done
}

@test "paths must be absolute" {
	bundle_config '.hooks.poststop = [{ path: "bin/true" }]'
	refused 'hooks.poststop[0].path' bin/true
}
