# SPDX-License-Identifier: GPL-3.0-or-later
{ lib, stdenv, buildPackages }:

stdenv.mkDerivation {
  pname = "hotseat-agent-windows";
  version = "0.1.0";
  src = ../../.;
  sourceRoot = "source/agent/windows";

  nativeBuildInputs = with buildPackages; [ meson ninja librsvg python3 ];
  mesonFlags = [ "--bindir=share/hotseat/windows" ];

  meta = {
    description = "hotseat's agent for Windows guests";
    license = lib.licenses.gpl3Plus;
    platforms = lib.platforms.windows;
  };
}
