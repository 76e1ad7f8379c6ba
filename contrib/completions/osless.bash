# Bash completion for osless. Verbs, options and their words come from `osless --help` and
# `osless VERB --help`, IDs from `osless list`, so there is no second list to keep.

# _osless_section TITLE: lines of the section that begin an entry, from help on standard input.
_osless_section() {
	sed -n "/^$1:\$/,/^\$/s/^  //p"
}

# _osless_options: --name and -n of each option, from help on standard input.
_osless_options() {
	sed -nE 's/^  (--[a-z0-9-]+)(, (-[a-z]))?.*/\1 \3/p'
}

# _osless_words OPTION: what it takes ("text|json", "DIR"), from help on standard input.
_osless_words() {
	sed -nE "s/^  (--[a-z0-9-]+, )?$1(, -[a-z])? ([^ ]+)( .*|\$)/\3/p"
}

# _osless_verb: the first word before the cursor that is no option and no option's value.
_osless_verb() {
	local i word
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		--*=* | = | --debug | --systemd-cgroup) ;;
		-*) ((i++)) ;;
		*) echo "$word" && return ;;
		esac
	done
}

_osless() {
	local osless=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
	local previous=${COMP_WORDS[COMP_CWORD - 1]} verb help words=
	verb=$(_osless_verb)
	help=$("$osless" ${verb:+"$verb"} --help 2>/dev/null) || return
	COMPREPLY=()
	[[ $previous != -* ]] || words=$(_osless_words "$previous" <<<"$help")
	case $words in
	*'|'*) words=${words//|/ } ;;
	DIR) mapfile -t COMPREPLY < <(compgen -d -- "$current") && return ;;
	FILE | SOCKET | PATH) mapfile -t COMPREPLY < <(compgen -f -- "$current") && return ;;
	esac
	if [[ -z $words && $current == -* ]]; then
		words=$(_osless_options <<<"$help")
	elif [[ -z $words && -z $verb ]]; then
		words=$(_osless_section verbs <<<"$help" | cut -d' ' -f1)
	elif [[ -z $words && ($help == *"[OPTIONS] ID"* || $help == *"[ID...]"*) ]]; then
		words=$("$osless" list -q 2>/dev/null)
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _osless osless
