# SPDX-License-Identifier: GPL-3.0-or-later
"""A guest kit that `hotseat guest-kit` made, and its scripts as far as they can be run here."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

DEADLINE = 180
TLS = "  tls: {certificate: certificate.pem, key: key.pem}\n"
CONFIG = """\
libvirt: {{domain: win11}}
guests:
  - {{name: linux, domain: debian}}
devices:
  - {{name: keyboard, vendor: 0x28da, product: 0x1101}}
displays:
  - {{name: left, bus: 4, host: 0x0f, inputs: {{guest: 0x11, linux: 0x12}}}}
http:
  address: {address}
  security: {{enabled: true}}
"""
# with what is special in some language or other, and the name of a place in the templates
NASTY = """it's "so" \\b `n $HOME $(id) %PATH% {x} ; @url@ #& | <>^!"""


class Kit:
    """Made beside a config of its own, for the guest "guest"; more: options."""

    def __init__(self, hotseat, *more, config, secret=None):
        self.hotseat = hotseat
        self.config = config
        self.dir = pathlib.Path(tempfile.mkdtemp())
        if secret is not None:
            folder = config.parent / "secrets"
            folder.mkdir(mode=0o700, exist_ok=True)
            (folder / "guest").write_text(secret + "\n")
            (folder / "guest").chmod(0o600)
        self.made = json.loads(self.run("guest-kit", str(self.dir / "kit"), "--guest", "guest",
                                        "--json", *more))
        self.files = self.dir / "kit"
        self.secret = self.text("secret").strip("\n")

    def run(self, *args):
        done = subprocess.run([self.hotseat, *args, "--config", str(self.config)],
                              capture_output=True, text=True, timeout=DEADLINE)
        assert done.returncode == 0, (args, done)
        return done.stdout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir)

    def text(self, name):
        return (self.files / name).read_bytes().decode().replace("\r\n", "\n")

    def shell(self, **env):
        """Runs the Linux script, without a terminal: its exit status and what it says."""
        done = subprocess.run([self.files / "switch-to-host"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE,
                              env={**os.environ, "LC_ALL": "C.UTF-8", **env})
        assert not done.stdout, done
        return done.returncode, done.stderr

    def powershell(self):
        """Runs the PowerShell script's request, transliterated: its exit status and what it says."""
        source = self.dir / "Kit.cs"
        source.write_text(csharp(self.text("Switch-ToHost.ps1")))
        program = self.dir / "Kit.exe"
        subprocess.run(["mcs", "-warnaserror", "-langversion:5", f"-out:{program}", source],
                       check=True, timeout=DEADLINE)
        done = subprocess.run(["mono", program], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=DEADLINE)
        return done.returncode, done.stdout + done.stderr


def make_config(folder, address="192.168.122.1:5001", tls=False):
    config = pathlib.Path(folder) / "config.yaml"
    config.write_text(CONFIG.format(address=address) + (TLS if tls else ""))
    config.chmod(0o600)
    return config


# -- PowerShell, which Debian does not have: its .NET calls, as C#, run by Mono ------------------------

PROGRAM = """
class Program {
	static int Main() {
		%s
		try {
			%s
			return 0;
		} catch (System.Net.WebException e) {
			System.Console.WriteLine(e.Message);
			System.Console.WriteLine("refused: " + HotseatKit.Refused);
			if (e.Response != null)
				System.Console.WriteLine(new System.IO.StreamReader(e.Response.GetResponseStream()).ReadToEnd());
			return 1;
		}
	}
}
"""


def powershell_string(literal):
    """What a literal in single quotes says."""
    assert re.fullmatch("'([^']|'')*'", literal), literal
    return literal[1:-1].replace("''", "'")


def function(script, name):
    """The lines in a function's braces."""
    return re.search(rf"^function {name} {{\n(.*?)^}}", script, re.M | re.S)[1].splitlines()


def statement(line):
    """A line of the script's, all of which are calls and assignments, in C#."""
    line = re.sub(r" # .*", "", line.strip())
    line = re.sub(r"'([^']*)'", r'"\1"', line)
    line = re.sub(r"\[(Net|Text)\.(\w+)\]::", r"System.\1.\2.", line)
    line = re.sub(r"\[Net\.(\w+)\]::", r"System.Net.\1.", line).replace("[HotseatKit]::", "HotseatKit.")
    line = re.sub(r"^if \(\$pin\) { (.*) }", r'if (pin != "") \1', line)
    line = re.sub(r"^\$(\w+) = ", r"var \1 = ", line)
    line = line.replace("= System.Net.WebRequest", "= (System.Net.HttpWebRequest) System.Net.WebRequest")
    return re.sub(r"\$(\w+)", r"\1", line) + ";"


def csharp(script):
    source = re.search(r"^\$source = @'\n(.*?)\n'@$", script, re.M | re.S)[1]
    values = ""
    for name in "url", "secret", "pin", "body":
        value = powershell_string(re.search(rf"^\${name} = ('.*?')( #.*)?$", script, re.M)[1])
        values += f'string {name} = @"{value.replace(chr(34), chr(34) * 2)}";\n'
    request = [line for line in function(script, "New-Request") if line.strip() != "$request"]
    send = function(script, "Send-Request")
    place = next(i for i, line in enumerate(send) if line.strip() == "$request = New-Request")
    lines = send[:place] + request + send[place + 1:]
    return source + PROGRAM % (values, "\n".join(map(statement, lines)))


# -- AutoHotkey: its calls of WinHttpRequest, as JScript, run by Wine's script host ------------------

def ahk_string(literal, version):
    """What a literal says."""
    assert literal[0] == literal[-1] == '"', literal
    text = literal[1:-1]
    if version == 1:
        assert not re.search('(?<!")"(?!")', text.replace('""', "")), text
        text = text.replace('""', '`"')
    assert not re.search(r"\s;", text), "a comment begins in it"
    assert re.fullmatch('([^`"]|`.)*', text), text
    return re.sub("`(.)", lambda m: {"n": "\n", "r": "\r", "t": "\t"}.get(m[1], m[1]), text)


def jscript(script, version, wait):
    """The script's request. wait: asynchronous, as it is there. Wine then sends the body from freed
    memory, so check the body in a synchronous request."""
    lines = []
    for name in "url", "secret", "body":
        literal = re.search(rf"^{name} := (.*)$", script, re.M)[1]
        lines.append(f"var {name} = {json.dumps(ahk_string(literal, version))};")
    ask = re.search(r"^Ask\(\) {\n(.*?)^\treturn", script, re.M | re.S)[1]
    for line in ask.splitlines():
        line = re.sub(r" ; .*", "", line.strip())
        line = re.sub(r"^request := ComObj(ect|Create)\((.*)\)$", r"var request = new ActiveXObject(\2)", line)
        if not line.startswith("global "):
            lines.append(line + ";")
    lines.append('WScript.Echo(request.Status + " " + request.ResponseText);')
    text = "\r\n".join(lines) + "\r\n"
    assert 'request.Open("POST", url, true);' in text, text
    return text if wait else text.replace("url, true", "url, false")


def ahk_reason(script, version, answer):
    """What Reason() finds in hotseatd's answer: AutoHotkey's patterns are Perl's, as Python's are."""
    literal = re.search(r"RegExMatch\(TextOf\(request\), (.*), &?found\)", script)[1]
    if version == 1:
        pattern = ahk_string(literal, 1)
        assert pattern.startswith("O)"), pattern
        pattern = pattern[2:]
    else:
        assert re.fullmatch("'[^'`]*'", literal), literal
        pattern = literal[1:-1]
    unescape = re.search(r"""RegExReplace\(found\[1\], (['"])(.*?)\1, "\$1"\)""", script)[2]
    found = re.search(pattern, answer)
    return re.sub(unescape, r"\1", found[1]) if found else None
