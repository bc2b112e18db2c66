#!/usr/bin/env zsh
# SPDX-License-Identifier: GPL-2.0-only
# What zsh offers for the last word of each command line that it is given: names, in one line.

# Read by the shell that completes: what would be added is printed, between two lines that nothing
# else prints.
if [[ -n $COMPLETING ]]; then
	PS1= PS2= RPS1=
	bindkey '^I' complete-word
	fpath=($PWD/docs/completion $fpath)
	autoload -Uz compinit
	compinit -D -u
	begins() { print -r -- '<begin>' }
	ends() { print -r -- '<end>'; again }
	# They are called once.
	again()
	{
		compprefuncs=(begins)
		comppostfuncs=(ends)
	}
	again
	compadd()
	{
		local -a hits

		if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
			builtin compadd -A hits "$@"
			(( $#hits )) && print -rl -- $hits
		fi
		builtin compadd "$@"
	}
	print '<ready>'
	return
fi

zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "COMPLETING=1 . ${(q)0:A}"
zpty -r shell said '*<ready>*' || exit 1
for line; do
	# Whatever the last one has left there is wiped out.
	zpty -w -n shell $'\C-u'"$line"$'\t'
	zpty -r shell said '*<begin>*<end>*' || exit 1
	print -r -- "" ${(f)${${said#*<begin>}%%<end>*}//$'\r'} ""
done
zpty -d shell
