# What the files about real servers share: a rootfs that is the host's /usr, bound read-only, below
# an /etc of its own and empty tmpfs elsewhere; workers that tell what they begin beside; a master
# killed from the host, and the time until it serves again.
#
#     load ../bats/look-helpers
#     load ../bats/probe
#     load servers
#
# The container has its own network with nothing but loopback; the host's clients go in by nsenter.
# Nothing of osless' default policy is changed: the servers run as nobody, without set*id and chown.

AGAIN_MS=500 # from the master's death until it serves again
WWW=/etc/servers/www

setup_file() {
	file_setup
}

setup() {
	test_setup
	make_servers_bundle
}

# need_programs PROGRAM...: skips where one is not installed.
need_programs() {
	local program
	for program in "$@"; do
		command -v "$program" >/dev/null || skip "$program is not installed"
	done
}

# The rootfs of helpers.bash gives way: it has a busybox where the host's /bin is to be.
make_servers_bundle() {
	local rootfs=$BUNDLE/rootfs name
	rm -rf --one-file-system "$rootfs"
	mkdir -p "$rootfs"/{dev,etc/servers/www,proc,run,sys,tmp,usr,var/lib,var/log}
	printf '%s\n' root:x:0:0:root:/root:/bin/sh nobody:x:65534:65534:nobody:/:/bin/sh >"$rootfs/etc/passwd"
	printf '%s\n' root:x:0: nogroup:x:65534: >"$rootfs/etc/group"
	echo "it works" >"$rootfs$WWW/index.html"
	for name in bin sbin lib lib64; do
		[ ! -L "/$name" ] || cp -a "/$name" "$rootfs/$name"
		[ -L "/$name" ] || [ ! -d "/$name" ] || bind_host "/$name"
	done
	bind_host /usr
	bundle_config '.mounts += [ "/run", "/tmp", "/var/lib", "/var/log" | {
		destination: ., type: "tmpfs", source: "tmpfs",
		options: [ "nosuid", "nodev", "mode=1777", "size=256m" ] } ]
		| .linux.resources.pids = { limit: 40 }'
}

bind_host() {
	mkdir -p "$BUNDLE/rootfs$1"
	bundle_config --arg path "$1" '.mounts += [ {
		destination: $path, type: "bind", source: $path, options: [ "rbind", "ro", "nosuid" ] } ]'
}

# worker ID COMMAND [JQ-EXPRESSION]: a child of a tree, permanent, whose shell tells how many processes
# there are besides init and itself, and then becomes the server. The expression adds to it.
worker() {
	# shellcheck disable=SC2016 # for the container's shell, and jq
	jq -nc --arg id "$1" --arg command "$2" '{ id: $id, args: [ "sh", "-c",
		"set -- /proc/[0-9]*; echo \($id) begins beside $(($# - 2)); \($command)" ] }'" | ${3:-.}"
}

# tree CHILD...: the bundle's, with intensity 5. TREE is a jq expression that changes it.
tree() {
	declare_tree "$(printf '%s\n' "$@" | jq -sc "{ intensity: 5, period: 30, children: . } | ${TREE:-.}")"
}

# start_servers SECONDS COMMAND...: `osless run` in the background, until the command succeeds. Sets
# RUNNER, RUN_OUT, and PID, init's.
start_servers() {
	RUN_OUT=$BATS_TEST_TMPDIR/run.out
	OSLESS_TEST=$ID "$OSLESS" --root "$ROOT" run --keep --pid-file "$BATS_TEST_TMPDIR/pid" \
		-b "$BUNDLE" "$ID" </dev/null >"$RUN_OUT" 2>"$RUN_OUT.err" 3>&- 4>&- &
	RUNNER=$!
	wait_status "$ID" running || show_servers || return 1
	PID=$(<"$BATS_TEST_TMPDIR/pid")
	wait_until "$1" "${@:2}" || show_servers
}

# What they have said so far; fails.
show_servers() {
	tail -n 20 "$RUN_OUT" "$RUN_OUT.err" >&2
	osless explain "$ID" >&2
	return 1
}

# wait_end STATUS: the container ends by itself, so.
wait_end() {
	wait_until 15 runner_has_ended || fail "it goes on" || show_servers || return 1
	status=0
	wait "$RUNNER" || status=$?
	[ "$status" = "$1" ] || fail "exit status $status, not $1" || show_servers
}

# Their limit of processes is small, but was never met.
no_fork_was_refused() {
	local file
	for file in $(list_container_cgroups | grep -F /pids/)/pids.events; do
		[ ! -e "$file" ] || grep -qx "max 0" "$file" || fail "forks were refused: $(<"$file")"
	done
}

runner_has_ended() {
	! kill -0 "$RUNNER" 2>/dev/null
}

# stop_servers STATUS: by TERM; run then ends with this.
stop_servers() {
	no_fork_was_refused || return 1
	run_osless -0 kill "$ID" TERM
	wait_end "$1"
}

# within PROGRAM...: a program of the host in the container's network.
within() {
	nsenter -t "$PID" -n timeout -k 1 5 "$@" </dev/null 3>&- 4>&-
}

