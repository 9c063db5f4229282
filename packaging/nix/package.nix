# SPDX-License-Identifier: GPL-3.0-or-later
{ lib, stdenv, meson, ninja, pkg-config, scdoc, wrapGAppsNoGuiHook, acl, glib, glib-networking, gnutls, json-glib
, libgudev, libinput, libsoup_3, libvirt, libvirt-glib, libyaml, systemd, usbredir, udev
, guest ? false
}:

stdenv.mkDerivation {
  pname = if guest then "hotseat-guest" else "hotseat";
  version = "0.1.0";
  src = ../../.;

  nativeBuildInputs = [ meson ninja pkg-config scdoc wrapGAppsNoGuiHook ];
  # https needs glib-networking
  buildInputs = [ glib glib-networking json-glib libgudev libsoup_3 libyaml ]
    ++ lib.optionals (!guest) [ gnutls libinput libvirt libvirt-glib systemd udev usbredir ];

  mesonFlags = [
    "-Dwindows_agent=disabled"
    (lib.mesonBool "guest" guest)
    (lib.mesonBool "tests" false)
    (lib.mesonOption "libvirt_group" "libvirtd")
  ];

  # udev's rules need absolute paths
  postPatch = ''
    substituteInPlace data/udev/74-hotseat.rules.in \
      --replace-fail '| systemd-tmpfiles' '| ${systemd}/bin/systemd-tmpfiles'
  '';

  meta = {
    description = "Software KVM switch for virtual machines with their own GPU";
    license = lib.licenses.gpl3Plus;
    platforms = lib.platforms.linux;
    mainProgram = "hotseat";
  };
}
