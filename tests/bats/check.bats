# check: will it run? Read from the files of a rootfs that is somebody else's.

# shellcheck disable=SC2016,SC2034,SC2154 # jq's and the inner shell's; helpers.bash's
load helpers

setup_file() {
	file_setup
	WORK=$BATS_FILE_TMPDIR
	export WORK
	# What is not in busybox: programs that import what no payload has.
	printf '%s\n' '#include <pty.h>' 'int main(void) { int a, b; return openpty(&a, &b, 0, 0, 0); }' |
		cc -xc -D_GNU_SOURCE -o "$WORK/tty-user" - -lutil
	printf '%s\n' '#include <sys/ptrace.h>' 'int main(void) { return (int)ptrace(PTRACE_TRACEME, 0, 0, 0); }' |
		cc -xc -o "$WORK/tracer" -
	printf '%s\n' 'int shared(void);' 'int main(void) { return shared(); }' >"$WORK/user.c"
	printf '%s\n' 'int shared(void);' 'int shared(void) { return 0; }' |
		cc -xc -shared -fPIC -Wl,-soname,libshared.so.1 -o "$WORK/libshared.so.1" -
	cc -o "$WORK/needs-library" "$WORK/user.c" "$WORK/libshared.so.1" -Wl,-rpath,'$ORIGIN/../lib/own'
}

