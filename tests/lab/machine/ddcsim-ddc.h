/* SPDX-License-Identifier: GPL-2.0 */
/* what ddcsim's monitors answer at 0x37: DDC/CI. See the head of ddcsim.c, which includes this */
static void put_reply(struct cable *c, const u8 *data, int n)
{
	u8 sum = 0x50;		/* host's virtual address, not sent */
	int i;

	c->reply[0] = 0x6e;
	c->reply[1] = 0x80 | n;
	memcpy(c->reply + 2, data, n);
	for (i = 0; i < n + 2; i++)
		sum ^= c->reply[i];
	c->reply[n + 2] = sum;
	if (c->garble) {
		c->garble--;
		c->reply[n + 2] ^= 0xff;
	}
	c->reply_len = n + 3;
	c->reply_at = ktime_add_ms(ktime_get(), c->mon->reply_ms);
}

static void ddc_request(struct cable *c, const u8 *p, int len)
{
	struct monitor *m = c->mon;
	u8 sum = 0x6e, source, r[40];
	u16 val, max;
	int n, i, off;

	n = len >= 3 ? p[1] & 0x7f : 0;
	for (i = 0; i < len; i++)
		sum ^= p[i];
	if (len < 3 || (p[0] != 0x51 && p[0] != 0x50) || !(p[1] & 0x80) || n != len - 3 || sum) {
		/* a lone byte is how tools probe for the address: not an error */
		if (len > 1)
			c->bad++;
		return;
	}
	c->reply_len = 0;
	source = p[0];
	p += 2;
	if (n == 2 && p[0] == 0x01) {			/* Get VCP Feature */
		memset(r, 0, sizeof(r));
		r[0] = 0x02;
		r[2] = p[1];
		if (get_feature(c, p[1], &val, &max)) {
			r[4] = max >> 8; r[5] = max;
			r[6] = val >> 8; r[7] = val;
		} else {
			r[1] = 0x01;			/* unsupported VCP code */
		}
		put_reply(c, r, 8);
	} else if (n == 4 && p[0] == 0x03) {		/* Set VCP Feature */
		set_feature(c, source, p[1], p[2] << 8 | p[3]);
	} else if (n == 3 && p[0] == 0xf3) {		/* Capabilities Request */
		off = p[1] << 8 | p[2];
		n = clamp((int)m->caps_len + 1 - off, 0, 32);
		r[0] = 0xe3;
		r[1] = p[1]; r[2] = p[2];
		memcpy(r + 3, m->caps + off, n);
		put_reply(c, r, n + 3);
	} else if (n == 1 && p[0] == 0x0c) {		/* Save Current Settings */
	} else {
		c->bad++;
	}
}

/* does the display acknowledge its address now? */
static bool ddc_acks(struct cable *c)
{
	struct monitor *m = c->mon;

	c->xfers++;
	if (c->nak) {
		c->nak--;
		return false;
	}
	return !c->dead && !c->ddc_off &&
	       !ktime_before(ktime_get(), m->busy_until) &&
	       !(m->active_only && m->input != c->input);
}

static void take_reply(struct cable *c, struct i2c_msg *msg)
{
	memcpy(msg->buf, c->reply, min_t(int, msg->len, c->reply_len));
	c->mon->reply_read = ktime_get();
}

static void ddc_msg(struct cable *c, struct i2c_msg *msg)
{
	static const u8 null_msg[3] = { 0x6e, 0x80, 0xbe };

	if (!(msg->flags & I2C_M_RD)) {
		ddc_request(c, msg->buf, msg->len);
		return;
	}
	memset(msg->buf, 0, msg->len);
	if (c->reply_len && !ktime_before(ktime_get(), c->reply_at))
		take_reply(c, msg);
	else
		memcpy(msg->buf, null_msg, min_t(int, msg->len, 3));
}
