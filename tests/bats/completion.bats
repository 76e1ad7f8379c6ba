# Bash completion: what the help says is what is offered.

load helpers

setup() {
	test_setup
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nexec "%s" --root "%s" "$@"\n' "$OSLESS" "$ROOT" >"$BATS_TEST_TMPDIR/bin/osless"
	chmod 755 "$BATS_TEST_TMPDIR/bin/osless"
	source "$BATS_TEST_DIRNAME/../../contrib/completions/osless.bash"
}

# completes WANT WORD...: the last word, which may be empty, completes to these, in any order.
completes() {
	local want=$1
	shift
	COMP_WORDS=("$BATS_TEST_TMPDIR/bin/osless" "$@")
	COMP_CWORD=$#
	_osless
	output=$(printf '%s\n' "${COMPREPLY[@]}" | sort | xargs)
	assert_output "$want"
}

@test "verbs" {
	completes "start state" sta
	completes "delete" --debug --log /x del
	completes "start state" -h sta
}

@test "every verb, and all options of each" {
	local verb
	completes "check checkpoint create delete events exec explain features help kill list metrics pause plan ps restore resume run spec start state tree update" ""
	for verb in check create delete events exec explain features help kill list metrics pause plan ps resume run spec start state tree update; do
		run_osless -0 "$verb" --help
		completes "$(grep -oE '^  --[a-z0-9-]+(, -[a-z])?' "$OUT" | tr -d , | tr ' ' '\n' | sort | xargs)" \
			"$verb" -
	done
}

@test "options, global and of a verb" {
	completes "--log --log-format" --lo
	completes "--no-new-keyring --no-pivot --no-subreaper" run --no
	completes "--force" delete --f
}

@test "words and files of an option" {
	completes "json table" list --format ""
	completes "json" list -f j
	completes "/usr/share" run --bundle /usr/shar
	completes "0 1" update --cpu-idle ""
	completes "" create --preserve-fds "" # what nobody can guess
	completes "" exec --user ""
	completes "exec explain" help ex
	completes "/usr/share" check /usr/shar
}

@test "IDs" {
	run_osless -0 create -b "$BUNDLE" "$ID"
	completes "$ID" start "${ID%?}"
	completes "$ID" metrics "${ID%?}"
	completes "$ID" kill -a ""
	completes "SIGKILL" kill "$ID" SIGK
	completes "$ID" exec --tty --env A=1 ""
}