# with_libraries FILE TO: a program of the host into the rootfs, with all that ldd says it needs.
with_libraries() {
	local library
	mkdir -p "$BUNDLE/rootfs${2%/*}"
	cp -L "$1" "$BUNDLE/rootfs$2"
	for library in $(ldd "$1" | grep -o '/[^ ]*'); do
		[[ $library != "$WORK"/* ]] || continue
		mkdir -p "$BUNDLE/rootfs${library%/*}"
		cp -L "$library" "$BUNDLE/rootfs$library"
	done
}

# put PATH TEXT: an executable file of the rootfs.
put() {
	mkdir -p "$BUNDLE/rootfs${1%/*}"
	printf '%b' "$2" >"$BUNDLE/rootfs$1"
	chmod 755 "$BUNDLE/rootfs$1"
}

# check_says STATUS VERDICT [OPTION...]: of the bundle; the JSON is in output.
check_says() {
	local status=$1 verdict=$2
	shift 2
	run_osless "-$status" check -f json -b "$BUNDLE" "$@"
	[ "$(jq -r .verdict <<<"$output")" = "$verdict" ] || fail "not: $verdict"
}

# has FILTER: one of the findings is so.
has() {
	jq -e ".findings | any($1)" <<<"$output" >/dev/null || fail "no finding with: $1"
}

lacks() {
	jq -e ".findings | any($1) | not" <<<"$output" >/dev/null || fail "a finding with: $1"
}

@test "busybox works, and does" {
	bundle_args sh -c 'exit 7'
	check_says 0 works
	run_osless -7 run -b "$BUNDLE" "$ID"
}

@test "text names identity, tier and reasons; --tier minimal takes more away" {
	bundle_args sh
	run_osless -0 check "$BUNDLE"
	[[ $output == "works: sh"* && $output == *"as 65534:65534, system calls of tier gvisor"* ]]
	[[ $output == *"its code"*contain* || $output == *"seems to contain"* ]]
	run_osless -0 check --tier minimal "$BUNDLE"
	[[ $output == *"tier minimal"* ]]
	has_setsid() { jq -e '.findings | any(.what == "setsid" or .what == "setpgid")' <<<"$output"; }
	check_says 0 works
	has '.kind == "contained-call" and .path == "/bin/busybox" and .what == "mount"' # sh is a link
	run ! has_setsid
	check_says 0 works --tier minimal
	has_setsid
}

@test "the program: missing, by PATH, as a path, from PATH of process.env, no regular file, no right" {
	bundle_args nonesuch
	check_says 3 "will not run"
	has '.kind == "no-program" and .severity == "fatal" and .path == "nonesuch" and (.reason | contains("$PATH"))'
	bundle_args /no/such
	check_says 3 "will not run"
	put /own/bin/mine '#!/bin/sh\n'
	bundle_args mine
	check_says 3 "will not run"
	bundle_config '.process.env = ["PATH=/nowhere:/own/bin"]'
	check_says 0 works
	bundle_config '.process.env = []'
	check_says 3 "will not run"
	bundle_args /bin
	check_says 3 "will not run"
	has '.kind == "not-executable"'
	chmod 644 "$BUNDLE/rootfs/own/bin/mine"
	bundle_args /own/bin/mine
	check_says 3 "will not run"
	has '.kind == "not-executable" and .cure == "chmod +x"'
}

@test "what check says of a missing program, create says too" {
	bundle_args /no/such
	check_says 3 "will not run"
	run_osless -1 run -b "$BUNDLE" "$ID"
	assert_stderr "no such file or directory"
}

@test "a dynamic program: works with its libraries, not without one, not without its linker" {
	with_libraries "$WORK/needs-library" /app/bin/needs
	bundle_args /app/bin/needs
	check_says 3 "will not run"
	has '.kind == "no-library" and .what == "libshared.so.1" and .path == "/app/bin/needs"'
	mkdir -p "$BUNDLE/rootfs/app/lib/own"
	cp "$WORK/libshared.so.1" "$BUNDLE/rootfs/app/lib/own/" # by $ORIGIN
	check_says 0 works
	run_osless -0 run -b "$BUNDLE" "$ID"
	rm "$BUNDLE"/rootfs/lib64/ld-linux* 2>/dev/null || rm "$BUNDLE"/rootfs/lib/ld-linux*
	check_says 3 "will not run"
	has '.kind == "no-interpreter" and (.what | contains("/ld-linux"))'
}

@test "libraries: ld.so.conf with include, LD_LIBRARY_PATH, a file that is no library" {
	with_libraries "$WORK/needs-library" /bin/needs
	bundle_args needs
	mkdir -p "$BUNDLE/rootfs/opt/libs" "$BUNDLE/rootfs/etc/ld.so.conf.d"
	cp "$WORK/libshared.so.1" "$BUNDLE/rootfs/opt/libs/"
	check_says 3 "will not run"
	echo 'include /etc/ld.so.conf.d/*.conf # all' >"$BUNDLE/rootfs/etc/ld.so.conf"
	echo '/opt/libs' >"$BUNDLE/rootfs/etc/ld.so.conf.d/own.conf"
	check_says 0 works
	rm "$BUNDLE/rootfs/etc/ld.so.conf"
	bundle_config '.process.env += ["LD_LIBRARY_PATH=/nowhere:/opt/libs"]'
	check_says 0 works
	echo 'no library' >"$BUNDLE/rootfs/opt/libs/libshared.so.1"
	check_says 3 "will not run"
}

@test "conf files that include themselves come to an end" {
	with_libraries "$WORK/needs-library" /bin/needs
	mkdir -p "$BUNDLE/rootfs/etc"
	echo 'include /etc/*' >"$BUNDLE/rootfs/etc/ld.so.conf"
	for file in a b c d e f g h; do
		echo 'include /etc/*' >"$BUNDLE/rootfs/etc/$file"
	done
	bundle_args needs
	check_says 3 "will not run"
}

@test "python of the host, copied with its libraries, works" {
	local python
	python=$(readlink -f "$(PATH=/usr/bin:/bin command -v python3)") || skip "no python3"
	with_libraries "$python" /usr/bin/python3
	bundle_args python3 -c pass
	check_says 0 works
	has '.kind == "pseudo-tty" and .severity == "note"'
}

@test "nginx of the host, copied with its libraries, works in the foreground" {
	local nginx
	nginx=$(PATH=/usr/sbin:/usr/bin command -v nginx) || skip "no nginx"
	with_libraries "$nginx" /usr/sbin/nginx
	bundle_args nginx -g 'daemon off;'
	check_says 0 works
	has '.kind == "pretended-call" and .what == "setgid" and .severity == "note"'
	bundle_args nginx
	check_says 2 "works with changes"
	rm "$BUNDLE"/rootfs/lib/*/libpcre* "$BUNDLE"/rootfs/usr/lib/*/libpcre* 2>/dev/null || true
	check_says 3 "will not run"
	has '.kind == "no-library" and (.what | startswith("libpcre"))'
}

@test "script of the host needs a pseudo-terminal" {
	with_libraries "$(command -v script)" /usr/bin/script
	bundle_args script -c ls
	check_says 3 "will not run"
	has '.kind == "tool" and .path == "/usr/bin/script" and (.cure | length > 0)'
	bundle_args sh -c 'exec script -c ls' # whether it comes to that is not known
	check_says 2 "works with changes"
}

@test "a terminal user and a tracer that nobody knows by name" {
	with_libraries "$WORK/tty-user" /bin/unknown-a
	with_libraries "$WORK/tracer" /bin/unknown-b
	bundle_args unknown-a
	check_says 2 "works with changes"
	has '.kind == "pseudo-tty" and .what == "openpty" and .severity == "refused"'
	bundle_args unknown-b
	check_says 2 "works with changes"
	has '.kind == "refused-call" and .what == "ptrace" and (.reason | contains("EPERM"))'
}

@test "modes that are not enforced refuse nothing" {
	with_libraries "$WORK/tracer" /bin/unknown-b
	bundle_args unknown-b
	echo '{ "modes": { "syscalls": "audit" } }' >"$BATS_TEST_TMPDIR/policy.json"
	run_osless -0 --policy "$BATS_TEST_TMPDIR/policy.json" check "$BUNDLE"
}

@test "another machine's program, 32 bits, and a damaged one" {
	put /bin/other '\x7fELF\x02\x01\x01'
	head -c 4096 "$BUNDLE/rootfs/bin/busybox" >"$BUNDLE/rootfs/bin/other"
	printf '\xf3\x00' | dd of="$BUNDLE/rootfs/bin/other" bs=1 seek=18 conv=notrunc status=none
	bundle_args other
	check_says 3 "will not run"
	has '.kind == "wrong-machine" and (.reason | contains("riscv"))'
	printf '\x01' | dd of="$BUNDLE/rootfs/bin/other" bs=1 seek=4 conv=notrunc status=none
	check_says 3 "will not run"
	has '.kind == "wrong-machine"'
	put /bin/other '\x7fELF\x02\x01\x01'
	check_says 3 "will not run"
	has '.kind == "damaged"'
}

@test "scripts: a chain, a missing interpreter, a carriage return, none, env" {
	put /one '#!/two\n'
	put /two '#!/bin/sh\n'
	bundle_args /one
	check_says 0 works
	put /two '#!/no/interpreter\n'
	check_says 3 "will not run"
	has '.kind == "no-interpreter" and .path == "/no/interpreter" and .by == "/two"'
	put /two '#!/bin/sh\r\n'
	check_says 3 "will not run"
	has '.kind == "no-format" and (.reason | contains("carriage return"))'
	put /two 'echo hello\n'
	check_says 3 "will not run"
	has '.kind == "no-format"'
	put /two '#!/usr/bin/env nonesuch\n'
	mkdir -p "$BUNDLE/rootfs/usr/bin"
	ln -s ../../bin/busybox "$BUNDLE/rootfs/usr/bin/env"
	check_says 3 "will not run"
	has '.kind == "no-interpreter" and .what == "nonesuch"'
	put /two '#!/one\n' # and round again
	check_says 3 "will not run"
	has '.kind == "too-deep"'
}

@test "an entrypoint in the manner of official images: gosu, and the program that it is given" {
	put /usr/local/bin/gosu '#!/bin/sh\n'
	put /entry.sh '#!/bin/sh\nif [ "$(id -u)" = 0 ]; then exec gosu redis "$0" "$@"; fi\nexec "$@"\n'
	with_libraries "$WORK/tracer" /usr/bin/server
	bundle_args /entry.sh server --port 1
	check_says 2 "works with changes"
	has '.kind == "tool" and .path == "/usr/local/bin/gosu" and .severity == "note" and .by == "/entry.sh"'
	has '.path == "/usr/bin/server" and .what == "ptrace" and .severity == "refused"'
	bundle_args /entry.sh sh
	check_says 0 works
	put /entry.sh '#!/bin/sh\n# su is not used, nor is sudo\nexec "$@"\n'
	put /bin/sudo '#!/bin/sh\n'
	check_says 0 works
	lacks '.kind == "tool"'
	put /entry.sh '#!/bin/sh\nsudo id\nexec "$@"\n'
	check_says 2 "works with changes"
	has '.kind == "tool" and .path == "/bin/sudo" and .by == "/entry.sh"'
}

@test "a server that leaves its parent, unless its arguments keep it" {
	put /usr/sbin/nginx '#!/bin/sh\n'
	bundle_args nginx
	check_says 2 "works with changes"
	has '.kind == "background" and (.cure | contains("daemon off"))'
	bundle_args nginx -g 'daemon off;'
	check_says 0 works
}

@test "set-id: a program that is reached, files that only lie there" {
	put /bin/mine '#!/bin/sh\n'
	chmod 4755 "$BUNDLE/rootfs/bin/mine"
	bundle_args sh
	check_says 0 works
	has '.kind == "set-id" and .severity == "note" and .path == "/bin/mine" and .what == "1 set-id file"'
	bundle_args mine
	check_says 2 "works with changes"
	has '.kind == "set-id" and .severity == "refused" and .path == "/bin/mine"'
}

@test "data of another user: a note, but for the program that judges owners" {
	mkdir -p "$BUNDLE/rootfs/var/lib/mysql/db" "$BUNDLE/rootfs/srv/files"
	chown 999 "$BUNDLE/rootfs/var/lib/mysql" "$BUNDLE/rootfs/srv/files"
	put /usr/sbin/mysqld '#!/bin/sh\n'
	bundle_args sh
	check_says 0 works
	has '.kind == "owner" and .path == "/var/lib/mysql" and .severity == "note"'
	has '.kind == "owner" and .path == "/srv/files"'
	bundle_args mysqld
	check_says 2 "works with changes"
	has '.kind == "owner" and .what == "uid 999" and .severity == "refused" and (.cure | contains("process.user.uid to 999"))'
	bundle_config '.process.user.uid = 999'
	check_says 0 works
	lacks '.path == "/var/lib/mysql"'
}

@test "a volume is looked at where it will be" {
	mkdir "$BATS_TEST_TMPDIR/volume"
	chown 999 "$BATS_TEST_TMPDIR/volume"
	put /usr/bin/postgres '#!/bin/sh\n'
	bundle_args postgres
	bundle_config --arg from "$BATS_TEST_TMPDIR/volume" \
		'.mounts += [{ destination: "/var/lib/postgresql/data", type: "bind", source: $from, options: ["rbind"] }]'
	check_says 2 "works with changes"
	has '.kind == "owner" and .path == "/var/lib/postgresql/data" and .what == "uid 999"'
}

@test "programs in mounts: a bind is looked into, a tmpfs cannot be" {
	mkdir -p "$BATS_TEST_TMPDIR/tools"
	printf '#!/bin/sh\n' >"$BATS_TEST_TMPDIR/tools/tool"
	chmod 755 "$BATS_TEST_TMPDIR/tools/tool"
	bundle_args /tools/tool
	bundle_config --arg from "$BATS_TEST_TMPDIR/tools" \
		'.mounts += [{ destination: "/tools", type: "bind", source: $from, options: ["rbind", "ro"] }]'
	check_says 0 works
	# Links lead from the rootfs into the mount, and from there back, in the container's view.
	ln -s ../tools "$BUNDLE/rootfs/bin/into"
	ln -s /bin/back "$BATS_TEST_TMPDIR/tools/back"
	put /bin/back '#!/bin/sh\n'
	bundle_args /bin/into/back
	check_says 0 works
	ln -s /etc/hostname "$BATS_TEST_TMPDIR/tools/out"
	bundle_args /tools/out
	check_says 3 "will not run"
	bundle_args /dev/shm/tool
	check_says 4 "cannot tell"
	has '.kind == "unread" and .severity == "unseen"'
}

@test "a rootfs of links into a mount of the host's /usr" {
	local name
	rm -r "$BUNDLE/rootfs/bin"
	mkdir "$BUNDLE/rootfs/usr"
	for name in bin sbin lib lib64; do
		[ ! -L "/$name" ] || cp -a "/$name" "$BUNDLE/rootfs/$name"
	done
	[ -L "$BUNDLE/rootfs/bin" ] || skip "the host's /bin is no link"
	bundle_config '.mounts += [{ destination: "/usr", type: "bind", source: "/usr", options: ["rbind", "ro"] }]'
	bundle_args bash -c 'exit 7'
	check_says 0 works
	run_osless -7 run -b "$BUNDLE" "$ID"
}

@test "config.json is part of the answer: a terminal" {
	bundle_args sh
	bundle_config '.process.terminal = true'
	check_says 2 "works with changes"
	has '.kind == "policy" and .path == "process.terminal" and (.cure | contains("without -t"))'
}

@test "every worker of a declared tree is checked; words after -- come instead" {
	echo '{ "children": [{ "id": "a", "args": ["sh"] }, { "id": "b", "args": ["nonesuch"] }] }' >"$BUNDLE/tree.json"
	check_says 3 "will not run"
	has '.path == "nonesuch"'
	check_says 0 works -- sh -c 'exit 0'
}

@test "a root file system without config.json" {
	run_osless -0 check "$BUNDLE/rootfs" -- sh -c true
	[[ $output == "works: sh -c true"* && $output == *"as 0:0"* ]]
	run_osless -0 check "$BUNDLE/rootfs"
	run_osless -3 check "$BUNDLE/rootfs" -- nonesuch
	run_osless -2 check "$BUNDLE/rootfs" -- env -i A=b timeout 5 "$(basename "$(cp "$WORK/tracer" "$BUNDLE/rootfs/bin/unknown-b" && with_libraries "$WORK/tracer" /bin/unknown-b && echo unknown-b)")"
	run_osless -4 check "$BUNDLE/rootfs" -- timeout 5 nonesuch
}

@test "symlinks lead nowhere but into the rootfs" {
	local secret=$BATS_TEST_TMPDIR/secret
	printf '#!/bin/sh\nsudo x\n' >"$secret"
	chmod 755 "$secret"
	ln -s "$secret" "$BUNDLE/rootfs/bin/out"
	ln -s /etc/shadow "$BUNDLE/rootfs/bin/shadow"
	ln -s ../../../../../../../../../../../bin/bash "$BUNDLE/rootfs/bin/up"
	bundle_args out
	check_says 3 "will not run"
	bundle_args shadow
	check_says 3 "will not run"
	put /etc/shadow '#!/bin/sh\n' # the rootfs' own
	check_says 0 works
	bundle_args up # there is no bash in it, whatever the host has
	check_says 3 "will not run"
	ln -s loop "$BUNDLE/rootfs/bin/loop"
	bundle_args loop
	check_says 3 "will not run"
}

@test "fifos, sockets and devices are not opened" {
	mkfifo "$BUNDLE/rootfs/bin/fifo" "$BUNDLE/rootfs/etc/ld.so.conf" "$BUNDLE/rootfs/bin/libshared.so.1"
	chmod 755 "$BUNDLE/rootfs/bin/fifo"
	mknod -m 755 "$BUNDLE/rootfs/bin/device" c 1 5 # /dev/zero has no end
	mkdir -p "$BUNDLE/rootfs/lib" "$BUNDLE/rootfs/var/lib"
	mkfifo "$BUNDLE/rootfs/lib/libshared.so.1" "$BUNDLE/rootfs/var/lib/fifo"
	OSLESS_TIMEOUT=$((5 * SLOWNESS))
	bundle_args fifo
	check_says 3 "will not run"
	bundle_args /bin/device
	check_says 3 "will not run"
	with_libraries "$WORK/needs-library" /bin/needs
	bundle_args needs
	check_says 3 "will not run"
	has '.kind == "no-library"'
	put /bin/line '#!/bin/fifo\n'
	bundle_args line
	check_says 3 "will not run"
}

@test "a sparse file of a terabyte is not read to its end" {
	put /bin/huge '\x7fELF'
	truncate -s 1T "$BUNDLE/rootfs/bin/huge"
	bundle_args huge
	check_says 4 "cannot tell"
	has '.kind == "unread" and (.reason | contains("256 MiB"))'
}

@test "a script that says \"\$@\" and names itself without end" {
	{
		printf '#!/bin/sh\n'
		# shellcheck disable=SC2016,SC2046 # the script's words; a number a word
		printf 'exec "$@"\nexec sudo\nexec /bin/self\nexec a%d\n' $(seq 20000)
	} >"$BUNDLE/rootfs/bin/self"
	chmod 755 "$BUNDLE/rootfs/bin/self"
	bundle_args self self self self self self self
	check_says 0 works
	jq -e '.leftOut > 0' <<<"$output"
}

@test "a search that would take too long is given up, and that is said" {
	local i path
	with_libraries "$WORK/needs-library" /bin/needs
	for ((i = 0; i < 9; i++)); do
		ln -s "$(printf '/%.0s' {1..200})l$((i + 1))" "$BUNDLE/rootfs/l$i" # nine links to follow each time
	done
	mkdir "$BUNDLE/rootfs/l9"
	path=$(printf ':/l0%.0s' {1..20000})
	bundle_args needs
	jq --rawfile path <(printf %s "$path") '.process.env += ["LD_LIBRARY_PATH=" + $path]' \
		"$BUNDLE/config.json" >"$BUNDLE/new" && mv "$BUNDLE/new" "$BUNDLE/config.json"
	check_says 4 "cannot tell"
	has '.kind == "unread" and .path == "/" and (.reason | contains("left out"))'
}

@test "control characters of a rootfs do not reach the terminal" {
	put /bin/x '#!/bin/\x1b[31mred\n'
	bundle_args x
	run_osless -3 check "$BUNDLE"
	[[ $output != *$'\x1b'* && $output == *'\x1b[31mred'* ]]
}

@test "who may not read a file is told so; any user may ask" {
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	setpriv --reuid 65534 --regid 65534 --clear-groups test -x "$OSLESS" -a -r "$BUNDLE/config.json" ||
		skip "osless or the test's directory is not readable to others"
	put /bin/private '#!/bin/sh\n'
	chmod 711 "$BUNDLE/rootfs/bin/private"
	bundle_args private
	run setpriv --reuid 65534 --regid 65534 --clear-groups env -i "$OSLESS" check "$BUNDLE"
	[ "$status" = 4 ]
	[[ $output == *"cannot tell"* && $output == *"as root"* ]]
	chmod 755 "$BUNDLE/rootfs/bin/private"
	setpriv --reuid 65534 --regid 65534 --clear-groups env -i "$OSLESS" check "$BUNDLE"
}

@test "input that cannot be checked is an error, not an answer" {
	run_osless -1 check /nonexistent
	assert_one_line_error "/nonexistent"
	run_osless -1 check /etc/passwd
	assert_one_line_error "/etc/passwd"
	run_osless -1 check --tier other "$BUNDLE"
	run_osless -1 check --format other "$BUNDLE"
	echo '{' >"$BUNDLE/config.json"
	run_osless -1 check "$BUNDLE"
	assert_one_line_error config.json
	cp "$HELPERS_DIR/config.json" "$BUNDLE/config.json"
	rm -r "$BUNDLE/rootfs"
	run_osless -1 check "$BUNDLE"
	assert_one_line_error rootfs
}

@test "nothing is run, made or left" {
	put /bin/run '#!/bin/sh\ntouch /ran\n'
	bundle_args run
	bundle_config --arg file "$BATS_TEST_TMPDIR/ran" '.hooks = { prestart: [{ path: "/usr/bin/touch", args: ["touch", $file] }] }'
	check_says 0 works
	[ ! -e "$BUNDLE/rootfs/ran" ] && [ ! -e "$BATS_TEST_TMPDIR/ran" ]
	assert_nothing_left
}

# ------------------------------------------------------------------------------------ the trial

# trial STATUS VERDICT [OPTION...]: a check that also runs it for a time.
trial() {
	local status=$1 verdict=$2
	shift 2
	check_says "$status" "$verdict" --trace 3s "$@"
	[ -z "$(osless list -q)" ] || fail "the trial's container is left"
	# its ID is check-PID: those whose process is gone are left
	local group pid
	for group in $(list_cgroups | grep -o 'check-[0-9]*$' | sort -u); do
		pid=${group#check-}
		[ -e "/proc/$pid" ] || ! list_cgroups | grep -q "/$group\$" || fail "the trial's cgroup is left: $group"
	done
}

@test "trace: what it calls joins what was read" {
	bundle_args sh -c 'chroot / true; chown 5:5 /bin/sh; echo seen'
	trial 2 "works with changes"
	has '.kind == "refused-call" and .what == "chroot" and .severity == "refused"
		and .sources == [ "trace" ] and (.reason | startswith("called in the trial as chroot("))'
	has '.kind == "pretended-call" and .what == "chown" and (.sources | index("trace"))'
	has '.kind == "trial" and .what == "exit status 0"'
	[[ $stderr == *seen* ]] || fail "what it writes goes to stderr"
}

@test "trace: nothing is refused in it" {
	bundle_args sh -c 'kill -STOP $$; echo continued'
	trial 2 "works with changes"
	has '.kind == "refused-call" and .what == "kill"'
}

@test "trace: what reading and running found is one finding" {
	with_libraries "$WORK/tracer" /bin/tracer
	bundle_args /bin/tracer
	trial 2 "works with changes"
	has '.what == "ptrace" and .sources == [ "static", "trace" ] and .count == 2'
}

@test "trace: a program that leaves its parent" {
	bundle_args sh -c '(sleep 100 &) ; sleep 1'
	trial 2 "works with changes"
	has '.kind == "rule" and .what == "R2"'
}

@test "trace: another program than the bundle's, also of a tree" {
	bundle_config '.annotations["dev.osless.tree"] =
		"{\"children\": [{\"id\": \"main\", \"args\": [\"false\"]}]}"'
	trial 0 works -- /bin/sh -c 'exit 9'
	has '.kind == "trial" and .what == "exit status 9"'
}

@test "trace: one that goes on is stopped in order, and one that does not stop is killed" {
	bundle_args sh -c 'trap "echo ended in order; exit 0" TERM; while :; do sleep 0.1; done'
	trial 0 works
	[[ $stderr == *"ended in order"* ]] || fail "not in order"
	lacks '.kind == "trial"'
	bundle_args sh -c 'trap "" TERM; while :; do sleep 0.1; done'
	trial 0 works
}

@test "trace: a root file system" {
	rm "$BUNDLE/config.json"
	run_osless -0 check -f json --trace 1s -b "$BUNDLE/rootfs" -- /bin/sh -c 'exit 3'
	has '.kind == "trial" and .what == "exit status 3"'
}

@test "trace: what cannot start" {
	bundle_config '.mounts += [ { destination: "/m", type: "no-such-type", source: "x" } ]'
	trial 3 "will not run"
	has '.kind == "trial" and .severity == "fatal" and (.reason | contains("no-such-type"))'
}

@test "trace: bad durations" {
	local word
	for word in x 0s -1s 100d; do
		run_osless -1 check -b "$BUNDLE" --trace "$word"
		assert_one_line_error "--trace"
	done
}
