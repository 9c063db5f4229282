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
complete -c hotseat -l json -d 'print JSON'
complete -c hotseat -l socket -r -F -d 'socket of the daemon'
complete -c hotseat -l help -d 'show help'
complete -c hotseat -l version -d 'show the version'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a switch -d 'move the seat to a target'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a status -d 'show who has the seat'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a watch -d 'print a line for every event'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a desk -d 'show the desk as it changes'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a detect -d 'show the monitors, devices and guests of this machine'
complete -c hotseat -n '__fish_seen_subcommand_from detect' -l hubs -d 'show USB hubs too'
complete -c hotseat -n '__fish_seen_subcommand_from detect' -l report -d 'a report for the monitor database'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a setup -d 'make a working desk of this machine'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l yes -d 'ask nothing'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l from -r -F -d 'begin with a configuration'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l output -r -F -d 'write the configuration there'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l guest -x -d 'a domain that gets the seat'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l display -x -d 'MONITOR=HOST,GUEST'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l device -x -d 'vendor:product, port or serial'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l http -x -a none -d 'where the guest can ask'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l tls -d 'over TLS there'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l user -d 'for this user only'
complete -c hotseat -n '__fish_seen_subcommand_from setup' -l no-root -d 'only print the commands that need root'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a doctor -d 'find what is wrong, and what mends it'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a check-config -d 'check a configuration'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a help -d 'show help'
complete -c hotseat -n '__fish_seen_subcommand_from switch' -l no-wait -d 'begin when the guest has started; do not wait'
complete -c hotseat -n '__fish_seen_subcommand_from switch' -l notify -d 'if it fails, show a notification'
complete -c hotseat -n '__fish_seen_subcommand_from watch' -l format -x -a 'waybar i3blocks plain' -d 'for a bar'
complete -c hotseat -n '__fish_seen_subcommand_from watch' -l notify -d 'show notifications'
complete -c hotseat -n '__fish_seen_subcommand_from switch' -a '(__hotseat_targets)'
complete -c hotseat -n '__fish_seen_subcommand_from check-config doctor' -F
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a secret -d 'make, show, list or revoke the secrets of guests'
complete -c hotseat -n '__fish_seen_subcommand_from secret; and not __fish_seen_subcommand_from new show list revoke' -a 'new show list revoke'
complete -c hotseat -n '__fish_seen_subcommand_from secret; and __fish_seen_subcommand_from new show revoke' -a '(__hotseat_guests)'
complete -c hotseat -n '__fish_seen_subcommand_from secret' -l show -d 'print the secret'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a certificate -d 'make or show what the daemon has for TLS'
complete -c hotseat -n '__fish_seen_subcommand_from certificate; and not __fish_seen_subcommand_from new show' -a 'new show'
complete -c hotseat -n '__fish_seen_subcommand_from doctor check-config secret certificate' -l config -r -F -d 'the config'
complete -c hotseat -n '__fish_seen_subcommand_from secret certificate' -l replace -d 'make another one'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a agent -d 'in a guest, switch its monitors when the host asks for it'
complete -c hotseat -n '__fish_seen_subcommand_from switch status agent' -l url -x -d 'a daemon elsewhere'
complete -c hotseat -n '__fish_seen_subcommand_from switch status agent' -l secret-file -r -F -d 'where the secret is'
complete -c hotseat -n '__fish_seen_subcommand_from switch status agent' -l fingerprint -x -d 'believe only this certificate'
complete -c hotseat -n "not __fish_seen_subcommand_from $commands" -a guest-kit -d 'write files with which a guest asks for the host'
complete -c hotseat -n '__fish_seen_subcommand_from guest-kit' -l guest -x -a '(__hotseat_guests)' -d 'the guest it is for'
complete -c hotseat -n '__fish_seen_subcommand_from guest-kit' -l url -x -d 'where the guest reaches hotseatd'
complete -c hotseat -n '__fish_seen_subcommand_from guest-kit' -l config -r -F -d 'the config'
complete -c hotseat -n '__fish_seen_subcommand_from guest-kit' -l replace -d 'write over the kit that is there'
complete -c hotseat -n '__fish_seen_subcommand_from guest-kit' -a '(__fish_complete_directories)'
complete -c hotseat -n '__fish_seen_subcommand_from help' -a "$commands"
