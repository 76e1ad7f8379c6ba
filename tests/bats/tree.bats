# tree: supervisors, workers, processes, as text and JSON.

load look-helpers

two_levels='{ "strategy": "rest_for_one", "intensity": 5, "period": 20, "children": [
	{ "id": "web", "args": ["sh", "-c", "sleep 4242 & sleep 4243 & wait"], "restart": "permanent" },
	{ "id": "batch", "supervisor": { "strategy": "one_for_all", "children": [
		{ "id": "job", "args": ["sleep", "4244"], "restart": "transient" } ] } } ] }'

# tree_is JQ-CONDITION
tree_is() {
	osless tree -f json "$ID" | jq -e "$1" >/dev/null
}

@test "errors: unknown, missing, surplus, format" {
	unknown_and_missing tree
	run_osless -1 tree
	assert_one_line_error "tree needs the container's ID: see osless tree --help"
	run_osless -1 tree a b
	assert_one_line_error 'one argument too many for tree, "b"'
	run_osless -1 tree --format yaml a
	assert_one_line_error 'option --format takes text|json, not "yaml"'
}

@test "a declared tree: supervisors with strategy and restarts, workers, processes below them" {
	declare_tree "$two_levels"
	start_detached
	wait_until 5 tree_is '[.. | .comm? // empty | select(. == "sleep")] | length == 3'
	run_osless -0 tree "$ID"
	[[ ${lines[0]} == "$ID: running, its init is process "* ]]
	[[ $output == *$'\nroot (rest_for_one)   '*'0 of 5 in 20 s'* ]]
	[[ $output == *$'\n|- web  '* && $output == *$'\n|  `- sh  '* ]]
	[[ $output == *$'\n|     |- sleep '* && $output == *$'\n|     `- sleep '* ]]
	[[ $output == *$'\n`- batch (one_for_all)  '* && $output == *$'\n   `- job  '* ]]
}

