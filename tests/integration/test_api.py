#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/api.md, held against hotseatd: requests, answers, events, words, and Home Assistant's entities. TAP.

usage: test_api.py HOTSEATD HOTSEAT
"""
import http.client
import json
import pathlib
import re
import shlex
import sys
import urllib.parse

import ports
import tap
from daemon import Daemon, until

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.M | re.S)
ADDRESS, SECRET = "192.168.122.1:5001", "only for this test"


def blocks(kind):
    return [text for name, text in BLOCKS if name == kind]


class Desk(Daemon):
    """The page's config, on a port of this machine."""

    def __init__(self):
        self.address = f"127.0.0.1:{ports.reserve_port()}"
        super().__init__(config=blocks("yaml")[0].replace(ADDRESS, self.address), prepare=self.write_secret)

    def write_secret(self):
        secret = self.dir / "secret"
        secret.write_text(SECRET + "\n")
        secret.chmod(0o600)

    def request(self, method, url, headers, body=None):
        """An answer, whose body is not read yet."""
        parts = urllib.parse.urlsplit(url.replace(ADDRESS, self.address))
        connection = http.client.HTTPConnection(parts.netloc, timeout=180)
        target = parts.path + ("?" + parts.query if parts.query else "")
        connection.request(method, target, body=body, headers=headers)
        return connection.getresponse()

    def ask(self, *args):
        answer = self.request(*args)
        return answer.status, json.loads(answer.read())

    def curl(self, line):
        """What curl would send for a line of the page."""
        words = shlex.split(line.replace("$SECRET", SECRET))
        assert words[0] == "curl", line
        headers, body, url, rest = {}, None, None, iter(words[1:])
        for word in rest:
            if word == "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            elif word == "-d":
                body = next(rest)
            elif not word.startswith("-"):
                url = word
        return ("GET" if body is None else "POST", url, headers, body)


def plain(value):
    """Without what differs from run to run, and what only a simulated desk has."""
    if isinstance(value, dict):
        return {name: 0 if name in ("ms", "version") else plain(item) for name, item in value.items()
                if name not in ("simulated", "arrived")}
    return [plain(item) for item in value] if isinstance(value, list) else value


def read_events(answer):
    """(name, data) of each event of a stream."""
    name = None
    while line := answer.readline().decode().rstrip("\n"):
        if line.startswith("event: "):
            name = line[len("event: "):]
        elif line.startswith("data: "):
            yield name, json.loads(line[len("data: "):])
            answer.readline()


def examples():
    """(curl's line, the answer) of each request whose answer the page shows next."""
    for (kind, line), (following, answer) in zip(BLOCKS, BLOCKS[1:]):
        if kind == "sh" and following == "json" and "/events" not in line:
            yield line, json.loads(answer)


def test_requests():
    """each request of the page has the answer that the page shows"""
    with Desk() as desk:
        until("everything at the host", lambda: desk.status()["target"] and all(
            thing["at"] for kind in ("displays", "devices") for thing in desk.status()[kind]))
        shown = list(examples())
        assert len(shown) == 5, len(shown)
        for line, answer in shown:
            _, said = desk.ask(*desk.curl(line))
            assert plain(said) == plain(answer), f"{line}\n{said}"


def test_set_input_unasked():
    """an agent's answer that no order waits for is refused"""
    with Desk() as desk:
        line = next(line for line in blocks("sh") if "/set-input" in line)
        status, said = desk.ask(*desk.curl(line))
        assert status == 409 and not said["success"], said


def test_events():
    """each event of the page is sent, with the data that the page shows"""
    wanted = {name: plain(json.loads(text)) for name, text in
              re.findall(r"^`([\w-]+)`:\n\n```json\n(.*?)^```$", PAGE, re.M | re.S)}
    assert set(wanted) == {"switch-started", "step", "changed", "guest"}, set(wanted)
    listed = re.findall(r"^\| `([\w-]+)` \| [^|]+ \| [^|]+ \|$", PAGE[PAGE.index("| event |"):PAGE.index("An example")], re.M)
    with Desk() as desk:
        stream = desk.request(*desk.curl(next(line for line in blocks("sh") if "/events" in line)))
        desk.ask(*desk.curl(next(line for line in blocks("sh") if '"guest"' in line)))
        desk.break_it("kill", "guest")
        seen = set()
        for name, data in read_events(stream):
            assert name in listed, name
            seen.add(name)
            if wanted.get(name) == plain(data):
                del wanted[name]
            if not wanted:
                break
        assert {"status", "switch-finished"} <= seen, seen


