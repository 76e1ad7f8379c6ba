# process: what runs, in which surroundings. Its user and capabilities are in spec-identity.bats.

load spec-helpers

have_sys_resource() {
	local caps
	caps=$(awk '/^CapEff/ { print $2 }' /proc/self/status)
	((0x$caps >> 24 & 1))
}

# ---- args

@test "args arrive as they are: empty, with blanks, newlines, quotes, other scripts" {
	bundle_args sh -c 'printf "<%s>" "$@"' sh '' 'a  b' $'c\nd' "e'\"\\f" 'grün *' -- --
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output $'<><a  b><c\nd><e\'"\\f><grün *><--><-->'
}

@test "args: many, and long ones" {
	bundle_args sh -c 'echo $# ${#1}' sh "$(printf 'x%.0s' {1..60000})" $(seq 1 5000)
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output "5001 60000"
}

@test "args[0] is looked for in the container's PATH, in its order" {
	mkdir "$BUNDLE"/rootfs/{first,second}
	printf '#!/bin/sh\necho second\n' >"$BUNDLE/rootfs/second/tool"
	chmod 755 "$BUNDLE/rootfs/second/tool"
	bundle_config '.process.args = ["tool"] | .process.env = ["PATH=/missing:/first:/second:/bin"]'
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output second
	sed s/second/first/ "$BUNDLE/rootfs/second/tool" >"$BUNDLE/rootfs/first/tool"
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output second # the first one is not executable
	chmod 755 "$BUNDLE/rootfs/first/tool"
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output first
}

@test "args[0] with a slash counts from cwd" {
	mkdir "$BUNDLE/rootfs/opt"
	printf '#!/bin/sh\necho tool\n' >"$BUNDLE/rootfs/opt/tool"
	chmod 755 "$BUNDLE/rootfs/opt/tool"
	bundle_config '.process.args = ["./tool"] | .process.cwd = "/opt"'
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output tool
}

@test "without PATH a bare name is not found, whatever the caller's PATH is" {
	bundle_config '.process.args = ["true"] | .process.env = ["A=b"]'
	refused true 'executable file not found in $PATH'
}

@test "without a process there is nothing to run" {
	bundle_config 'del(.process)'
	refused process
}

# ---- env

@test "env is the config's, in its order, and HOME; nothing of the caller's" {
	bundle_config '.process.env = ["PATH=/bin", "EMPTY=", "EQUALS=a=b", "LINES=a\nb", "Z=1", "A=grün"]'
	bundle_args cat /proc/self/environ
	SECRET=42 run_osless -0 run -b "$BUNDLE" "$ID" 2>/dev/null
	tr '\0' ';' <"$OUT" >"$BATS_TEST_TMPDIR/env"
	[ "$(<"$BATS_TEST_TMPDIR/env")" = $'PATH=/bin;EMPTY=;EQUALS=a=b;LINES=a\nb;Z=1;A=grün;HOME=/root;' ]
}

@test "env absent" {
	bundle_config '.process.args = ["/bin/cat", "/proc/self/environ"] | del(.process.env)'
	run_osless -0 run -b "$BUNDLE" "$ID"
	[ "$(tr '\0' ';' <"$OUT")" = "HOME=/root;" ]
}

@test "env: an entry that is no assignment is refused" {
	bundle_config '.process.env += ["NOVALUE"]'
	refused 'process.env[1]' NOVALUE
	bundle_config '.process.env[1] = "=value"'
	refused 'process.env[1]'
}

# ---- cwd

@test "cwd" {
	bundle_config '.process.cwd = "/etc/../bin/."'
	bundle_args pwd
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output /bin
}

@test "cwd: relative is refused" {
	bundle_config '.process.cwd = "bin"'
	refused process.cwd bin
}

@test "cwd: missing directories are made, root's, also on a read-only root" {
	bundle_config '.process.cwd = "/made/by/osless"'
	bundle_args pwd
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output /made/by/osless
	[ "$(stat -c %u:%g:%a "$BUNDLE"/rootfs/made{,/by,/by/osless})" = $'0:0:755\n0:0:755\n0:0:755' ]
}

@test "cwd: closed to the program's user, but open to the caller" {
	mkdir -m 700 "$BUNDLE/rootfs/private"
	bundle_config '.process.cwd = "/private" | .process.user = { uid: 1000, gid: 1000 }'
	inside 'readlink /proc/self/cwd; cat /private/x 2>/dev/null || echo closed'
	assert_output $'/private\nclosed'
}

