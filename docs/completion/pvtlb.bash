# SPDX-License-Identifier: GPL-2.0-only
# bash completion for pvtlb: commands, options and names are those that pvtlb itself says.

# The first words of the lines between a title and the next one, in pvtlb list.
_pvtlb_names()
{
	"$1" list 2>/dev/null | awk -v title="$2" '
		/^[^ ]/ { on = index($0, title) == 1 }
		on && /^  [a-z@]/ { print $1 }' | sort -u
}

_pvtlb_commands()
{
	"$1" --help 2>/dev/null | awk '$1 == "pvtlb" && NR > 1 { print $2 }'
}

# The options of a command or, of one of them, the words that it takes.
_pvtlb_options()
{
	"$1" "$2" --help 2>/dev/null | awk -v option="$3" '
		$1 !~ /^--/ { next }
		option == "" { print $1 }
		option == $1 && $2 ~ /^[a-z,]+(\|[a-z,]+)+$/ { gsub(/\|/, "\n", $2); print $2 }'
}

_pvtlb()
{
	local pvtlb=$1 current=$2 previous=$3 command=${COMP_WORDS[1]} words before=

	if [ "$COMP_CWORD" -eq 1 ]; then
		words="$(_pvtlb_commands "$pvtlb") --help --version"
	else
		case $previous in
		--backend) words="$(_pvtlb_names "$pvtlb" backends) all" ;;
		--against) words=$(_pvtlb_names "$pvtlb" backends) ;;
		--policy) words="$(_pvtlb_names "$pvtlb" policies) all" ;;
		--inject) words=$(_pvtlb_names "$pvtlb" faults) ;;
		--trace | --dtb | --dump-dtb | --image-* | --junit | --output | -o | --kvm | --jobs | -j | --gdb | --shard) return ;;
		--*) words=$(_pvtlb_options "$pvtlb" "$command" "$previous") ;;
		esac
		case $words$current in
		-*) words=$(_pvtlb_options "$pvtlb" "$command" "") ;;
		"$current") case $command in
			run | list | explore)
				words="$(_pvtlb_names "$pvtlb" scenarios) $(_pvtlb_names "$pvtlb" groups)" ;;
			show) words=$(_pvtlb_names "$pvtlb" scenarios) ;;
			help) words=$(_pvtlb_commands "$pvtlb") ;;
			esac ;;
		esac
	fi
	# Of names between commas the last one is not complete yet.
	case $current in
	*,*) before=${current%,*}, ;;
	esac
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "$words" -- "${current##*,}")
}
complete -o default -F _pvtlb pvtlb
