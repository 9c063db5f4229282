# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of hotseat(1) for fish.

function __hotseat_guests
    # of the objects in the status only guests have a domain behind their name
    hotseat status --json 2>/dev/null | tr '{' '\n' | sed -n 's/^"name":"\([^"]*\)","domain":.*/\1/p'
end

function __hotseat_targets
    printf '%s\n' host toggle
    __hotseat_guests
end

set -l commands switch status watch desk detect setup doctor check-config secret certificate guest-kit agent help

complete -c hotseat -f
complete -c hotseat -l json -d 'print JSON instead of text'
complete -c hotseat -l socket -r -F -d 'the daemon\'s socket (or $HOTSEAT_SOCKET)'
complete -c hotseat -l help -d 'show the help of hotseat or of a command'
complete -c hotseat -l version -d 'show the version'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a switch -d 'move the seat to TARGET, and wait for it'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a status -d 'show who has the seat, and where everything is'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a watch -d 'print a line for each event'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a desk -d 'show a live picture of the desk'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a detect -d 'show the monitors, USB devices and guests here'
complete -c hotseat -n '__fish_seen_subcommand_from detect' -l hubs -d 'show USB hubs too'
complete -c hotseat -n '__fish_seen_subcommand_from detect' -l report -d 'print a report for the monitor database'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a setup -d 'interactive setup'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l yes -d 'ask nothing; use what is obvious'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l from -r -F -d 'start from this config or script'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l output -r -F -d 'write the configuration to FILE'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l guest -x -d 'a domain that can have the seat; repeatable'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l display -x -d 'a monitor, and its inputs; repeatable'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l device -x -d 'vendor:product, port or serial; repeatable'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l http -x -a none -d 'HOST:PORT for the guest\'s requests, or none'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l tls -d 'create a certificate, and use TLS'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l user -d 'for this user only: a user service'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l no-root -d 'print the commands that need root; run none'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a doctor -d 'diagnose problems and suggest fixes'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a check-config -d 'check a configuration, without a daemon'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a help -d 'show this help, or the help of COMMAND'
complete -c hotseat -n '__fish_seen_subcommand_from switch' -l no-wait -d 'do not wait; switch when the guest has started'
complete -c hotseat -n '__fish_seen_subcommand_from switch' -l notify -d 'show a desktop notification if it fails'
complete -c hotseat -n '__fish_seen_subcommand_from watch' -l format -x -a 'waybar i3blocks plain' -d 'for a status bar: waybar, i3blocks or plain'
complete -c hotseat -n '__fish_seen_subcommand_from watch' -l notify -d 'show desktop notifications'
complete -c hotseat -n '__fish_seen_subcommand_from switch' -a '(__hotseat_targets)'
complete -c hotseat -n '__fish_seen_subcommand_from check-config doctor' -F
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a secret -d 'manage the guests\' secrets'
complete -c hotseat -n '__fish_seen_subcommand_from secret; and not __fish_seen_subcommand_from new show list revoke' -a 'new show list revoke'
complete -c hotseat -n '__fish_seen_subcommand_from secret; and __fish_seen_subcommand_from new show revoke' -a '(__hotseat_guests)'
complete -c hotseat -n '__fish_seen_subcommand_from secret' -l show -d 'new: print the secret'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a certificate -d 'create or show the daemon\'s TLS certificate'
complete -c hotseat -n '__fish_seen_subcommand_from certificate; and not __fish_seen_subcommand_from new show' -a 'new show'
complete -c hotseat -n '__fish_seen_subcommand_from doctor check-config' -l config -r -F -d 'the same as FILE'
complete -c hotseat -n '__fish_seen_subcommand_from secret certificate guest-kit' -l config -r -F -d 'use FILE instead of the default config'
complete -c hotseat -n '__fish_seen_subcommand_from secret' -l replace -d 'new: replace an existing one'
complete -c hotseat -n '__fish_seen_subcommand_from certificate' -l replace -d 'new: replace existing files'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a agent -d 'in a guest: set monitors when the host asks'
complete -c hotseat -n '__fish_seen_subcommand_from switch status agent' -l url -x -d 'a daemon on another computer (or $HOTSEAT_URL)'
complete -c hotseat -n '__fish_seen_subcommand_from switch status agent' -l secret-file -r -F -d 'for --url: the file with the secret'
complete -c hotseat -n '__fish_seen_subcommand_from switch status agent' -l fingerprint -x -d 'for https: accept only this certificate'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a guest-kit -d 'write files that let a guest switch to the host'
complete -c hotseat -n '__fish_seen_subcommand_from guest-kit' -l guest -x -a '(__hotseat_guests)' -d 'the guest; required if there are several'
complete -c hotseat -n '__fish_seen_subcommand_from guest-kit' -l url -x -d 'hotseatd\'s address, instead of http.address'
complete -c hotseat -n '__fish_seen_subcommand_from guest-kit' -l replace -d 'overwrite an existing kit'
complete -c hotseat -n '__fish_seen_subcommand_from guest-kit' -a '(__fish_complete_directories)'
complete -c hotseat -n '__fish_seen_subcommand_from help' -a "$commands"
