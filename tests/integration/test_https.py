#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests that send requests to hotseatd over TLS with curl, with secrets that are created and revoked. TAP.

usage: test_https.py HOTSEATD HOTSEAT
"""
import base64
import hashlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading

import tap
from daemon import DEADLINE, HOTSEAT, Daemon, until
from kit import CONFIG, TLS
from ports import reserve_port


def config(port):
    text = CONFIG.format(address=f"127.0.0.1:{port}") + TLS
    assert "domain: debian}" in text
    return text.replace("domain: debian}", "domain: debian, may_switch_to: [host, self]}")


def read_until(stream, text):
    """What comes may be cut in two anywhere."""
    seen = b""
    while text not in seen:
        data = stream.recv(65536)
        assert data, f"hung up before {text!r}: {seen!r}"
        seen += data


class Desk(Daemon):
    """A daemon that speaks TLS, with a certificate that `hotseat certificate new` made."""

    def __init__(self):
        self.port = reserve_port()
        super().__init__(config=config(self.port), prepare=self.make_certificate)

    def make_certificate(self):
        self.made = json.loads(self.own("certificate", "new", "--json", "--replace"))
        self.certificate = self.dir / "certificate.pem"

    def own(self, *args, status=0):
        """hotseat, for commands that use the config and need no daemon."""
        done = subprocess.run([HOTSEAT, *args, "--config", str(self.config)],
                              capture_output=True, text=True, timeout=DEADLINE)
        assert done.returncode == status, (args, done)
        return done.stdout

    def secret(self, guest, *more):
        return json.loads(self.own("secret", "new", guest, "--show", "--json", *more))["secret"]

    def curl(self, path, secret, *more, scheme="https"):
        """Returns the status (0: curl failed) and the answer."""
        done = subprocess.run(
            ["curl", "-sS", "--noproxy", "*", "-H", f"X-Secret: {secret}", "-w", "\n%{http_code}",
             *more, f"{scheme}://127.0.0.1:{self.port}{path}"],
            capture_output=True, text=True, timeout=DEADLINE)
        body, _, status = done.stdout.rpartition("\n")
        return int(status), body

    def switch(self, to, secret):
        return self.curl("/switch", secret, "--cacert", str(self.certificate),
                         "-H", "Content-Type: application/json", "-d", json.dumps({"to": to}))[0]

    def allows(self, secret):
        return self.curl("/status", secret, "--cacert", str(self.certificate))[0] == 200

    def context(self):
        return ssl.create_default_context(cafile=str(self.certificate))

    def public_key(self):
        """What curl --pinnedpubkey wants: of the part of the certificate that has the key."""
        out = subprocess.run(["openssl", "x509", "-in", str(self.certificate), "-noout", "-pubkey"],
                             capture_output=True, text=True, check=True).stdout
        der = ssl.PEM_cert_to_DER_cert(out.replace("PUBLIC KEY", "CERTIFICATE"))
        return "sha256//" + base64.b64encode(hashlib.sha256(der).digest()).decode()


def test_guests():
    """a guest's own secret switches to what may_switch_to says, from the moment it is made"""
    with Desk() as d:
        assert d.curl("/status", "x", "-k")[0] == 403
        linux, guest = d.secret("linux"), d.secret("guest")
        until("the secrets are read", lambda: d.allows(linux) and d.allows(guest))
        assert d.switch("linux", linux) == 200 and d.status()["target"] == "linux"
        assert d.switch("guest", linux) == 403 and d.status()["target"] == "linux"
        assert d.switch("toggle", linux) == 200 and d.status()["target"] == "host"
        assert d.switch("guest", guest) == 403 and d.status()["target"] == "host"
        d.hotseat("switch", "guest")
        assert d.switch("host", linux) == 200 and d.status()["target"] == "host"
        d.log_has('linux may not request this; see may_switch_to in hotseat.yaml(5)')


