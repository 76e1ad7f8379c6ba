# linux.cgroupsPath, and what all controllers have in common: made before anything runs, removed
# after all is gone. (Each controller's limits: spec-memory, spec-cpu, spec-pids, ...)

load helpers
load probe

setup() {
	test_setup
	need_controller pids
}

# cgroups_path PATH: of the cgroupfs manager's form.
cgroups_path() {
	! by_systemd || skip "the path is cgroupfs': for systemd's see systemd.bats"
	bundle_config --arg path "$1" '.linux.cgroupsPath = $path'
}

# v1_mounts: /sys/fs/cgroup/NAME of each v1 hierarchy.
v1_mounts() {
	awk '$0 ~ / - cgroup / { print $5 }' /proc/self/mountinfo
}

@test "no path: the ID, below the caller's own cgroup, in every hierarchy" {
	local mount
	run_osless -0 create -b "$BUNDLE" "$ID"
	[ -d "$(container_cgroup pids)" ]
	! by_systemd || return 0
	for mount in $(v1_mounts); do
		list_container_cgroups | grep -q "^$mount/.*$ID$\|^$mount/$ID$" || fail "none in $mount"
	done
	[ ! -d /sys/fs/cgroup/unified ] || [ -d "$(container_cgroup unified)" ]
	run_osless -0 delete "$ID"
	[ -z "$(list_container_cgroups)" ]
}

@test "an absolute path: below each hierarchy's root" {
	local mount
	cgroups_path "/$ID"
	run_osless -0 create -b "$BUNDLE" "$ID"
	for mount in $(v1_mounts); do
		[ -d "$mount/$ID" ] || fail "no $mount/$ID"
	done
	run_osless -0 delete "$ID"
	[ -z "$(list_container_cgroups)" ]
}

@test "a relative path: below the caller's own cgroup" {
	cgroups_path "$ID-relative"
	run_osless -0 create -b "$BUNDLE" "$ID"
	[ -d "$(own_cgroup pids)/$ID-relative" ]
	[ ! -d "$(container_cgroup pids)" ]
}

# remove_parents: what delete leaves, since it cannot know who made it.
remove_parents() {
	local dir
	list_container_cgroups | sort -r | while read -r dir; do
		rmdir "$dir"
	done
}

@test "missing parents are made; those that others use stay" {
	need_cgroup pids
	cgroups_path "/$ID/a/b"
	mkdir -p "/sys/fs/cgroup/pids/$ID/other"
	run_osless -0 run -b "$BUNDLE" "$ID"
	[ -d "/sys/fs/cgroup/pids/$ID/other" ]
	[ ! -d "/sys/fs/cgroup/pids/$ID/a/b" ]
	remove_parents
}

@test "missing parents go again when create fails" {
	cgroups_path "/$ID/a/b"
	bundle_config '.linux.resources.cpu = { cpus: "4000" }'
	refuses cpu
	[ -z "$(list_container_cgroups)" ]
}

@test "a path with .., and the root itself" {
	cgroups_path /a/../../b
	refuses cgroup ..
	cgroups_path /
	refuses cgroup root
}

@test "all processes of the container are in it, and no others" {
	local file
	start_inside sh -c 'sleep 100 & sleep 100 & echo ready; wait'
	wait_until 5 test -s "$OUT"
	for file in $(list_container_cgroups); do
		[ "$(wc -l <"$file/cgroup.procs")" = 4 ] || fail "$file: $(wc -l <"$file/cgroup.procs")"
		grep -qx "$PID" "$file/cgroup.procs"
	done
}

# make_left_over: directories of the container's name, as an earlier one may have left.
make_left_over() {
	if is_v2; then
		mkdir "/sys/fs/cgroup/$ID"
	else
		mkdir "/sys/fs/cgroup/pids/$ID" "/sys/fs/cgroup/memory/$ID"
	fi
}

@test "one that exists and is empty is taken, and removed by delete" {
	cgroups_path "/$ID"
	make_left_over
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 delete "$ID"
	[ -z "$(list_container_cgroups)" ]
}

@test "one that exists and is empty is taken, and removed by run" {
	cgroups_path "/$ID"
	make_left_over
	run_osless -0 run -b "$BUNDLE" "$ID"
	[ -z "$(list_container_cgroups)" ]
}

