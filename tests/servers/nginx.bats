# nginx in the foreground as a permanent worker.

load ../bats/look-helpers
load ../bats/probe
load servers

setup() {
	test_setup
	need_programs nginx curl nsenter
	make_servers_bundle
	nginx_config
}

@test "nginx: the master killed, its workers die, it serves again" {
	tree "$(worker nginx "$NGINX")"
	start_servers 10 serves
	wait_until 5 has_children "$(worker_pid nginx)" 2
	killed_again_and_again nginx 5 serves
	stop_servers 0
}

@test "nginx: killed more often than the intensity, the container ends and explains it" {
	TREE='.intensity = 2' tree "$(worker nginx "$NGINX")"
	start_servers 10 serves
	killed_too_often nginx serves
}

# stop_while_downloading JQ-EXPRESSION: of 80000 bytes that take two seconds, LENGTH arrive.
stop_while_downloading() {
	local client
	mkdir "$BUNDLE/rootfs$WWW/slow"
	head -c 80000 /dev/zero >"$BUNDLE/rootfs$WWW/slow/zeros"
	tree "$(worker nginx "$NGINX" "$1")"
	start_servers 10 serves
	within curl -s http://127.0.0.1/slow/zeros >"$BATS_TEST_TMPDIR/zeros" &
	client=$!
	wait_until 5 [ -s "$BATS_TEST_TMPDIR/zeros" ]
	stop_servers 0
	wait "$client" || true # it was cut off, perhaps: the length tells
	LENGTH=$(stat -c %s "$BATS_TEST_TMPDIR/zeros")
}

@test "nginx: with stop signal QUIT a download is finished first" {
	stop_while_downloading '.stopSignal = "QUIT"'
	[ "$LENGTH" = 80000 ] || fail "$LENGTH bytes"
}

@test "nginx: with TERM it is cut off" {
	stop_while_downloading .
	[ "$LENGTH" -lt 80000 ] || fail "$LENGTH bytes"
}
