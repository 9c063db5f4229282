#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs in a bare Debian system, with the packages in /debs: what a user does with them, until nothing is left.
set -eu
apt='env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends'

step() { echo "-- $*"; }
fail() { echo "bare: $*" >&2; exit 1; }

# everything but caches, logs, and what dpkg and apt keep for themselves
files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /debs -o -path /tmp -o -path /root -o -path '/var/cache/*' \
		-o -path '/var/log/*' -o -path '/var/lib/apt/*' -o -path '/var/lib/dpkg/*' -o -path '/etc/*-' \) -prune -o \
		-printf '%y %m %U:%G %p %l\n' | grep -vE ' /etc/(\.pwd\.lock|ld\.so\.cache) | /var/lib/systemd/(catalog|timers)' | sort
	cat /etc/passwd /etc/group /etc/shadow /etc/gshadow
}
same() {
	files >/debs/after
	diff /debs/before /debs/after || fail "$1: something is left over"
}

step 'what they depend on'
for deb in /debs/hotseat*.deb; do
	depends=$(dpkg-deb -f "$deb" Depends)
	[ -z "$depends" ] || $apt satisfy "$depends" >/dev/null
done
useradd -m ann
files >/debs/before

step 'an older version is installed and used'
$apt install /debs/old.deb
grep -q '^_hotseat:' /etc/passwd
grep -q '^hotseat:' /etc/group
cat >/etc/hotseat/config.yaml <<'END'
libvirt: {domain: win11}
displays:
  - {monitor: AOC 2778X, host: dp1, guest: hdmi1}
END
chown _hotseat: /etc/hotseat/config.yaml
chmod 600 /etc/hotseat/config.yaml
hotseat secret new guest --config /etc/hotseat/config.yaml
echo learned >/var/lib/hotseat/monitors
usermod -aG hotseat ann
[ -e /usr/share/hotseat/old ]

step 'it is upgraded'
$apt install /debs/hotseat_*.deb
dpkg-query -W -f '${Status} ${Version}\n' hotseat | grep -v ' 0\.0\.9' | grep -q '^install ok installed'
[ ! -e /usr/share/hotseat ]
[ "$(stat -c %U:%G:%a /etc/hotseat/config.yaml)" = _hotseat:hotseat:600 ]
[ -s /etc/hotseat/secrets/guest ]
[ "$(cat /var/lib/hotseat/monitors)" = learned ]
id -nG ann | grep -qw hotseat
dpkg --verify hotseat

step 'an ordinary user switches a simulated desk'
su ann -c /debs/simulate

step 'it is removed, and what the user wrote stays'
$apt remove hotseat
[ -e /etc/hotseat/config.yaml ]
[ -e /var/lib/hotseat/monitors ]
[ ! -e /usr/bin/hotseatd ]

step 'it is installed again, and purged'
$apt install /debs/hotseat_*.deb
[ -e /etc/hotseat/config.yaml ]
$apt purge hotseat
same purge

step 'accounts that were there before stay'
groupadd -r i2c
usermod -aG i2c ann
files >/debs/before-i2c
$apt install /debs/hotseat_*.deb
$apt purge hotseat
files | diff /debs/before-i2c - || fail 'purge: the group i2c was not hotseat’s'
gpasswd -d ann i2c >/dev/null
groupdel i2c

step 'the packages for guests'
$apt install /debs/hotseat-guest_*.deb
su ann -c /debs/guest
[ ! -e /usr/bin/hotseatd ]
$apt install /debs/hotseat-agent-windows_*.deb
[ "$(head -c 2 /usr/share/hotseat/windows/hotseat-agent.exe)" = MZ ]
# a computer is a host or a guest
$apt install /debs/hotseat_*.deb
[ -e /usr/bin/hotseatd ]
dpkg-query -W -f '${db:Status-Abbrev}' hotseat-guest 2>/dev/null | grep -q '^i' && fail 'both packages are installed'
$apt purge hotseat hotseat-guest hotseat-agent-windows
same 'the guests’ purge'
