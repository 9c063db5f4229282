# SPDX-License-Identifier: GPL-3.0-or-later
# Set services.hotseat.enable = true. Then `sudo hotseat setup --no-root` prints a config: write it to
# /etc/hotseat/config.yaml. Nix does not write it, because it can contain secrets and all users can read the store.
{ config, lib, pkgs, ... }:

let
  cfg = config.services.hotseat;
in
{
  options.services.hotseat = {
    enable = lib.mkEnableOption "hotseat, a software KVM switch for virtual machines";
    package = lib.mkOption {
      type = lib.types.package;
      description = "The package to use.";
    };
    users = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      example = [ "ann" ];
      description = "Users who can request a switch.";
    };
  };

  config = lib.mkIf cfg.enable {
    environment.systemPackages = [ cfg.package ];
    boot.kernelModules = [ "i2c-dev" "uinput" ];
    services.udev.packages = [ cfg.package ];
    systemd.packages = [ cfg.package ];
    systemd.services.hotseatd = {
      wantedBy = [ "multi-user.target" ];
      unitConfig.ConditionPathExists = "/etc/hotseat/config.yaml";
    };
    systemd.sockets.hotseat-inputd.wantedBy = [ "sockets.target" ];
    systemd.tmpfiles.rules = [
      "d /etc/hotseat 0755 root root -"
      "z /etc/hotseat/config.yaml 0600 hotseat hotseat -"
    ];

    # what data/sysusers creates on other systems
    users.groups = {
      hotseat.members = cfg.users;
      hotseat-input = { };
      i2c = { };
    };
    users.users = {
      hotseat = {
        isSystemUser = true;
        group = "hotseat";
        extraGroups = [ "i2c" "libvirtd" ];
      };
      hotseat-input = {
        isSystemUser = true;
        group = "hotseat-input";
        extraGroups = [ "input" ];
      };
    };
  };
}