@test "cwd: below a file, or a file itself" {
	bundle_config '.process.cwd = "/etc/passwd/dir"'
	refused cwd /etc/passwd/dir "not a directory"
	bundle_config '.process.cwd = "/etc/passwd"'
	refused cwd /etc/passwd "not a directory"
}

@test "cwd: a symlink that climbs out of the root stays inside" {
	ln -s ../../../../../../../etc "$BUNDLE/rootfs/climb"
	bundle_config '.process.cwd = "/climb"'
	inside 'pwd -P; ls'
	assert_output $'/etc\ngroup\npasswd'
}

@test "cwd: through fds of the runtime there is no way out (CVE-2024-21626)" {
	local fd
	for fd in {3..12}; do
		bundle_config --arg fd "$fd" '.process.cwd = "/proc/self/fd/" + $fd'
		bundle_args cat /proc/self/mountinfo
		run_osless run -b "$BUNDLE" "$ID"
		[ "$status" != 0 ] || fail "entered fd $fd"
		[[ $stderr == *cwd* ]] || fail "no word of cwd"
	done
}

# ---- terminal

@test "terminal: stripped with a warning" {
	bundle_config '.process.terminal = true'
	bundle_args tty
	run_osless -1 run -b "$BUNDLE" "$ID"
	assert_output "not a tty"
	assert_stderr terminal
}

@test "terminal: not there even if the caller's stdio is one, and not for control" {
	bundle_config '.process.terminal = true'
	# 7 is tty_nr, proc(5)
	bundle_args sh -c 'tty; test -t 1 || echo no; (: </dev/tty) 2>/dev/null || echo none; cut -d" " -f7 /proc/self/stat'
	timeout -k 5 "$OSLESS_TIMEOUT" script -qec "'$OSLESS' --root '$ROOT' run -b '$BUNDLE' '$ID'" /dev/null \
		</dev/null >"$BATS_TEST_TMPDIR/out" 3>&- 4>&-
	tr -d '\r' <"$BATS_TEST_TMPDIR/out" | grep -v warning >"$BATS_TEST_TMPDIR/lines"
	[ "$(<"$BATS_TEST_TMPDIR/lines")" = $'not a tty\nno\nnone\n0' ]
}

@test "consoleSize without a terminal has no effect" {
	bundle_config '.process.consoleSize = { height: 25, width: 80 }'
	run_osless -0 run -b "$BUNDLE" "$ID"
}

# ---- umask, limits, scores

@test "umask: 022, or the config's; never the caller's" {
	bundle_args sh -c umask
	(
		umask 077
		run_osless -0 run -b "$BUNDLE" "$ID"
		assert_output 0022
	)
	bundle_config '.process.user.umask = 23' # 027
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output 0027
	bundle_config '.process.user.umask = 0'
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output 0000
	bundle_config '.process.user.umask = 512'
	refused process.user.umask 512
}

@test "rlimits: each kind can be lowered, soft and hard" {
	bundle_config '.process.rlimits = [
		{ type: "RLIMIT_CORE", soft: 0, hard: 0 },
		{ type: "RLIMIT_NOFILE", soft: 100, hard: 200 },
		{ type: "RLIMIT_FSIZE", soft: 4096, hard: 8192 },
		{ type: "RLIMIT_STACK", soft: 1048576, hard: 2097152 },
		{ type: "RLIMIT_CPU", soft: 60, hard: 61 },
		{ type: "RLIMIT_MEMLOCK", soft: 4096, hard: 4096 },
		{ type: "RLIMIT_NPROC", soft: 500, hard: 501 },
		{ type: "RLIMIT_SIGPENDING", soft: 10, hard: 11 },
		{ type: "RLIMIT_MSGQUEUE", soft: 1000, hard: 1001 },
		{ type: "RLIMIT_DATA", soft: 50000000, hard: 50000001 },
		{ type: "RLIMIT_LOCKS", soft: 7, hard: 8 },
		{ type: "RLIMIT_AS", soft: 90000000, hard: 90000001 },
		{ type: "RLIMIT_RTTIME", soft: 70, hard: 80 },
		{ type: "RLIMIT_NICE", soft: 0, hard: 0 },
		{ type: "RLIMIT_RTPRIO", soft: 0, hard: 0 }]'
	inside 'sed 1d /proc/self/limits | sed "s/^Max \(.*[a-z]\)   *\([0-9]\)/\1 \2/" | awk "{ print \$(NF - 2), \$(NF - 1), \$0 }"'
	local want
	for want in "core file size 0 0" "open files 100 200" "file size 4096 8192" \
		"stack size 1048576 2097152" "cpu time 60 61" "locked memory 4096 4096" \
		"processes 500 501" "pending signals 10 11" "msgqueue size 1000 1001" \
		"data size 50000000 50000001" "file locks 7 8" "address space 90000000 90000001" \
		"realtime timeout 70 80" "nice priority 0 0" "realtime priority 0 0"; do
		tr -s ' ' <<<"$output" | grep -q " $want" || fail "limits lack: $want"
	done
}

