#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the pages against the programs: configs, commands, links and messages. TAP.

usage: test_pages.py HOTSEATD HOTSEAT
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import tap

HOTSEATD, HOTSEAT = (pathlib.Path(name).resolve() for name in sys.argv[1:3])
ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = {path.relative_to(ROOT): path.read_text(encoding="utf-8")
         for path in [ROOT / "README.md", ROOT / "HACKING.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md",
                      *sorted(ROOT.glob("docs/*.md"))]}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
# what differs from desk to desk: …, what is in quotes, numbers, *a sentence*; and where sentences are joined
VARIABLE = re.compile(r'…|[:;] |"[^"]*"|\b0x[0-9a-f]+|\*[^*]+\*')


def everywhere(pattern, flags=0):
    """Each match in each page, with the page's name."""
    return [(page, match) for page, text in PAGES.items() for match in re.finditer(pattern, text, flags)]


# -- configs ---------------------------------------------------------------------------------------

def hotseat(*words):
    """What it prints, as JSON."""
    answer = subprocess.run([HOTSEAT, *words, "--json"], stdout=subprocess.PIPE, check=False)
    return json.loads(answer.stdout)


def problems_of(config, text):
    """A secret for each guest, as the pages say; what is of an earlier config goes."""
    config.write_text(text, encoding="utf-8")
    listed = hotseat("secret", "list", "--config", config)
    for stray in listed["strays"]:
        hotseat("secret", "revoke", stray, "--config", config)
    for guest in listed["guests"]:
        if guest["file"] is None:
            hotseat("secret", "new", guest["name"], "--config", config)
    return hotseat("check-config", config)["problems"]


def test_configs():
    """every config in the pages is valid"""
    blocks = [(page, match[2]) for page, match in everywhere(FENCE.pattern, FENCE.flags) if match[1] == "yaml"]
    assert len(blocks) >= 10, len(blocks)
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "config.yaml"
        config.touch(mode=0o600)
        (pathlib.Path(folder) / "secret").touch(mode=0o600)
        (pathlib.Path(folder) / "secret").write_text("a secret of sixteen characters", encoding="utf-8")
        config.write_text("libvirt: {domain: win11}\ncommands: {host: [\"true\"]}\n", encoding="utf-8")
        hotseat("certificate", "new", "--config", config)
        for page, text in blocks:
            problems = problems_of(config, text)
            assert not problems, f"{page}:\n{text}{problems}"


# -- commands --------------------------------------------------------------------------------------

def code(text):
    """What the reader types or copies, by lines: blocks, and text between ` and `."""
    rest = FENCE.sub("", text)
    lines = "\n".join([block for _, block in FENCE.findall(text)] + re.findall(r"^\t.*$", rest, re.M))
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", rest)]
    return lines.replace("\\\n", " ").splitlines() + spans


def typed(program):
    """(page, words) of each time that program is called."""
    call = re.compile(rf"(?<![\w.-])(?<!Name=)(?<!-aG )(?<!-u ){program}((?: +[^\s;|&<>()'\"`,]+)+)")
    for page, text in PAGES.items():
        for line in code(text):
            for match in call.finditer(line):
                yield page, match[1].split()


def options_of(*command):
    said = subprocess.run([HOTSEAT, "help", *command], stdout=subprocess.PIPE, text=True, check=True).stdout
    return set(re.findall(r"(?<!\w)--[a-z][\w-]*", said))


