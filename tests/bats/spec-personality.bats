# linux.personality.

load helpers
load probe

@test "not given: the machine is what it is" {
	inside uname -m
	assert_output "$(uname -m)"
}

@test "LINUX" {
	bundle_config '.linux.personality = { domain: "LINUX" }'
	inside uname -m
	assert_output "$(uname -m)"
}

@test "LINUX32: the machine is said to be of 32 bits" {
	local want
	[ "$(setarch linux32 uname -m)" != "$(uname -m)" ] || skip "no 32-bit personality here"
	want=$(setarch linux32 uname -m)
	bundle_config '.linux.personality = { domain: "LINUX32" }'
	inside uname -m
	assert_output "$want"
	inside sh -c 'sh -c "uname -m"' # it is inherited
	assert_output "$want"
}

@test "the payload cannot change it" {
	inside probe call personality personality,0xffffffff
	assert_output $'personality EINVAL\npersonality,0xffffffff 0'
}

@test "an unknown domain is refused" {
	bundle_config '.linux.personality = { domain: "MULTICS" }'
	refuses personality MULTICS
}

@test "flags, of which there are none, are reported" {
	bundle_config '.linux.personality = { domain: "LINUX", flags: [ "X" ] }'
	run_osless -0 plan -b "$BUNDLE"
	[[ $output == *personality.flags* ]] || fail "no word of personality.flags"
}
