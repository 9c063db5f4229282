#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""picture.py HOTSEATD AGENT FILE

The agent's settings at its first start under Wine, as a PNG for docs/windows-agent.md. xdotool, Xvfb, wine."""
import struct
import sys
import time
import zlib

from desk import Agent, until, windows


def write_png(path, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + row for row in rows)
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)) +
                chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


def crop(rows):
    """What is not the desktop's background: the dialog. The task bar is below it."""
    background = bytes(rows[0][:3])
    rows = [row for row in rows[:-32] if bytes(row).replace(background, b"")]
    inside = [x for x in range(0, len(rows[0]), 3) if any(row[x:x + 3] != background for row in rows)]
    return [row[inside[0]:inside[-1] + 3] for row in rows]


def main():
    try:
        with Agent(None):
            windows.in_front("hotseat: settings")
            windows.xdotool("mousemove", "512", "760")
            windows.xdotool("type", "http://192.168.122.1:5001")
            windows.xdotool("key", "Tab")
            until("the last letters are drawn", lambda: windows.screen() == (time.sleep(1), windows.screen())[1])
            write_png(sys.argv[3], crop(windows.screen()))
    finally:
        windows.close()


main()
