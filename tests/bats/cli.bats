# The command line itself: global options, help, version, log file, exit status of bad words.

load helpers

# refused TEXT WORD...: the command line is refused with this one-line error.
refused() {
	local text=$1
	shift
	run_osless -1 "$@"
	assert_one_line_error "$text"
	assert_output ""
}

@test "words that nobody knows are named, with the nearest known one" {
	refused 'unknown verb "strat": did you mean start? see osless --help' strat web
	refused 'unknown verb "frobnicate": see osless --help' frobnicate
	refused 'unknown verb "spex": did you mean spec?' spex
	refused 'unknown verb "stop": see osless --help' stop
	refused 'unknown option --lgo=x: did you mean --log? see osless --help' --lgo=x list
	refused 'unknown option --forec: did you mean --force? see osless delete --help' delete --forec web
	refused 'unknown option -z: see osless list --help' list -z
	refused 'a verb is missing: see osless --help'
}


@test "missing and surplus words are named" {
	local verb
	for verb in create start run state kill delete pause resume ps update; do
		refused "$verb needs the container's ID: see osless $verb --help" "$verb"
	done
	refused 'one argument too many for start, "b": see osless start --help' start a b
	refused 'one argument too many for kill, "c": see osless kill --help' kill a KILL c
	refused 'one argument too many for list, "a": see osless list --help' list a
	refused 'one argument too many for features, "a"' features a
	refused 'option --bundle needs a value (DIR): see osless create --help' create web --bundle
	refused 'option --log needs a value (FILE): see osless --help' --log
}

@test "values are checked" {
	refused 'option --log-format takes text|json, not "xml"' --log-format xml list
	refused 'option --format takes table|json, not "yaml"' list --format yaml
	refused 'option --format takes text|json, not "table"' plan --format=table
	refused 'option --no-pivot takes true or false, not "yes"' create --no-pivot=yes web
	refused 'option --preserve-fds takes a number' create --preserve-fds three web
	refused 'option --rootless takes auto|true|false' --rootless=maybe list
	refused 'option --bundle has an empty value' create --bundle= web
}

@test "every form of an option is taken" {
	run_osless -0 list --format json
	run_osless -0 list --format=json
	run_osless -0 list -format json
	run_osless -0 list -f json
	run_osless -0 list -f=json
	run_osless -0 list -q=true
	run_osless -0 list -- # ends the options
}

@test "global options of runc's callers are taken" {
	run_osless -0 --debug=false --criu /usr/sbin/criu --rootless auto --systemd-cgroup=false \
		--cgroup-manager cgroupfs --log "$BATS_TEST_TMPDIR/log" --log-format=json list
	[ ! -s "$BATS_TEST_TMPDIR/log" ]
}

@test "help: for all and for each verb" {
	local verb
	run_osless -0 --help
	for verb in create start run exec state kill delete list spec features plan checkpoint restore help; do
		grep -q "^  $verb " "$OUT"
	done
	for verb in create start run exec state kill delete list spec features plan; do
		run_osless -0 "$verb" --help
		[[ $output == "usage: osless [GLOBAL OPTIONS] $verb [OPTIONS]"* ]]
		run_osless -0 "$verb" -h
	done
	run_osless -0 create a b c --bundle x --help
}

@test "help is a verb, too" {
	local whole
	run_osless -0 --help
	whole=$output
	run_osless -0 help
	assert_output "$whole"
	run_osless -0 kill --help
	whole=$output
	run_osless -0 help kill
	assert_output "$whole"
	refused 'unknown verb "kil": did you mean kill?' help kil
	refused 'one argument too many for help, "b"' help kill b
}

# Whatever is named, found or made, happens after the words are checked, so no container is needed.
@test "each option of each verb: without its value, with a wrong one; and none that is unknown" {
	local verb name value failure
	run_osless -0 --help
	for verb in $(sed -n '/^verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$OUT" | grep -vE 'checkpoint|restore'); do
		failure=1
		[ "$verb" != exec ] || failure=255
		run_osless "-$failure" "$verb" --frobnicate=1
		assert_one_line_error "unknown option --frobnicate=1: see osless $verb --help"
		while read -r name value; do
			case $value in
			'')
				run_osless "-$failure" "$verb" "$name=maybe"
				assert_one_line_error "option $name takes true or false, not \"maybe\""
				;;
			*)
				run_osless "-$failure" "$verb" "$name"
				assert_one_line_error "option $name needs a value ($value): see osless $verb --help"
				run_osless "-$failure" "$verb" "$name="
				assert_one_line_error "option $name has an empty value"
				;;
			esac
		done < <(osless "$verb" --help | sed -nE 's/^  (--[a-z0-9-]+)(, -[a-z])?( ([^ ]+))?  .*/\1 \4/p')
	done
	assert_nothing_left
}