def test_set_input():
    """the order of the page is the one that an agent gets"""
    text = PAGE[PAGE.index("the event `set-input`:"):]
    shown = json.loads(re.search(r"```json\n(.*?)```", text, re.S)[1])
    with Desk() as desk:
        secret = {"X-Secret": SECRET}
        stream = desk.request("GET", f"http://{ADDRESS}/events?agent=test", secret)
        desk.hotseat("switch", "guest")
        desk.break_it("deafen", "left")
        until("an agent", lambda: desk.status()["agents"])
        # its answer comes only after this agent's
        waiting = http.client.HTTPConnection(desk.address, timeout=180)
        waiting.request("POST", "/switch", body='{"to": "host"}',
                        headers={**secret, "Content-Type": "application/json"})
        order = next(data for name, data in read_events(stream) if name == "set-input")
        assert set(order) == set(shown), order
        assert {name: order[name] for name in order if name != "serial"} == \
            {name: shown[name] for name in shown if name != "serial"}, order
        status, _ = desk.ask("POST", f"http://{ADDRESS}/set-input", {**secret, "Content-Type": "application/json"},
                             json.dumps({"id": order["id"], "error": "not today"}))
        assert status == 200
        waiting.close()


def words_of(path, pattern):
    return re.findall(pattern, (ROOT / path).read_text(encoding="utf-8"))


def test_words():
    """every route, state, outcome and event that the source has is in a table of the page"""
    tables = "\n".join(line for line in PAGE.splitlines() if line.startswith("|"))
    words = words_of("src/seat/names.c", r'\[\w+\] = "([\w-]+)"') + words_of("src/common/guest.c", r'\[\w+\] = "([\w-]+)"')
    words += words_of("src/http/events.c", r'\[SEAT_\w+\] = "([\w-]+)"')
    words += [" ".join(pair) for pair in words_of("src/http/route.c", r'\{ "(\w+)", "(/[\w-]*)"') if pair != ("HEAD", "/")]
    assert len(words) > 30, words
    for word in words:
        assert f"`{word}`" in tables, word


def test_hidden():
    """what is left out for guests is what the page says"""
    hidden = words_of("src/http/seat-json.c", r'^\t"(\w+)",\s+/\*') or \
        re.findall(r'"(\w+)",', re.search(r"hidden\[\] = \{(.*?)\n\}", (ROOT / "src/http/seat-json.c").read_text(), re.S)[1])
    sentence = re.search(r"A guest does not see (.*?)\.", PAGE, re.S)[1]
    assert sorted(re.findall(r"`(\w+)`", sentence)) == sorted(hidden), hidden


# -- Home Assistant --------------------------------------------------------------------------------

def entity(kind):
    """The keys of the page's only entity of this kind, as Home Assistant reads them."""
    text = re.search(rf"^{kind}:\n((?: .*\n)+)", blocks("yml")[0], re.M)[1]
    keys = dict(re.findall(r"^ {2,4}(?:- )?(\w+): (.+)$", text, re.M))
    headers = dict(re.findall(r"^ {6}([\w-]+): (.+)$", text, re.M))
    headers = {name: SECRET if value == "!secret hotseat" else value for name, value in headers.items()}
    return {name: value.strip("'\"") for name, value in keys.items()}, headers


class Value(dict):
    __getattr__ = dict.get


def render(template, answer):
    """Of the language of templates, what the page uses: an expression that Python has as well."""
    expression = re.fullmatch(r"\{\{ (.*) \}\}", template)[1]
    return eval(expression, {"__builtins__": {}}, {"value_json": json.loads(answer, object_hook=Value)})


def test_home_assistant():
    """Home Assistant's sensor and switch, as the page has them, show the seat and move it"""
    sensor, sensor_headers = entity("sensor")
    switch, switch_headers = entity("switch")
    assert sensor["platform"] == switch["platform"] == "rest"

    with Desk() as desk:
        def shown():
            seat = render(sensor["value_template"], desk.request("GET", sensor["resource"], sensor_headers).read())
            state = desk.request("GET", switch["state_resource"], switch_headers).read()
            return seat, render(switch["is_on_template"], state)

        assert shown() == ("host", False)
        for body, after in ("body_on", ("guest", True)), ("body_off", ("host", False)):
            answer = desk.request("POST", switch["resource"], switch_headers, switch[body])
            assert answer.status == 200, answer.read()
            answer.read()
            assert shown() == after


tap.main(sys.modules[__name__])
