#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a Windows icon of a drawing. usage: icon.py FILE.svg FILE.ico (needs rsvg-convert)"""
import struct
import subprocess
import sys

SIZES = 16, 20, 24, 32, 40, 48, 64, 256  # what Windows asks for at 100 to 250 %


def png(path, size):
    return subprocess.run(["rsvg-convert", "-w", str(size), "-h", str(size), path],
                          stdout=subprocess.PIPE, check=True).stdout


def main(source, target):
    images = [png(source, size) for size in SIZES]
    # ICONDIR, and an ICONDIRENTRY each: a size of 0 is 256; 1 plane, 32 bits
    head = struct.pack("<HHH", 0, 1, len(SIZES))
    offset = len(head) + 16 * len(SIZES)
    for size, image in zip(SIZES, images):
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(image), offset)
        offset += len(image)
    with open(target, "wb") as file:
        file.write(head + b"".join(images))


main(*sys.argv[1:])
