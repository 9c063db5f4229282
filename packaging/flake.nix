# SPDX-License-Identifier: GPL-3.0-or-later
# hotseat on NixOS: the module is nixosModules.default, see nix/module.nix. In your flake:
#   inputs.hotseat.url = "git+file:///path/to/hotseat?dir=packaging";
{
  description = "Software KVM switch for virtual machines with their own GPU";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      forAllSystems = make:
        nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: make nixpkgs.legacyPackages.${system});
    in
    {
      packages = forAllSystems (pkgs: rec {
        hotseat = pkgs.callPackage ./nix/package.nix { };
        hotseat-guest = hotseat.override { guest = true; };
        hotseat-agent-windows = pkgs.pkgsCross.mingwW64.callPackage ./nix/agent-windows.nix { };
        default = hotseat;
      });

      nixosModules.default = { pkgs, lib, ... }: {
        imports = [ ./nix/module.nix ];
        services.hotseat.package = lib.mkDefault self.packages.${pkgs.stdenv.hostPlatform.system}.hotseat;
      };
    };
}
