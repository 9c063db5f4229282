/* SPDX-License-Identifier: GPL-2.0 */
/* the EDID of ddcsim's monitors: <maker> "DDCSIM <letter>", serial number SIM<serial> */
/* edid: 128 bytes. maker: three capitals. serial: -1 for a monitor that has none */
static void make_edid(u8 *edid, const char *maker, char letter, int serial)
{
	/* 1920x1080@60, analogue of a typical office monitor's EDID */
	static const u8 tmpl[128] = {
		0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x01, 0x1e, 0x01, 0x04, 0xa5, 0x34, 0x20, 0x78, 0x3a,
		0x04, 0x95, 0xa9, 0x55, 0x4d, 0x9d, 0x26, 0x10, 0x4f, 0x50,
		0xa5, 0x4b, 0x00, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		/* 1920x1080 148.5 MHz */
		0x02, 0x3a, 0x80, 0x18, 0x71, 0x38, 0x2d, 0x40,
		0x58, 0x2c, 0x45, 0x00, 0x09, 0x25, 0x21, 0x00, 0x00, 0x1e,
		0, 0, 0, 0xff, 0, /* serial */
	};
	char s[14];
	int i;
	u16 id = 0;
	u8 sum = 0, *d;

	memcpy(edid, tmpl, sizeof(tmpl));
	for (i = 0; i < 3; i++)		/* five bits each */
		id = id << 5 | (maker[i] & 0x1f);
	edid[8] = id >> 8;
	edid[9] = id;
	edid[10] = letter - 1;		/* product code */
	edid[11] = 0xd0;
	d = edid + 72;
	if (serial < 0) {
		d[3] = 0x10;			/* a descriptor without meaning */
	} else {
		edid[12] = serial;		/* the binary one */
		d[3] = 0xff;
		snprintf(s, sizeof(s), "SIM%04d\n      ", serial);
		memcpy(d + 5, s, 13);
	}
	d = edid + 90;			/* name */
	memset(d, 0, 18);
	d[3] = 0xfc;
	snprintf(s, sizeof(s), "DDCSIM %c\n     ", letter);
	memcpy(d + 5, s, 13);
	d = edid + 108;			/* range limits */
	memset(d, 0, 18);
	d[3] = 0xfd;
	memcpy(d + 5, "\x38\x4c\x1e\x53\x11\x00\x0a\x20\x20\x20\x20\x20\x20", 13);
	for (i = 0; i < 127; i++)
		sum += edid[i];
	edid[127] = -sum;
}