@test "columns stand under their heads" {
	local at line
	declare_tree "$two_levels"
	start_detached
	wait_until 5 tree_is '[.. | .comm? // empty | select(. == "sleep")] | length == 3'
	run_osless -0 tree "$ID"
	at=${lines[2]%%STATE*}
	for line in "${lines[@]:2}"; do
		[[ ${line:${#at}-1:1} == " " && ${line:${#at}:1} != " " ]] || fail "not aligned: $line"
		[[ $line != *" " ]] || fail "blanks at the end: $line"
	done
}

@test "json: pids are the host's, and inside the container's" {
	local pid
	declare_tree "$two_levels"
	start_detached
	pid=$(worker_pid job)
	[ "$(tr '\0' ' ' <"/proc/$pid/cmdline")" = "sleep 4244 " ]
	run_osless -0 tree --format json "$ID"
	jq -e --argjson pid "$pid" '.tree.children[1].children[0] |
		.state == "up" and .pid == $pid and .inside > 1 and .starts == 1 and .restarts == 0' <<<"$output"
	jq -e '.status == "running" and .tree.strategy == "rest_for_one" and .others == [] and .exec == []' \
		<<<"$output"
	[ "$(awk '/^NSpid/ { print $NF }' "/proc/$pid/status")" = \
		"$(jq '.tree.children[1].children[0].inside' <<<"$output")" ]
}

@test "a worker that was killed: restarts, and how it ended" {
	declare_tree "$two_levels"
	start_detached
	kill_worker web
	wait_until 5 tree_is '.tree.children[0] | .state == "up" and .pid'
	run_osless -0 tree "$ID"
	[[ $output == *"1 of 5 in 20 s"* ]]
	[[ $output =~ \|-\ web\ +up\ +[0-9]+\ .*\ 1\ +"signal 9 (KILL), " ]]
	tree_is '.tree.restarts == 1 and .tree.children[0].restarts == 1 and .tree.children[0].exits == 1'
}

@test "a plain bundle: one worker called main" {
	bundle_args sleep 4245
	start_detached
	run_osless -0 tree "$ID"
	[[ $output =~ "root (one_for_one)"\ +up\ +-\ +-\ +-$'\n' ]]
	[[ $output =~ "\`- main"\ +up\ +[0-9]+ ]]
	[[ $output =~ "   \`- sleep"\ +sleeping\ +[0-9]+ ]]
}

# Rule R5 must not continue it before it is looked at.
@test "zombies and stopped processes are marked" {
	echo '{ "rules": { "stopped": "off" } }' >"$BATS_TEST_TMPDIR/policy.json"
	bundle_args sh -c 'sleep 0.1 & exec sleep 4246'
	start_detached --policy "$BATS_TEST_TMPDIR/policy.json"
	wait_until 5 tree_is '[.. | .state? // empty] | any(. == "zombie")'
	kill -STOP "$(worker_pid main)"
	run_osless -0 tree "$ID"
	[[ $output == *" stopped "* ]] || fail "nobody is stopped"
}

@test "a process that the payload named badly does not reach the terminal" {
	bundle_args sh -c 'cp /bin/busybox "/tmp/$(printf "a\033b")"; exec "/tmp/$(printf "a\033b")" sleep 4247'
	bundle_config '.root.readonly = false'
	bundle_config '.process.args = ["sh", "-c", "printf \"a\\033b\" > /proc/self/comm; read x < /dev/zero"]'
	start_detached
	wait_until 5 tree_is '[.. | .comm? // empty] | any(. == "a\u001bb")'
	run_osless -0 tree "$ID"
	[[ $output == *"a?b"* && $output != *$'\033'* ]]
}

@test "without a PID namespace of its own" {
	bundle_config '.linux.namespaces |= map(select(.type != "pid"))'
	bundle_args sh -c 'sleep 4248 & wait'
	start_detached
	wait_until 5 tree_is '.tree.children[0].processes[0].children[0].comm == "sleep"'
	tree_is '.tree.children[0] | .pid == .inside and .pid > 1'
	tree_is '.others == []'
}

@test "a process that came in from outside stands apart" {
	local dir
	bundle_args sleep 4248
	start_detached
	PID=$(osless state "$ID" | jq .pid)
	dir=$(freezer_of "$PID")
	sh -c 'echo $$ >"$1/cgroup.procs"; exec nsenter -t "$2" -p sleep 4251' sh "$dir" "$PID" 3>&- 4>&- &
	wait_until 5 tree_is '.exec[0] | .comm == "nsenter" and .children[0].comm == "sleep"'
	tree_is '.exec[0].children[0].inside > 2'
	run_osless -0 tree "$ID"
	[[ $output == *$'\n(exec) '*$'\n`- nsenter '*$'\n   `- sleep '* ]]
}

@test "a program that came in by exec stands apart" {
	bundle_args sleep 4248
	start_detached
	run_osless -0 exec -d "$ID" sh -c 'sleep 4251 & wait'
	wait_until 5 tree_is '.exec[0] | .comm == "sh" and .inside > 2 and .children[0].comm == "sleep"'
	tree_is '.others == [] and .tree.children[0].state == "up"'
}

@test "created, and stopped" {
	bundle_args true
	run_osless -0 create -b "$BUNDLE" "$ID"
	run_osless -0 tree "$ID"
	[[ $output =~ "\`- main"\ +down\ +-\ +- ]]
	run_osless -0 start "$ID"
	wait_status "$ID" stopped
	run_osless -0 tree "$ID"
	[[ ${lines[0]} == "$ID: stopped" ]]
	[[ $output =~ "\`- main"\ +done\ +-\ +-\ +0\ +"exit status 0, " ]]
}

@test "init killed: what it said last is true no more" {
	bundle_args sleep 4249
	start_detached
	run_osless -0 kill "$ID" KILL
	wait_status "$ID" stopped
	run_osless -0 tree "$ID"
	[[ $output =~ "\`- main"\ +gone ]]
}

@test "supervision off: the processes, and why there is no more" {
	echo '{ "modes": { "supervision": "off" } }' >"$BATS_TEST_TMPDIR/policy.json"
	bundle_args sh -c 'sleep 4250 & wait'
	start_detached --policy "$BATS_TEST_TMPDIR/policy.json"
	wait_until 5 tree_is '.processes[0].children[0].comm == "sleep"'
	run_osless -0 tree "$ID"
	[[ $output == *"(supervision is off for this container"* ]]
	[[ $output =~ $'\n'sh\ +sleeping ]]
}

@test "a damaged journal is told, not believed" {
	damaged_journal
	run_osless -0 tree "$ID"
	[[ $output == *"not a journal of this osless"* ]]
	[[ $output =~ "\`- main"\ +unknown ]]
}