def test_revoke():
    """a client that listens with a revoked secret is disconnected; the others continue"""
    with Desk() as d:
        linux, guest = d.secret("linux"), d.secret("guest")
        until("the secrets are read", lambda: d.allows(linux) and d.allows(guest))
        streams = []
        for secret in linux, guest:
            stream = d.context().wrap_socket(socket.create_connection(("127.0.0.1", d.port)),
                                             server_hostname="127.0.0.1")
            stream.settimeout(DEADLINE)
            stream.sendall(f"GET /events HTTP/1.1\r\nX-Secret: {secret}\r\n\r\n".encode())
            read_until(stream, b"event: status")
            streams.append(stream)
        d.own("secret", "revoke", "linux")
        while streams[0].recv(65536):
            pass
        until("refused", lambda: d.curl("/status", linux, "-k")[0] == 403)
        d.hotseat("switch", "linux")
        read_until(streams[1], b"switch-finished")
        another = d.secret("guest", "--replace")
        while streams[1].recv(65536):
            pass
        assert d.allows(another)
        for stream in streams:
            stream.close()


def test_pins():
    """curl knows the daemon by its certificate and by its key, and by no others"""
    with Desk() as d:
        secret = d.secret("guest")
        until("the secret is read", lambda: d.allows(secret))
        with d.context().wrap_socket(socket.create_connection(("127.0.0.1", d.port)),
                                     server_hostname="127.0.0.1") as stream:
            seen = hashlib.sha256(stream.getpeercert(binary_form=True)).hexdigest()
            assert stream.version() in ("TLSv1.2", "TLSv1.3")
        assert seen == d.made["fingerprint"].replace(":", "").lower()
        assert d.curl("/status", secret)[0] == 0, "no authority vouches for it"
        assert d.curl("/status", secret, "-k", "--pinnedpubkey", d.public_key())[0] == 200
        assert d.curl("/status", secret, "-k", "--pinnedpubkey", "sha256//" + "A" * 43 + "=")[0] == 0
        assert d.curl("/status", secret, "-k", "--tls-max", "1.2")[0] == 200
        assert d.curl("/status", secret, "-k", "--tls-max", "1.1")[0] == 0


# LeakSanitizer (of GCC 12) crashes over a gnutls that was loaded at run time
NO_LEAKS = {"ASAN_OPTIONS": "detect_leaks=0"}


def test_linux_guest():
    """a Linux guest asks with its secret in a file, and believes the pinned certificate only"""
    with Desk() as d:
        secret = d.secret("linux")
        until("the secret is read", lambda: d.allows(secret))
        file, url = d.dir / "linux", f"https://127.0.0.1:{d.port}"
        file.write_text(secret + "\n")
        file.chmod(0o600)

        def ask(*words, pin=d.made["fingerprint"], status=0):
            done = subprocess.run(
                [HOTSEAT, *words, "--url", url, "--secret-file", str(file), "--fingerprint", pin],
                capture_output=True, text=True, timeout=DEADLINE, env={**os.environ, **NO_LEAKS})
            assert done.returncode == status, done
            return done

        assert "linux has the seat." in ask("switch", "linux").stdout
        assert "may not request this" in ask("switch", "guest", status=1).stderr
        assert json.loads(ask("status", "--json").stdout)["target"] == "linux"
        assert "does not match the fingerprint" in ask("switch", "host", pin="0" * 64, status=1).stderr
        assert d.status()["target"] == "linux"
        assert "The host has the seat." in ask("switch", "host").stdout
        file.write_text("a wrong secret\n")
        assert f"the secret that was sent is in {file}" in ask("status", status=1).stderr


