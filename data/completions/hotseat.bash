# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of hotseat(1) for bash.

_hotseat_guests()
{
	# of the objects in the status only guests have a domain behind their name
	hotseat status --json 2>/dev/null | tr '{' '\n' |
		sed -n 's/^"name":"\([^"]*\)","domain":.*/\1/p'
}

_hotseat_targets()
{
	printf '%s\n' host toggle
	_hotseat_guests
}

_hotseat()
{
	local commands='switch status watch desk detect setup doctor check-config secret certificate guest-kit agent help'
	local options='--json --socket --help --version'
	local remote='--url --secret-file --fingerprint'
	local -A own=([switch]="--no-wait --notify $remote" [status]=$remote [agent]=$remote [watch]='--format --notify' [detect]='--hubs --report'
		[setup]='--yes --from --output --guest --display --device --http --tls --user --no-root'
		[doctor]=--config [check-config]=--config [secret]='--config --replace --show' [certificate]='--config --replace'
		[guest-kit]='--guest --url --config --replace')
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command i
	local -a words=() # without options and their values

	COMPREPLY=()
	# bash takes --format=w for three words
	if [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $cur == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 1]} cur=
	fi
	if [[ $prev == --@(socket|config|from|output|secret-file) ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
	fi
	if [[ $prev == --format ]]; then
		mapfile -t COMPREPLY < <(compgen -W 'waybar i3blocks plain' -- "$cur")
		return
	fi
	if [[ $prev == --guest ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_hotseat_guests)" -- "$cur")
		return
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--socket | --config | --format | --from | --output | --guest | --display | --device | --http | --url | --secret-file | --fingerprint)
			[[ ${COMP_WORDS[i + 1]} == = ]] || ((i++)) ;;
		-*) ;;
		=) ((i++)) ;;
		*) words+=("${COMP_WORDS[i]}") ;;
		esac
	done
	command=${words[0]-}
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "${own[${command:-none}]-} $options" -- "$cur")
		return
	fi
	case $command in
	'' | help) mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur") ;;
	switch) mapfile -t COMPREPLY < <(compgen -W "$(_hotseat_targets)" -- "$cur") ;;
	check-config | doctor) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	secret)
		case ${words[1]-} in
		'') mapfile -t COMPREPLY < <(compgen -W 'new show list revoke' -- "$cur") ;;
		new | show | revoke)
			mapfile -t COMPREPLY < <(compgen -W "$(_hotseat_guests)" -- "$cur")
			;;
		esac
		;;
	certificate) mapfile -t COMPREPLY < <(compgen -W 'new show' -- "$cur") ;;
	guest-kit) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
	esac
}

complete -F _hotseat hotseat
