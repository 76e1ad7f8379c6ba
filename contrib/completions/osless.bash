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

# _osless_flags: options that take no value, from help on standard input.
_osless_flags() {
	sed -nE 's/^  (--[a-z0-9-]+)(, (-[a-z]))?  .*/\1 \3/p'
}

# _osless_verb: the first word before the cursor that is no option and no option's value.
_osless_verb() {
	local i word flags
	flags=" $("$1" --help 2>/dev/null | _osless_flags | xargs) "
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		--*=* | =) ;;
		-*) [[ $flags == *" $word "* ]] || ((i++)) ;;
		*) echo "$word" && return ;;
		esac
	done
}

# _osless_operands: what may stand where no option does, by its usage from help on standard input.
_osless_operands() {
	local usage
	read -r usage
	case $usage:$previous in
	*'[SIGNAL]':"$verb" | *'[SIGNAL]':-*) "$osless" list -q 2>/dev/null ;;
	*'[SIGNAL]':*) compgen -A signal SIG | grep -vE 'STOP|TSTP|TTIN|TTOU|JUNK|RT' ;; # refused, rare
	*'[OPTIONS] ID'* | *'[ID...]'*) "$osless" list -q 2>/dev/null ;;
	*'[VERB]'*) "$osless" --help | _osless_section verbs | cut -d' ' -f1 ;;
	esac
}

_osless() {
	local osless=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
	local previous=${COMP_WORDS[COMP_CWORD - 1]} value='' verb help words=''
	COMPREPLY=()
	verb=$(_osless_verb "$osless")
	help=$("$osless" ${verb:+"$verb"} --help 2>/dev/null) || return
	[[ $previous != -* ]] || value=$(_osless_words "$previous" <<<"$help")
	case $value in
	DIR) mapfile -t COMPREPLY < <(compgen -d -- "$current") && return ;;
	FILE | SOCKET | PATH) mapfile -t COMPREPLY < <(compgen -f -- "$current") && return ;;
	[a-z0-9]*'|'*) words=${value//|/ } ;;
	?*) return ;; # a value that nobody can guess
	*)
		if [[ $current == -* ]]; then
			words=$(_osless_options <<<"$help")
		elif [[ -z $verb ]]; then
			words=$(_osless_section verbs <<<"$help" | cut -d' ' -f1)
		elif [[ $help == *'[BUNDLE'* ]]; then
			mapfile -t COMPREPLY < <(compgen -d -- "$current") && return
		else
			words=$(_osless_operands <<<"$help")
		fi
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _osless osless
