# SPDX-License-Identifier: GPL-3.0-or-later
"""hotseat agent, as in a Linux guest: the machine is the guest here, with real buses of its own."""
import contextlib
import http.server
import json
import queue
import subprocess
import threading

from begin import desk
from desk import GUEST, HOST, check, equal, eventually, sh

USER = "--reuid=nobody --regid=nogroup"
SECRET = "/run/hotseat-lab-secret"


class Host:
    """What the agent needs of hotseatd: events that the scenario writes, and answers kept."""

    def __init__(self):
        events, self.answers = queue.Queue(), queue.Queue()
        answers = self.answers
        self.events = events

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                check(self.headers["X-Secret"] == "sesame", "secret", self.headers)
                self.send_response(200)
                self.end_headers()
                while (event := events.get()) is not None:
                    self.wfile.write(event)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answers.put((self.path, json.loads(body)))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = "http://127.0.0.1:%d" % self.server.server_port

    def set_input(self, **request):
        """Asks, and returns the error that the agent answers with."""
        self.events.put(b"event: set-input\ndata: %s\n\n" % json.dumps({"id": 7, **request}).encode())
        path, answer = self.answers.get(timeout=180)
        equal((path, answer["id"]), ("/set-input", 7), "answer")
        return answer["error"]


@contextlib.contextmanager
def agent(groups):
    host = Host()
    sh("umask 077; echo sesame >%s; chown nobody %s" % (SECRET, SECRET))
    words = "exec setpriv %s %s hotseat agent --url %s --secret-file %s" % (USER, groups, host.url, SECRET)
    with subprocess.Popen(words, shell=True) as process:
        try:
            yield host
            process.terminate()
            equal(process.wait(180), 0, "exit status")
        finally:
            process.kill()
            host.events.put(None)
            host.server.shutdown()
            sh("rm " + SECRET)


def left(**more):
    return {"display": "left", "manufacturer": "DEL", "model": "DDCSIM A", "serial": None,
            "feature": 0x60, "value": HOST, **more}


@desk(config=None, guest="off")
def linux_agent(desk):
    """a Linux guest's agent sets the monitor that listens only to the guest, over its cable"""
    for m in desk.monitors:
        m["b/dead"] = 0  # the card is not away: the machine has both cables
        m["active_only"] = 1
        m["input"] = GUEST
    with agent("--groups=i2c") as host:
        equal(host.set_input(**left()), None, "error")
        equal([m.input for m in desk.monitors], [HOST, GUEST], "inputs")
        equal(host.set_input(**left(model="DDCSIM B", source_address=0x51)), None, "error")
        eventually(lambda: [m.input for m in desk.monitors] == [HOST, HOST], "the other one too")
        # neither of the two is this one
        check("finds no monitor" in host.set_input(**left(model="DDCSIM C")), "no such monitor")


@desk(config=None, guest="off")
def linux_agent_without_group(desk):
    """an agent without permission for the buses names the missing group"""
    desk.monitors[0]["input"] = GUEST
    with agent("--clear-groups") as host:
        error = host.set_input(**left())
        check("has no permission to open /dev/i2c-" in error and "usermod -aG i2c" in error, error)
    equal(desk.monitors[0].input, GUEST, "input")