def test_commands():
    """every hotseat command in the pages exists, with its options"""
    told = subprocess.run([HOTSEAT, "help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    known = set(re.findall(r"^  ([a-z][\w-]*)", told, re.M))
    options, seen = {name: options_of(name) | options_of() for name in known}, set()
    for page, (first, *words) in typed("hotseat"):
        line = f"{page}: hotseat {' '.join([first, *words])}"
        if first.startswith("-"):
            assert first in options_of(), line
            continue
        assert first in known, line
        seen.add(first)
        for word in words:
            assert not word.startswith("--") or word in options[first], f"{line}: {word}"
    assert len(seen) > len(known) // 2, seen


def test_daemon():
    """every hotseatd option in the pages exists"""
    said = subprocess.run([HOTSEATD, "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    used = [(page, word) for page, words in typed("hotseatd") for word in words if word.startswith("-")]
    assert used
    for page, word in used:
        assert re.search(rf"(?<!\S){word}\b", said), f"{page}: hotseatd {word}"


# -- links -----------------------------------------------------------------------------------------

def anchors(text):
    """As GitHub makes them of headings."""
    heads = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def links():
    for page, match in everywhere(r"\]\(([^)\s]+)\)"):
        if "://" not in match[1]:
            name, _, anchor = match[1].partition("#")
            yield page, (ROOT / page).parent / name if name else ROOT / page, anchor


def test_links():
    """every link between the pages leads somewhere"""
    for page, target, anchor in links():
        assert target.exists(), f"{page}: no {target}"
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), f"{page}: {target}#{anchor}"


def test_found():
    """every page can be reached from the README"""
    seen, fresh = set(), {ROOT / "README.md"}
    while fresh:
        seen |= fresh
        fresh = {target.resolve() for page, target, _ in links() if ROOT / page in seen} - seen
    lost = {str(page) for page in PAGES if ROOT / page not in seen}
    assert not lost, lost


# -- messages --------------------------------------------------------------------------------------

def sources():
    """All text of the programs, as one reads it."""
    text = "".join(path.read_text(encoding="utf-8") for top in ("src", "agent")
                   for path in sorted((ROOT / top).rglob("*.c")))
    text = re.sub(r'"\s*\n\s*"', "", text).replace('\\"', '"')
    return " ".join(text.split()).casefold()


def quotes():
    """(page, message): the first column of tables of what is said, and sentences in italics."""
    for page, match in everywhere(r"^\| it says \|.*\n\|[- |]+\n((?:\|.*\n)+)", re.M):
        for row in match[1].splitlines():
            yield page, row.split("|")[1].strip()
    for page, text in PAGES.items():
        for said in re.findall(r"(?<![\w*])\*([^*`|]+)\*(?![\w*])", FENCE.sub("", text)):
            if len(said.split()) > 3 and page.parts[0] == "docs":
                yield page, said


def test_messages():
    """every message that the pages quote is one that a program can say"""
    said, count = sources(), 0
    for page, message in quotes():
        for part in VARIABLE.split(" ".join(message.split())):
            part = part.strip(" .:;").casefold()
            if len(part) > 5:
                count += 1
                assert part in said, f"{page}: {message!r}: {part!r}"
    assert count > 20, count


# -- manual pages -----------------------------------------------------------------------------------

def test_indentation():
    """in the manual pages no line leaves the paragraph that the line before it is in"""
    for path in sorted(ROOT.glob("man/*.scd")):
        lines = FENCE.sub("", path.read_text(encoding="utf-8")).splitlines()
        for number, (before, line) in enumerate(zip(lines, lines[1:]), 2):
            left = before.startswith("\t") and line and not line.startswith("\t")
            assert not left, f"{path.name}: {line!r} is not indented as the line before it"


# -- tests -----------------------------------------------------------------------------------------

def tests_there_are():
    """As docs/reliability.md names them: `unit PROGRAM/TEST`, `lab SCENARIO`, `daemon FUNCTION`."""
    for path in ROOT.glob("tests/unit/test-*.c"):
        program, text = path.stem[len("test-"):], path.read_text(encoding="utf-8")
        for name in re.findall(r'"(?:/[\w-]+/)?([\w-]+)"', text):
            yield f"unit {program}/{name}"
    for path in ROOT.glob("tests/lab/scenarios/test_*.py"):
        for name in re.findall(r"^@desk\(.*?\)\ndef (\w+)", path.read_text(encoding="utf-8"), re.M | re.S):
            yield f"lab {name}"
    text = (ROOT / "tests/integration/test_daemon.py").read_text(encoding="utf-8")
    for name in re.findall(r"^def (test_\w+)", text, re.M):
        yield f"daemon {name}"


def test_tests():
    """every test that docs/reliability.md names exists, and every row of its tables has one"""
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    there = set(tests_there_are())
    rows = [row for row in re.findall(r"^\| (.*) \|$", page, re.M) if not row.startswith(("fault |", "---"))]
    assert len(rows) > 30, len(rows)
    for row in rows:
        named = re.findall(r"`((?:unit|lab|daemon) [^`]+)`", row.split(" | ")[-1])
        assert named, row
        for name in named:
            assert name in there, name


tap.main(sys.modules[__name__])