def test_linux_agent():
    """the agent connects, notices that its secret was taken back, and ends when it is told to"""
    with Desk() as d:
        secret = d.secret("linux")
        until("the secret is read", lambda: d.allows(secret))
        (d.dir / "linux").write_text(secret)
        (d.dir / "linux").chmod(0o600)
        log = d.dir / "agent-log"
        environment = {**os.environ, **NO_LEAKS, "HOTSEAT_URL": f"https://127.0.0.1:{d.port}",
                       "HOTSEAT_FINGERPRINT": d.made["fingerprint"].lower(),
                       "HOTSEAT_SECRET_FILE": str(d.dir / "linux"), "LC_ALL": "C.UTF-8"}
        with subprocess.Popen([HOTSEAT, "agent"], stderr=log.open("w"), env=environment) as agent:
            try:
                until("connected", lambda: log.read_text().count("connected to https://") == 1)
                d.own("secret", "revoke", "linux")
                until("refused", lambda: "HTTP 403" in log.read_text())
                agent.send_signal(signal.SIGTERM)
                assert agent.wait(DEADLINE) == 0
            finally:
                agent.kill()


def test_renewed():
    """SIGHUP takes another certificate; one that is broken changes nothing"""
    with Desk() as d:
        secret = d.secret("guest")
        until("the secret is read", lambda: d.allows(secret))
        old = d.public_key()
        d.make_certificate()
        assert d.curl("/status", secret, "-k", "--pinnedpubkey", old)[0] == 200
        d.process.send_signal(signal.SIGHUP)
        d.hear("RELOADING=1")
        d.hear("READY=1")
        assert d.curl("/status", secret, "-k", "--pinnedpubkey", old)[0] == 0
        assert d.curl("/status", secret, "-k", "--pinnedpubkey", d.public_key())[0] == 200
        d.certificate.write_text("broken")
        d.process.send_signal(signal.SIGHUP)
        d.hear("RELOADING=1")
        d.hear("READY=1")
        d.log_has(f"config.yaml:11:22: certificate: {d.certificate} has no certificate in PEM")
        assert d.curl("/status", secret, "-k")[0] == 200


def test_plain():
    """plain HTTP on the TLS port gets an error that says so, and nothing else"""
    with Desk() as d:
        secret = d.secret("guest")
        until("the secret is read", lambda: d.allows(secret))
        status, body = d.curl("/status", secret, scheme="http")
        assert status == 400 and "https://" in json.loads(body)["error"], (status, body)
        for words in (["status"], ["switch", "host"]):
            done = subprocess.run([HOTSEAT, *words, "--url", f"http://127.0.0.1:{d.port}"],
                                  capture_output=True, text=True, timeout=DEADLINE)
            assert done.returncode == 2 and "use https://" in done.stderr, done


def test_tls_where_none_is():
    """https:// on the plain HTTP port gets an error that says so, without waiting"""
    port = reserve_port()
    with Daemon(config=CONFIG.format(address=f"127.0.0.1:{port}")):
        done = subprocess.run([HOTSEAT, "status", "--url", f"https://127.0.0.1:{port}"],
                              capture_output=True, text=True, timeout=DEADLINE,
                              env={**os.environ, **NO_LEAKS})
    assert done.returncode == 1 and "or use http://" in done.stderr, done
    assert ".;" not in done.stderr, done


def test_bad_certificate():
    """a missing certificate is an error in the config, with its position"""
    with Daemon(config=config(1), wait=False) as d:
        assert d.process.wait(DEADLINE) == 2
        d.log_has("config.yaml:11:22: certificate: ")
        d.log_has("config.yaml:11:44: key: ")


def test_forty():
    """forty clients at a time, of which some stop in the middle of the handshake"""
    with Desk() as d:
        secret = d.secret("guest")
        until("the secret is read", lambda: d.allows(secret))
        stuck = [socket.create_connection(("127.0.0.1", d.port)) for _ in range(20)]
        for s in stuck:
            s.sendall(b"\x16\x03\x01\x02\x00\x01")
        served = []

        def ask():
            # one that is turned away asks again, as agents do
            until("served", lambda: d.allows(secret))
            served.append(True)

        threads = [threading.Thread(target=ask) for _ in range(40)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert len(served) == 40
        d.hotseat("switch", "guest")
        for s in stuck:
            s.close()


tap.main(sys.modules[__name__])
