#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""This machine's Debian sources of apt, as they would be for another release.

usage: sources.py SUITE FOLDER
"""
import pathlib
import re
import sys

ETC = pathlib.Path("/etc/apt")


def codename():
    return re.search(r"^VERSION_CODENAME=(\w+)", pathlib.Path("/etc/os-release").read_text(encoding="utf-8"),
                     re.M)[1]


def renamed(suites, here, there):
    """Those of this machine's release, under the other's names; sid has no updates."""
    mine = [s for s in suites.split() if s == here or s.startswith(here + "-")]
    if there == "sid":
        mine = [s for s in mine if s == here]
    return " ".join(there + s[len(here):] for s in mine if "backports" not in s)


def of_stanza(text, here, there):
    """deb822, or "" if it is not for this release."""
    field = re.search(r"^Suites:\s*(.*)$", text, re.M)
    suites = renamed(field[1], here, there) if field else ""
    if not suites or re.search(r"^Enabled:\s*no", text, re.M):
        return ""
    text = text[:field.start(1)] + suites + text[field.end(1):]
    return re.sub(r"^Types:.*", "Types: deb", text, flags=re.M)


def of_line(line, here, there):
    """One line of a .list, or ""."""
    match = re.match(r"(deb\s+(?:\[[^]]*\]\s+)?\S+\s+)(\S+)(\s.*)", line)
    suite = renamed(match[2], here, there) if match else ""
    return match[1] + suite + match[3] if suite else ""


def main(there, folder):
    here, count = codename(), 0
    for path in [ETC / "sources.list", *sorted(ETC.glob("sources.list.d/*"))]:
        if path.suffix not in (".list", ".sources") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        parts = (of_stanza(s, here, there) for s in re.split(r"\n\s*\n", text)) if path.suffix == ".sources" else \
                (of_line(line, here, there) for line in text.splitlines())
        kept = [part for part in parts if part]
        if kept:
            separator = "\n\n" if path.suffix == ".sources" else "\n"
            (pathlib.Path(folder) / path.name).write_text(separator.join(kept) + "\n", encoding="utf-8")
            count += 1
    if not count:
        sys.exit(f"no Debian {here} in this machine's apt sources, from which {there} could come")


main(*sys.argv[1:])