# serves [PORT]: the page, whole.
serves() {
	[ "$(within curl -sf --max-time 3 "http://127.0.0.1:${1:-80}/index.html")" = "it works" ]
}

refuses_connections() {
	! within curl -s -o /dev/null --max-time 3 "http://127.0.0.1:$1/"
}

# descendants PID: host pids of all that it has started.
descendants() {
	local child
	for child in $(children_of "$1"); do
		echo "$child"
		descendants "$child"
	done
}

has_children() {
	[ "$(descendants "$1" | wc -l)" -ge "$2" ]
}

now_ms() {
	local now=$EPOCHREALTIME
	echo $((${now/[.,]/} / 1000))
}

# kill_master ID COMMAND...: SIGKILL to the worker's process from the host. Sets TOOK_MS, the time until
# nothing is left of its family and the command succeeds.
kill_master() {
	local master family start
	master=$(worker_pid "$1")
	mapfile -t family < <(descendants "$master")
	start=$(now_ms)
	kill -KILL "$master"
	until is_gone "$master" "${family[@]}" && "${@:2}" 2>/dev/null; do
		[ $(($(now_ms) - start)) -lt 10000 ] || fail "$1 does not serve again" || show_servers || return 1
	done
	TOOK_MS=$(($(now_ms) - start))
	[ "$(worker_pid "$1")" != "$master" ]
}

# killed_again_and_again ID TIMES COMMAND...: each time it serves again soon, and nothing of the last one
# was there any more when the next began.
killed_again_and_again() {
	local id=$1 times=$2 took=()
	shift 2
	while [ ${#took[@]} -lt "$times" ]; do
		kill_master "$id" "$@" || return 1
		took+=("$TOOK_MS")
	done
	echo "# $id: master killed, serves again after ${took[*]} ms" >&3
	begins_alone "$id" $((times + 1))
	for TOOK_MS in "${took[@]}"; do
		[ "$TOOK_MS" -lt $AGAIN_MS ] || fail "$TOOK_MS ms"
	done
}

# begins_alone ID TIMES
begins_alone() {
	[ "$(grep -cx "$1 begins beside 0" "$RUN_OUT")" = "$2" ] ||
		fail "not $2 times alone: $(grep -F "$1 begins" "$RUN_OUT")"
}

# killed_too_often ID COMMAND...: of a tree with intensity 2; the third time is one too many.
killed_too_often() {
	local part
	kill_master "$@" && kill_master "$@" || return 1
	kill -KILL "$(worker_pid "$1")"
	wait_end 137
	run_osless -0 explain "$ID"
	echo "# $(sed -n '/^Why:/,/^What happened:/p' <<<"$output" | sed '$d' | tr -s ' \n' ' ')" >&3
	for part in "supervisor root gave up: 3 restarts were needed within 30 s, its intensity is 2 (rule R1)" \
		"what failed last: $1, signal 9 (KILL)" "raise the intensity of root"; do
		[[ $output == *"$part"* ]] || fail "explain lacks: $part"
	done
}

# exits_in_order ID...: so the journal has it, last.
exits_in_order() {
	local exits
	exits=$(osless events --no-follow "$ID" | jq -sr --argjson n $# '
		[ .[].data | select(.event == "exited").child ][-$n:] | join(" ")')
	[ "$exits" = "$*" ] || fail "they exit in this order: $exits"
}

# restarts ID: how often, so the journal says.
restarts() {
	osless events --no-follow "$ID" |
		jq -s --arg id "$1" '[ .[].data | select(.event == "restart" and .child == $id) ] | length'
}

# --------------------------------------------------------------------------------- apache and nginx

# apache_config MUTEX [PORT]: prefork; two ports, since it has no accept mutex with one.
apache_config() {
	local modules=/usr/lib/apache2/modules port=${2:-80}
	cat >"$BUNDLE/rootfs/etc/servers/apache.conf" <<-CONF
		ServerRoot /etc/servers
		ServerName box
		Listen 127.0.0.1:$port
		Listen 127.0.0.1:$((port + 1))
		LoadModule mpm_prefork_module $modules/mod_mpm_prefork.so
		LoadModule authz_core_module $modules/mod_authz_core.so
		StartServers 5
		MinSpareServers 5
		MaxRequestWorkers 20
		User nobody
		Group nogroup
		Mutex $1 default
		DefaultRuntimeDir /run
		PidFile /run/apache.pid
		ErrorLog /dev/stderr
		DocumentRoot $WWW
	CONF
}

APACHE="exec apache2 -DFOREGROUND -f /etc/servers/apache.conf"
NGINX="exec nginx -e stderr -c /etc/servers/nginx.conf"

# nginx_config [PORT]: what lies in slow/ takes its time.
nginx_config() {
	cat >"$BUNDLE/rootfs/etc/servers/nginx.conf" <<-CONF
		daemon off;
		worker_processes 2;
		pid /run/nginx.pid;
		error_log stderr notice;
		events { worker_connections 64; }
		http {
			access_log off;
			client_body_temp_path /tmp/body;
			proxy_temp_path /tmp/proxy;
			fastcgi_temp_path /tmp/fastcgi;
			uwsgi_temp_path /tmp/uwsgi;
			scgi_temp_path /tmp/scgi;
			server {
				listen 127.0.0.1:${1:-80};
				root $WWW;
				location /slow/ { limit_rate 40k; }
			}
		}
	CONF
}

# ------------------------------------------------------------------------------------------- redis

REDIS="exec redis-server --bind 127.0.0.1 --dir /var/lib --daemonize no --save '' --appendonly yes
	--appendfsync always"
REDIS=${REDIS//[$'\n\t']/ }

redis() {
	within redis-cli -h 127.0.0.1 "$@"
}

redis_answers() {
	[ "$(redis ping 2>&1)" = PONG ]
}