@test "rlimits: those that config does not name are the caller's" {
	bundle_config '.process.rlimits = []'
	bundle_args sh -c 'ulimit -Sn; ulimit -Hn; ulimit -Sc'
	(
		ulimit -Sn 300
		ulimit -Hn 400
		ulimit -Sc 0
		run_osless -0 run -b "$BUNDLE" "$ID"
		assert_output $'300\n400\n0'
	)
}

@test "rlimits: a hard limit above the caller's" {
	have_sys_resource || skip "needs CAP_SYS_RESOURCE, which this machine does not give to root"
	bundle_config '.process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 400, hard: 500 }]'
	wrap_osless ulimit -n '300;' exec
	inside 'ulimit -Hn'
	assert_output 500
}

@test "rlimits: a hard limit above the caller's, without the capability for it" {
	bundle_config '.process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 400, hard: 500 }]'
	wrap_osless ulimit -n '300;' exec setpriv --bounding-set=-sys_resource
	refused rlimit CAP_SYS_RESOURCE "operation not permitted"
}

@test "rlimits: unknown, twice, soft above hard" {
	bundle_config '.process.rlimits = [{ type: "RLIMIT_QUANTA", soft: 1, hard: 1 }]'
	refused 'process.rlimits[0]' RLIMIT_QUANTA
	bundle_config '.process.rlimits = [{ type: "RLIMIT_NPROC", soft: 2, hard: 1 }]'
	refused 'process.rlimits[0]' RLIMIT_NPROC
	bundle_config '.process.rlimits = [{ type: "RLIMIT_CORE", soft: 1, hard: 1 }, { type: "RLIMIT_CORE", soft: 1, hard: 1 }]'
	refused 'process.rlimits[1]' RLIMIT_CORE twice
}

@test "oomScoreAdj: raised, and without it the caller's" {
	bundle_args cat /proc/self/oom_score_adj
	bundle_config '.process.oomScoreAdj = 500'
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output 500
	bundle_config 'del(.process.oomScoreAdj)'
	(
		echo 300 >/proc/self/oom_score_adj
		run_osless -0 run -b "$BUNDLE" "$ID"
		assert_output 300
	)
	bundle_config '.process.oomScoreAdj = 1001'
	refused process.oomScoreAdj 1001
}

@test "oomScoreAdj: zero is a value, and lowers what the caller has raised" {
	bundle_args cat /proc/self/oom_score_adj
	bundle_config '.process.oomScoreAdj = 0'
	(
		echo 300 >/proc/self/oom_score_adj
		run_osless -0 run -b "$BUNDLE" "$ID"
		assert_output 0
	)
}

@test "oomScoreAdj: below the caller's" {
	have_sys_resource || skip "needs CAP_SYS_RESOURCE, which this machine does not give to root"
	bundle_args cat /proc/self/oom_score_adj
	bundle_config '.process.oomScoreAdj = -500'
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output -500
}

@test "oomScoreAdj: below the caller's, without the capability for it" {
	bundle_config '.process.oomScoreAdj = -500'
	wrap_osless exec setpriv --bounding-set=-sys_resource
	refused oomScoreAdj CAP_SYS_RESOURCE "permission denied"
}

@test "noNewPrivileges: always, also where config says false or nothing" {
	bundle_args grep NoNewPrivs /proc/self/status
	local filter
	for filter in '.process.noNewPrivileges = true' '.process.noNewPrivileges = false' 'del(.process.noNewPrivileges)'; do
		bundle_config "$filter"
		run_osless -0 run -b "$BUNDLE" "$ID"
		assert_output $'NoNewPrivs:\t1'
	done
}

# ---- what a process inherits

@test "signals: default dispositions and an empty mask, whatever the caller has" {
	bundle_args grep -E '^Sig(Blk|Ign|Cgt|Pnd)' /proc/self/status
	wrap_osless exec env --ignore-signal --default-signal=CHLD --block-signal
	run_osless -0 run -b "$BUNDLE" "$ID"
	assert_output $'SigPnd:\t0000000000000000
SigBlk:\t0000000000000000
SigIgn:\t0000000000000000
SigCgt:\t0000000000000000'
}

@test "signals: a caller that ignores SIGCHLD still gets the exit status" {
	bundle_args sh -c 'exit 7'
	wrap_osless exec env --ignore-signal=CHLD
	run_osless -7 run -b "$BUNDLE" "$ID"
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 start "$ID"
	wait_status "$ID" stopped
}