# refused_for_holder DIR: with a process in this cgroup, which is made and removed.
refused_for_holder() {
	mkdir -p "$1"
	hold -u
	echo "$HOLDER" >"$1/cgroup.procs"
	run_bundle -1
	assert_one_line_error "container's cgroup is not empty"
	grep -qx "$HOLDER" "$1/cgroup.procs" || fail "its process is gone"
	release
	wait_until 5 rmdir "$1" 2>/dev/null
}

@test "one that has processes is refused, and left alone" {
	need_cgroup freezer
	cgroups_path "/$ID"
	refused_for_holder "/sys/fs/cgroup/freezer/$ID"
	[ -z "$(list_container_cgroups)" ]
}

@test "one that has processes in any one hierarchy is refused" {
	need_cgroup pids
	local mount
	cgroups_path "/$ID"
	for mount in $(v1_mounts); do
		case $mount in
		*/cpuset) ;; # takes none before it has CPUs
		*) refused_for_holder "$mount/$ID" || fail "in $mount" ;;
		esac
	done
}

@test "one whose child has processes is refused" {
	need_cgroup freezer
	cgroups_path "/$ID"
	refused_for_holder "/sys/fs/cgroup/freezer/$ID/child"
	rmdir "/sys/fs/cgroup/freezer/$ID"
}

@test "one that is frozen is refused" {
	need_cgroup freezer
	cgroups_path "/$ID"
	mkdir "/sys/fs/cgroup/freezer/$ID"
	echo FROZEN >"/sys/fs/cgroup/freezer/$ID/freezer.state"
	run_bundle -1
	assert_one_line_error "container's cgroup unexpectedly frozen"
	rmdir "/sys/fs/cgroup/freezer/$ID"
}

@test "two containers of one path: the second is refused" {
	cgroups_path "/$ID"
	start_inside sleep 100
	run_osless -1 run -b "$BUNDLE" "$ID-a"
	assert_one_line_error "container's cgroup is not empty"
	status_is "$ID" running
}

@test "cgroups below the container's go with it" {
	local dir
	start_inside sleep 100
	for dir in $(list_container_cgroups); do
		mkdir -p "$dir/one/two" "$dir/three"
	done
	payload_of "$PID" >"$(container_cgroup pids)/one/two/cgroup.procs"
	run_osless -0 delete --force "$ID"
	[ -z "$(list_container_cgroups)" ]
}

@test "run removes it after the program's end, also below" {
	bundle_args sh -c 'read -r line; exit 3'
	mkfifo "$BATS_TEST_TMPDIR/in"
	osless run -b "$BUNDLE" "$ID" <>"$BATS_TEST_TMPDIR/in" >/dev/null 2>&1 &
	wait_status "$ID" running
	mkdir "$(container_cgroup pids)/below"
	echo >"$BATS_TEST_TMPDIR/in"
	status=0
	wait $! || status=$?
	[ "$status" = 3 ]
	[ -z "$(list_container_cgroups)" ]
}

@test "disabled: no cgroup is made, the container is in the caller's" {
	bundle_config 'del(.linux.namespaces[] | select(.type == "cgroup"))'
	bundle_args sleep 100
	run_osless -0 --cgroup-manager disabled run -d --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
	[ -z "$(list_container_cgroups)" ]
	[ "$(</proc/self/cgroup)" = "$(<"/proc/$(<"$BATS_TEST_TMPDIR/pid")/cgroup")" ]
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
}

@test "disabled, with a shared PID namespace: delete --force ends the payload too" {
	local payload
	no_namespace pid
	bundle_args sleep 100
	run_osless -0 --cgroup-manager disabled run -d --pid-file "$BATS_TEST_TMPDIR/pid" -b "$BUNDLE" "$ID"
	payload=$(children_of "$(<"$BATS_TEST_TMPDIR/pid")")
	run_osless -0 delete --force "$ID"
	wait_until 2 is_dead $payload || fail "$payload lives on"
}

@test "a path in systemd's form: refused without --systemd-cgroup, with the cure" {
	cgroups_path system.slice:osless:x
	refuses cgroupsPath --systemd-cgroup cgroupfs
}