@test "version: program, commit, specification, libraries" {
	local word
	for word in --version -v; do
		run_osless -0 "$word"
		[[ ${lines[0]} =~ ^osless\ version\ [0-9]+\.[0-9]+ ]]
		[[ ${lines[1]} =~ ^commit:\ .+ ]]
		[ "${lines[2]}" = "spec: 1.3.0" ]
		[[ $output =~ libseccomp:\ [0-9]+\.[0-9]+\.[0-9]+ ]]
		[[ $output =~ yajl:\ [0-9]+\.[0-9]+\.[0-9]+ ]]
	done
}

@test "checkpoint and restore fail whatever their options" {
	refused 'checkpoint is not supported' checkpoint --image-path /x --leave-running web
	refused 'restore is not supported' restore -b /x web
}

@test "log file, json: one object a failure, the text that stderr has" {
	local log=$BATS_TEST_TMPDIR/log
	run_osless -1 --log "$log" --log-format json state "$ID"
	[ "$(wc -l <"$log")" = 1 ]
	[ "$(jq -r .level "$log")" = error ]
	[ "osless: $(jq -r .msg "$log")" = "$stderr" ]
	[[ $(jq -r .time "$log") =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{9}Z$ ]]
	run_osless -1 --log="$log" --log-format=json start "$ID"
	[ "$(wc -l <"$log")" = 2 ]
	[ "$(jq -s length "$log")" = 2 ]
}

@test "log file, text: runc's shape" {
	local log=$BATS_TEST_TMPDIR/log
	run_osless -1 --log "$log" nonsense
	grep -Ex 'time="[^"]+Z" level=error msg="unknown verb \\"nonsense\\".*"' "$log"
}

@test "log file, json: hostile bytes in an argument stay one valid line" {
	local log=$BATS_TEST_TMPDIR/log
	run_osless -1 --log "$log" --log-format json $'a\n"\x1b[31m\xff{}\\'
	[ "$(wc -l <"$log")" = 1 ]
	jq -e '.msg | contains("\n\"\u001b[31m\ufffd{}\\")' "$log"
	assert_one_line_error 'a\n"\u001b[31m'
}

@test "log file that cannot be opened" {
	refused "open the log file /nonexistent/log: no such file or directory" --log /nonexistent/log list
}

@test "closed standard descriptors are no obstacle" {
	osless --version <&- >&- 2>&-
	status=0
	osless nonsense <&- >&- 2>&- || status=$?
	[ $status = 1 ]
}

@test "output that cannot be written is an error" {
	local words
	# some in one piece of a few bytes, some in pieces larger than stdio's buffer
	for words in list features --help --version "plan $BUNDLE" "plan --format json $BUNDLE"; do
		status=0
		# shellcheck disable=SC2086 # words on purpose
		osless $words >/dev/full 2>"$BATS_TEST_TMPDIR/err" || status=$?
		[ $status = 1 ] || fail "$words: exit status $status"
		grep -q "write to standard output: no space left on device" "$BATS_TEST_TMPDIR/err"
	done
}

@test "works with an empty environment" {
	env -i "$OSLESS" --root "$ROOT" list
}

@test "policy: a file that was named must exist" {
	refused "/nonexistent.json" --policy /nonexistent.json create -b "$BUNDLE" "$ID"
	run_osless -1 --policy /nonexistent.json plan -b "$BUNDLE"
	assert_one_line_error "/nonexistent.json"
}

@test "called by another name it works the same" {
	ln -s "$OSLESS" "$BATS_TEST_TMPDIR/runc"
	OSLESS=$BATS_TEST_TMPDIR/runc
	bundle_args sh -c 'exit 3'
	run_osless -3 run -b "$BUNDLE" "$ID"
}
