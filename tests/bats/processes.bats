# dev.osless.processes: a program that is one process, with threads but without children.

load helpers

one_process() {
	bundle_config '.annotations["dev.osless.processes"] = "1"'
}

@test "a program runs, replaces itself, and gets its exit status out" {
	one_process
	bundle_args sh -c 'exec sh -c "exit 7"'
	run_osless -7 run -b "$BUNDLE" "$ID"
}

@test "it cannot start another: EAGAIN, as at the end of its limit" {
	one_process
	bundle_args sh -c '/bin/true; echo survived'
	run_osless run -b "$BUNDLE" "$ID"
	assert_stderr "Resource temporarily unavailable"
	[[ $output != *survived* ]]
}

@test "hooks in the container are free" {
	one_process
	bundle_config '.hooks = { startContainer: [{ path: "/bin/sh", args: ["sh", "-c", "/bin/true; /bin/true"] }] }'
	bundle_args true
	run_osless -0 run -b "$BUNDLE" "$ID"
}

@test "any other value is an error" {
	bundle_config '.annotations["dev.osless.processes"] = "4"'
	run_osless -1 run -b "$BUNDLE" "$ID"
	assert_one_line_error 'dev.osless.processes: "4" is not possible: use 1, or leave it out'
}
