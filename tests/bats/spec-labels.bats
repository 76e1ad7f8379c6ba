# process.apparmorProfile, process.selinuxLabel, linux.mountLabel. What is written for them is also
# seen in tests/unit/kernel_labels.c: few kernels have both modules.

load helpers
load probe

has_apparmor() {
	[ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ]
}

has_selinux() {
	grep -q '[[:space:]]selinuxfs$' /proc/filesystems
}

# need_apparmor: with a profile of this test's own, PROFILE.
need_apparmor() {
	has_apparmor || skip "no AppArmor here"
	command -v apparmor_parser >/dev/null || skip "no apparmor_parser"
	PROFILE=$TAG-profile
	printf 'profile %s flags=(attach_disconnected) { file, signal, deny /etc/group r, }\n' "$PROFILE" |
		apparmor_parser --replace
}

teardown() {
	[ -z "${PROFILE:-}" ] || printf 'profile %s { }\n' "$PROFILE" | apparmor_parser --remove
	test_teardown
}

# cannot WORD...: create, and run, are refused with one line.
cannot() {
	run_osless -1 create -b "$BUNDLE" "$ID"
	assert_one_line_error "$1"
	refuses "$@"
}

@test "a profile where there is no AppArmor is refused at create, as by runc" {
	! has_apparmor || skip "AppArmor is here"
	bundle_config '.process.apparmorProfile = "docker-default"'
	cannot apparmorProfile docker-default "no AppArmor"
}

@test "labels where there is no SELinux are refused at create, as by runc" {
	! has_selinux || skip "SELinux is here"
	bundle_config '.process.selinuxLabel = "system_u:system_r:container_t:s0"'
	cannot selinuxLabel container_t "SELinux is disabled or not supported"
	bundle_config 'del(.process.selinuxLabel) | .linux.mountLabel = "system_u:object_r:container_file_t:s0"'
	cannot mountLabel container_file_t "SELinux is disabled or not supported"
}

@test "empty ones are none" {
	bundle_config '.process.apparmorProfile = "" | .process.selinuxLabel = "" | .linux.mountLabel = ""'
	inside true
}

@test "in a user namespace, and for exec: refused all the same" {
	! has_apparmor || skip "AppArmor is here"
	! has_selinux || skip "SELinux is here"
	start_inside sleep 1000
	run_osless -255 exec --apparmor docker-default "$ID" true
	assert_one_line_error "no AppArmor"
	run_osless -255 exec --process-label a:b:c:d "$ID" true
	assert_one_line_error "SELinux is disabled"
	run_osless -0 delete -f "$ID"
	user_namespace 200000 65536
	start_inside sleep 1000
	run_osless -255 exec --apparmor docker-default "$ID" true
	assert_one_line_error "no AppArmor"
	run_osless -0 delete -f "$ID"
	bundle_config '.process.apparmorProfile = "docker-default"'
	cannot apparmorProfile "no AppArmor"
}

# bats test_tags=vm
@test "AppArmor: payload and exec are confined, init is not" {
	need_apparmor
	bundle_config --arg profile "$PROFILE" '.process.apparmorProfile = $profile'
	start_inside sleep 1000
	[ "$(cat "/proc/$(children_of "$PID")/attr/current")" = "$PROFILE (enforce)" ]
	[ "$(cat "/proc/$PID/attr/current")" = "$(cat /proc/self/attr/current)" ]
	run_osless -0 exec "$ID" cat /proc/self/attr/current
	assert_output "$PROFILE (enforce)"
	run_osless -0 exec --apparmor unconfined "$ID" cat /proc/self/attr/current
	assert_output "$PROFILE (enforce)"
	run_osless -1 exec "$ID" cat /etc/group
}

# bats test_tags=vm
@test "AppArmor: a profile that is not loaded" {
	need_apparmor
	bundle_config '.process.apparmorProfile = "osless-no-such-profile"'
	refuses "unable to apply apparmor profile"
}

# need_selinux: with a policy that knows the types of containers.
need_selinux() {
	has_selinux || skip "no SELinux here"
	printf %s "$CONTEXT" 1<>/sys/fs/selinux/context 2>/dev/null || skip "its policy has no container_t"
}

CONTEXT=system_u:system_r:container_t:s0:c1,c2

# bats test_tags=selinux
@test "SELinux: the payload's label and its mounts', exec's; init has none" {
	need_selinux
	bundle_config --arg context "$CONTEXT" '.process.selinuxLabel = $context
		| .linux.mountLabel = "system_u:object_r:container_file_t:s0:c1,c2"'
	start_inside sleep 1000
	[ "$(tr -d '\0' <"/proc/$(children_of "$PID")/attr/current")" = "$CONTEXT" ]
	cmp "/proc/$PID/attr/current" /proc/self/attr/current
	grep -q '/dev/shm.*context=.*container_file_t' "/proc/$PID/mounts"
	run_osless -0 exec "$ID" sh -c 'tr -d "\0" </proc/self/attr/current'
	assert_output "$CONTEXT"
	run_osless -0 exec --process-label "${CONTEXT%,c2}" "$ID" sh -c 'tr -d "\0" </proc/self/attr/current'
	assert_output "$CONTEXT"
}

# bats test_tags=selinux
@test "SELinux: labels that the policy does not know" {
	need_selinux
	bundle_config '.process.selinuxLabel = "system_u:system_r:osless_no_such_t:s0"'
	refuses selinuxLabel
	bundle_config 'del(.process.selinuxLabel) | .linux.mountLabel = "system_u:object_r:osless_no_such_t:s0"'
	refuses "option context"
}

@test "plan: labels, and the mounts that get one" {
	bundle_config '.process.apparmorProfile = "p" | .process.selinuxLabel = "l" | .linux.mountLabel = "m"'
	run_osless -0 plan --format json -b "$BUNDLE"
	jq -e '.plan.process.apparmor_profile == "p" and .plan.process.selinux_label == "l"
		and ([.plan.mounts[] | select((.options // []) | index("context=m")) | .dest] == [ "/dev", "/dev/shm" ])
		and all(.report[]; .kind != "unsupported")' <<<"$output" >/dev/null || fail "plan"
}