@test "session: the program leads its own, which has no terminal" {
	# pid, process group, session, terminal: proc(5)
	bundle_args cut -d' ' -f1,5,6,7 /proc/self/stat
	run_osless -0 run -b "$BUNDLE" "$ID"
	read -r pid group session terminal <<<"$output"
	[ "$pid" = "$group" ]
	[ "$pid" = "$session" ]
	[ "$terminal" = 0 ]
}

@test "no file descriptor but the standard ones reaches the program, or stays in init" {
	bundle_args sh -c 'ls -1 /proc/self/fd; exec sleep 100'
	run_osless -0 run --detach -b "$BUNDLE" "$ID" 5<"$BUNDLE" 6<"$BUNDLE" 7<"$BUNDLE" 8<"$BUNDLE" 9<"$BUNDLE" \
		10<"$BUNDLE" 11<"$BUNDLE" 12<"$BUNDLE" 20<"$BUNDLE" 63<"$BUNDLE" 100<"$BUNDLE" 255<"$BUNDLE"
	wait_until 5 grep -qx 3 "$OUT"
	[ "$(<"$OUT")" = $'0\n1\n2\n3' ] # ls itself opens 3, the directory
	local pid
	pid=$(osless state "$ID" | jq .pid)
	for pid in "$pid" $(pgrep -P "$pid"); do
		[ -z "$(find "/proc/$pid/fd" -lname "$BUNDLE")" ] || fail "process $pid has the caller's fds"
	done
}

@test "preserve-fds: N from 3 on, under their own numbers; none that follows" {
	bundle_args sh -c 'ls -1 /proc/self/fd; cat <&3; cat <&4'
	echo three >"$BATS_TEST_TMPDIR/3"
	echo four >"$BATS_TEST_TMPDIR/4"
	# straight, since osless() closes 3 and 4
	timeout -k 5 "$OSLESS_TIMEOUT" "$OSLESS" --root "$ROOT" run --preserve-fds 2 -b "$BUNDLE" "$ID" \
		>"$BATS_TEST_TMPDIR/out" 3<"$BATS_TEST_TMPDIR/3" 4<"$BATS_TEST_TMPDIR/4" 5<"$BUNDLE" 6<"$BUNDLE"
	[ "$(<"$BATS_TEST_TMPDIR/out")" = $'0\n1\n2\n3\n4\n5\nthree\nfour' ] # 5 is ls' own
}

@test "LISTEN_FDS: LISTEN_PID is the program's own, further fds follow" {
	bundle_args sh -c 'echo $LISTEN_FDS; [ $LISTEN_PID = $$ ] && echo mine; cat <&3; cat <&4'
	echo socket >"$BATS_TEST_TMPDIR/3"
	echo preserved >"$BATS_TEST_TMPDIR/4"
	timeout -k 5 "$OSLESS_TIMEOUT" bash -c 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"' bash \
		"$OSLESS" --root "$ROOT" run --preserve-fds 1 -b "$BUNDLE" "$ID" \
		>"$BATS_TEST_TMPDIR/out" 3<"$BATS_TEST_TMPDIR/3" 4<"$BATS_TEST_TMPDIR/4"
	[ "$(<"$BATS_TEST_TMPDIR/out")" = $'1\nmine\nsocket\npreserved' ]
}

@test "LISTEN_FDS: those meant for another process are not passed on" {
	bundle_args sh -c 'echo "<$LISTEN_FDS$LISTEN_PID>"; ls -1 /proc/self/fd'
	LISTEN_PID=1 LISTEN_FDS=1 timeout -k 5 "$OSLESS_TIMEOUT" "$OSLESS" --root "$ROOT" run -b "$BUNDLE" "$ID" \
		>"$BATS_TEST_TMPDIR/out" 3</etc/passwd 4<&-
	[ "$(<"$BATS_TEST_TMPDIR/out")" = $'<>\n0\n1\n2\n3' ]
}

@test "pipes as standard streams can be opened again by the program's user" {
	bundle_config '.process.user = { uid: 1000, gid: 1000 } | .process.capabilities = {}'
	bundle_args sh -c 'cat /dev/stdin >/dev/stdout; echo err >/dev/stderr'
	echo in | osless run -b "$BUNDLE" "$ID" 2> >(cat >"$BATS_TEST_TMPDIR/err") | cat >"$BATS_TEST_TMPDIR/out"
	[ "$(<"$BATS_TEST_TMPDIR/out")" = in ]
	wait_until 5 grep -qx err "$BATS_TEST_TMPDIR/err"
}
