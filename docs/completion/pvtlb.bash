# SPDX-License-Identifier: GPL-2.0-only
# bash completion for pvtlb: commands, options and names are those that pvtlb itself says.

# The first words of the lines between a title and the next one, in pvtlb list.
_pvtlb_names()
{
	"$1" list 2>/dev/null | awk -v title="$2" '
		/^[^ ]/ { on = index($0, title) == 1 }
		on && /^  [a-z@]/ { print $1 }' | sort -u
}

_pvtlb()
{
	local pvtlb=$1 current=$2 previous=$3 command=${COMP_WORDS[1]} words

	if [ "$COMP_CWORD" -eq 1 ]; then
		words=$("$pvtlb" --help 2>/dev/null | awk '$1 == "pvtlb" && NR > 1 { print $2 }')
	else
		case $previous in
		--backend | --against) words=$(_pvtlb_names "$pvtlb" backends) ;;
		--policy) words=$(_pvtlb_names "$pvtlb" policies) ;;
		--inject) words=$(_pvtlb_names "$pvtlb" faults) ;;
		--trace | --dtb | --dump-dtb | --image-* | --junit | --output | -o | --kvm | --gdb | --jobs | -j) return ;;
		*)
			case $current in
			-*) words=$("$pvtlb" "$command" --help 2>/dev/null |
				awk '$1 ~ /^--/ { print $1 }') ;;
			*) case $command in
				run | list)
					words="$(_pvtlb_names "$pvtlb" scenarios) $(_pvtlb_names "$pvtlb" groups)" ;;
				show) words=$(_pvtlb_names "$pvtlb" scenarios) ;;
				esac ;;
			esac ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _pvtlb pvtlb