@test "the mount: the container's own directories, read-only" {
	need_cgroup pids
	bundle_config '.linux.resources.pids = { limit: 77 }'
	inside sh -c 'cat /sys/fs/cgroup/pids/pids.max; cat /sys/fs/cgroup/pids/cgroup.procs
		mkdir /sys/fs/cgroup/pids/x 2>/dev/null || echo read-only
		(echo 5 >/sys/fs/cgroup/pids/pids.max) 2>/dev/null || echo read-only
		mkdir /sys/fs/cgroup/x 2>/dev/null || echo read-only'
	[ "${lines[0]}" -ge 77 ]
	[ "${lines[1]}" = 1 ]
	[ "$(grep -c read-only <<<"$output")" = 3 ]
}

@test "unified: a controller that v2 has" {
	need_cgroup unified
	grep -q hugetlb /sys/fs/cgroup/unified/cgroup.controllers || skip "no hugetlb on v2"
	create_with '.unified = { "hugetlb.2MB.max": "4194304" }'
	assert_cgroup unified hugetlb.2MB.max 4194304
}

@test "unified: a controller that v2 has not, a file of the runtime's, a path" {
	need_cgroup unified memory
	bundle_config '.linux.resources.unified = { "memory.high": "1000000" }'
	refuses unified memory.high
	bundle_config '.linux.resources.unified = { "cgroup.procs": "1" }'
	refuses unified cgroup.procs
	bundle_config '.linux.resources.unified = { "../memory.high": "1" }'
	refuses unified memory.high
}

# Device rules: the payload may not make nodes, so config.json does.

@test "devices: denied by the rules, and no node helps" {
	need_controller devices
	bundle_config '.linux.devices = [
		{ path: "/dev/there", type: "c", major: 1, minor: 11, fileMode: 438 } ]'
	inside sh -c 'dd if=/dev/there of=/dev/null bs=1 count=1 2>&1 | grep -o "Operation not permitted"'
	assert_output "Operation not permitted"
}

@test "devices: what the rules allow can be opened so, and no other way" {
	need_controller devices
	bundle_config '.linux.devices = [ { path: "/dev/other", type: "c", major: 1, minor: 5, fileMode: 438 },
			{ path: "/dev/loop", type: "b", major: 7, minor: 0, fileMode: 438 } ]
		| .linux.resources.devices += [ { allow: true, type: "b", major: 7, minor: 0, access: "r" } ]'
	inside sh -c 'head -c 1 /dev/other | wc -c; (: </dev/loop) && echo read
		(: >/dev/loop) 2>/dev/null || echo no write'
	assert_output $'1\nread\nno write'
}

@test "devices: later rules win, over earlier ones of wider reach" {
	need_cgroup devices
	create_with '.devices = [ { allow: false, access: "rwm" },
		{ allow: true, type: "c", major: 10, minor: 200, access: "rwm" },
		{ allow: true, type: "c", major: 10, minor: 229, access: "rwm" },
		{ allow: false, type: "c", major: 10, minor: 200, access: "rwm" } ]'
	cgroup_value devices devices.list >"$BATS_TEST_TMPDIR/list"
	grep -qx "c 10:229 rwm" "$BATS_TEST_TMPDIR/list"
	! grep -q "c 10:200" "$BATS_TEST_TMPDIR/list" || fail "the later refusal did not win"
	! grep -q "^a" "$BATS_TEST_TMPDIR/list" || fail "all devices are allowed"
	grep -qx "c 1:3 rwm" "$BATS_TEST_TMPDIR/list" # what every container has
}

@test "devices: terminals are in no rule" {
	need_cgroup devices
	create_with '.devices += [ { allow: true, type: "c", major: 5, minor: 0, access: "rwm" },
		{ allow: true, type: "c", major: 5, minor: 2, access: "rwm" },
		{ allow: true, type: "c", major: 136, access: "rwm" } ]'
	! cgroup_value devices devices.list | grep -E "^c (5|136):" || fail "a terminal is in the rules"
}

@test "devices: loosely written rules are refused" {
	bundle_config '.linux.resources.devices = [ { allow: true, access: "rwmx" } ]'
	refuses devices rwmx
	bundle_config '.linux.resources.devices = [ { allow: true, access: "rw", type: "z" } ]'
	refuses devices z
	bundle_config '.linux.resources.devices = [ { allow: true, access: "rw", type: "c", major: -2 } ]'
	refuses devices major
	bundle_config '.linux.resources.devices = [ { allow: true, type: "c", major: 1, minor: 3 } ]'
	refuses devices access
}
