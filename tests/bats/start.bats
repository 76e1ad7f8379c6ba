# start: the program of a created container.

load helpers

@test "start runs the program; its output goes where create's went" {
	bundle_args sh -c 'echo hello; exec sleep 100'
	run_osless -0 create -b "$BUNDLE" "$ID"
	local created_out=$OUT
	run_osless -0 start "$ID"
	assert_output ""
	status_is "$ID" running
	wait_until 5 grep -qx hello "$created_out"
}

@test "a program that has ended leaves the container stopped, without pid" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 start "$ID"
	wait_status "$ID" stopped
	[ "$(osless state "$ID" | jq .pid)" = 0 ]
}

@test "the pid of state is the same from create to the end" {
	bundle_args sleep 100
	run_osless -0 create -b "$BUNDLE" "$ID"
	local pid
	pid=$(osless state "$ID" | jq .pid)
	run_osless -0 start "$ID"
	[ "$(osless state "$ID" | jq .pid)" = "$pid" ]
}

@test "start twice is refused, and the first goes on" {
	bundle_args sleep 100
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 start "$ID"
	run_osless -1 start "$ID"
	assert_one_line_error "$ID"
	assert_stderr "running"
	status_is "$ID" running
}

@test "a stopped container cannot be started" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 start "$ID"
	wait_status "$ID" stopped
	run_osless -1 start "$ID"
	assert_one_line_error "stopped"
}

@test "a container that does not exist" {
	run_osless -1 start "$ID"
	assert_one_line_error "does not exist"
}

@test "from another directory, without PATH" {
	bundle_args sleep 100
	run_osless -0 create -b "$BUNDLE" "$ID"
	(cd / && env -i "$OSLESS" --root "$ROOT" start "$ID")
	status_is "$ID" running
}

@test "a program that vanished since create is named" {
	bundle_config '.root.readonly = false'
	cp "$BUNDLE/rootfs/bin/busybox" "$BUNDLE/rootfs/bin/gone"
	bundle_args /bin/gone
	run_osless -0 create -b "$BUNDLE" "$ID"
	rm "$BUNDLE/rootfs/bin/gone"
	run_osless -1 start "$ID"
	assert_one_line_error "/bin/gone"
	assert_stderr "no such file or directory"
	wait_status "$ID" stopped
}
