// SPDX-License-Identifier: GPL-2.0
/*
 * ddcsim - virtual monitors on virtual I2C adapters, for testing DDC/CI code.
 *
 * Each monitor has one state (current input, brightness, ...) and CABLES
 * cables. A cable is an I2C adapter, /dev/i2c-N, as a graphics card would
 * register it: an EDID EEPROM at 0x50 and a DDC/CI display at 0x37. Cable 0
 * ("a") is plugged into input_a of the monitor, cable 1 ("b") into input_b:
 * think of them as the host's and the guest's graphics card.
 *
 * Adapters are numbered base, base+1, ...: monitor 0 cable a, monitor 0
 * cable b, monitor 1 cable a, ...  Where PCI display devices exist, cable a
 * hangs below the first of them and cable b below the second (ddcutil looks at
 * the PCI class of an adapter's parent).
 *
 * Control files, below /sys/kernel/debug/ddcsim/:
 *   reset                   any write: all monitors are as they were when the module was loaded
 *   card_<a|b>/peak         the most transfers, to any address, that have run at the same time on all
 *                           cables a (b), which are one graphics card's, since the last reset
 *   mon<M>/input            current input (feature 60), rw
 *   mon<M>/brightness       feature 10, rw
 *   mon<M>/caps             capabilities string, rw: any bytes, at most 8 KiB less one, in one
 *                           write; a lone NUL for an empty one
 *   mon<M>/log              one line for each Set VCP that was accepted:
 *                           "<CLOCK_MONOTONIC ns> <i2c bus> <feature> <value>"
 *                           any write empties it
 *   mon<M>/active_only      1: DDC/CI answers only on the cable of the active input
 *   mon<M>/ignore_set       1: Set VCP is acknowledged but does nothing
 *   mon<M>/lg               1: an LG monitor: Set VCP 60 does nothing, and F4 from the source
 *                           address 0x50 switches (D0 DisplayPort-1, 90 HDMI-1)
 *   mon<M>/reads_as         not 0: what reading feature 60 gives, whatever the input is
 *   mon<M>/own_input        1: reading feature 60 gives the input that the asking cable leads into
 *   mon<M>/reply_ms         time from request until the reply can be read
 *                           (before that: null message, as the standard says; a new request
 *                           begins a new wait)
 *   mon<M>/lost_ms          a Set VCP that comes less than so long after a reply was read, by
 *                           any cable, is acknowledged and lost
 *   mon<M>/lost             Set VCP lost so far, read only
 *   mon<M>/spring_ms        so long after a Set VCP has changed the input, the one before is back
 *                           (0: it stays)
 *   mon<M>/set_busy_ms      after a Set VCP, NAK everything for so long
 *   mon<M>/switch_ms        after a change of input, NAK everything for so long
 *   mon<M>/<a|b>/bus        i2c bus number, read only
 *   mon<M>/<a|b>/input      the monitor's input this cable leads into
 *   mon<M>/<a|b>/nak        NAK the next so many transfers to 0x37
 *   mon<M>/<a|b>/garble     give the next so many replies a wrong checksum
 *   mon<M>/<a|b>/dead       1: nothing answers, neither EDID nor DDC/CI
 *   mon<M>/<a|b>/ddc_off    1: EDID answers, DDC/CI does not ("DDC/CI off" in the menu)
 *   mon<M>/<a|b>/xfers      transfers to 0x37 so far
 *   mon<M>/<a|b>/bad        malformed requests so far
 *
 * twins=1 gives all monitors one EDID, without serial number, as cheap ones have.
 * maker=GSM makes all of them LG's, as far as the EDID says (lg is how one behaves).
 *
 * Transfers take as long as on a real 100 kHz bus: byte_us for each byte.
 * A bus that a process has open keeps the module from being unloaded, as with a real driver.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/i2c.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>
#include "ddcsim-edid.h"

#define MAX_MON 8
#define CABLES 2
#define LOGLEN 1024

static int monitors = 2; /* number of monitors (1-8) */
module_param(monitors, int, 0444);
static int base = 4; /* number of the first i2c bus */
module_param(base, int, 0444);
static bool twins; /* all monitors have the same EDID, without serial number */
module_param(twins, bool, 0444);
static char *maker = "DEL"; /* the EDIDs' manufacturer: three capitals */
module_param(maker, charp, 0444);
static int byte_us = 90; /* time a byte takes on the bus, in us (0: none) */
module_param(byte_us, int, 0644);

struct entry {
	u64 mono;
	int bus;
	u8 feature;
	u16 value;
};

/* All cables with one letter. Its lock is the innermost. */
struct card {
	spinlock_t lock;
	u32 running;		/* transfers */
	u32 peak;		/* of running, since a reset */
};

struct monitor;
struct cable {
	struct i2c_adapter adap;
	struct monitor *mon;
	struct card *card;
	char name;		/* 'a' or 'b' */
	bool added;
	u32 bus;
	struct device *gpu;
	struct_group(state,	/* 0 after a reset */
		u8 input;	/* monitor input it leads into */
		u32 nak, garble, xfers, bad;
		bool dead, ddc_off;
		u8 eeprom_pos;
		u8 reply[48];	/* answer waiting to be read; len 0: null message */
		int reply_len;
		ktime_t reply_at;
	);
};

struct monitor {
	int nr;
	char letter;
	struct mutex lock;
	struct cable cable[CABLES];
	u8 edid[128];
	char caps[8192];		/* behind caps_len, a NUL */
	size_t caps_len;
	struct delayed_work spring;
	struct_group(state,		/* 0 after a reset, but for what reset_monitor() sets */
		/* VCP features */
		u8 input, brightness, reads_as;
		/* behaviour */
		bool active_only, ignore_set, lg, own_input;
		u32 reply_ms, set_busy_ms, switch_ms, lost_ms, spring_ms;
		u32 lost;
		u8 spring_to;		/* 0: stays */
		ktime_t busy_until;
		ktime_t reply_read;	/* 0: not yet */
		unsigned int logged;
	);
	struct entry log[LOGLEN];	/* ring */
};

static struct monitor *mon[MAX_MON];
static struct card cards[CABLES];
static struct platform_device *pdev;
static struct dentry *dbg;

static const u8 inputs[] = { 0x01, 0x03, 0x0f, 0x11 };	/* VGA DVI DP HDMI */

/* -- monitor ------------------------------------------------------------- */

static void make_caps(struct monitor *m)
{
	m->caps_len = scnprintf(m->caps, sizeof(m->caps), "(prot(monitor)type(LCD)model(DDCSIM %c)"
				"cmds(01 02 03 0C E3 F3)vcp(10 60(01 03 0F 11) DF)mccs_ver(2.1))",
				m->letter);
}

static void reset_monitor(struct monitor *m)
{
	int i;

	cancel_delayed_work(&m->spring);	/* one that runs already finds spring_to 0 */
	memset(&m->state, 0, sizeof(m->state));
	m->brightness = 75;
	m->input = 0x0f;		/* the host's cable */
	make_caps(m);
	for (i = 0; i < CABLES; i++) {
		memset(&m->cable[i].state, 0, sizeof(m->cable[i].state));
		m->cable[i].input = i ? 0x11 : 0x0f;
	}
}

/* value and maximum of a feature; false: unsupported */
static bool get_feature(struct cable *c, u8 f, u16 *val, u16 *max)
{
	struct monitor *m = c->mon;

	switch (f) {
	case 0x10: *val = m->brightness; *max = 100; break;
	case 0x60: *val = m->own_input ? c->input : m->reads_as ?: m->input; *max = 0x0f00 | ARRAY_SIZE(inputs); break;
	case 0xdf: *val = 0x0201; *max = 0xffff; break;
	default: return false;
	}
	return true;
}

static void spring_back(struct work_struct *work)
{
	struct monitor *m = container_of(to_delayed_work(work), struct monitor, spring);

	mutex_lock(&m->lock);
	if (m->spring_to)
		m->input = m->spring_to;
	m->spring_to = 0;
	mutex_unlock(&m->lock);
}

/* inputs that it does not have are ignored, as real ones do */
static void select_input(struct monitor *m, u8 input)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(inputs); i++)
		if (inputs[i] == input && m->input != input) {
			if (m->spring_ms) {
				m->spring_to = m->input;
				mod_delayed_work(system_wq, &m->spring, msecs_to_jiffies(m->spring_ms));
			}
			m->input = input;
			m->busy_until = ktime_add_ms(ktime_get(), max(m->set_busy_ms, m->switch_ms));
			return;
		}
}

static void set_feature(struct cable *c, u8 source, u8 f, u16 v)
{
	struct monitor *m = c->mon;
	ktime_t now = ktime_get();

	if (m->reply_read && ktime_before(now, ktime_add_ms(m->reply_read, m->lost_ms))) {
		m->lost++;
		return;
	}
	m->log[m->logged++ % LOGLEN] = (struct entry){ ktime_to_ns(now), c->bus, f, v };
	m->busy_until = ktime_add_ms(now, m->set_busy_ms);
	if (m->ignore_set)
		return;
	if (f == 0x10)
		m->brightness = min_t(u16, v, 100);
	else if (f == 0x60 && !m->lg)
		select_input(m, v);
	else if (f == 0xf4 && m->lg && source == 0x50)
		select_input(m, v == 0xd0 ? 0x0f : v == 0x90 ? 0x11 : 0);
}

#include "ddcsim-ddc.h"

/* -- EDID at 0x50 -------------------------------------------------------- */

static void edid_msg(struct cable *c, struct i2c_msg *msg)
{
	int i;

	if (msg->flags & I2C_M_RD)
		for (i = 0; i < msg->len; i++, c->eeprom_pos++)
			msg->buf[i] = c->eeprom_pos < 128 ? c->mon->edid[c->eeprom_pos] : 0;
	else if (msg->len)
		c->eeprom_pos = msg->buf[0];
}

/* -- i2c adapter --------------------------------------------------------- */

/* the time that n bytes take on the wire */
static void bus_time(int n)
{
	if (byte_us > 0 && n > 0)
		usleep_range(byte_us * n, byte_us * n + 20);
}

static void card_begin(struct card *card)
{
	spin_lock(&card->lock);
	card->peak = max(card->peak, ++card->running);
	spin_unlock(&card->lock);
}

static void card_end(struct card *card)
{
	spin_lock(&card->lock);
	card->running--;
	spin_unlock(&card->lock);
}

static int transfer(struct cable *c, struct i2c_msg *msgs, int num)
{
	struct monitor *m = c->mon;
	bool ack = false;
	int i;

	for (i = 0; i < num; i++) {
		bus_time(1);			/* the address */
		mutex_lock(&m->lock);
		if (msgs[i].addr == 0x37)	/* one decision for a transfer */
			ack = i && msgs[i - 1].addr == 0x37 ? ack : ddc_acks(c);
		else
			ack = msgs[i].addr == 0x50 && !c->dead;
		mutex_unlock(&m->lock);
		if (!ack)
			return -ENXIO;
		bus_time(msgs[i].len);
		mutex_lock(&m->lock);		/* effect: after the last byte */
		if (msgs[i].addr == 0x37)
			ddc_msg(c, &msgs[i]);
		else
			edid_msg(c, &msgs[i]);
		mutex_unlock(&m->lock);
	}
	return num;
}

static int sim_xfer(struct i2c_adapter *adap, struct i2c_msg *msgs, int num)
{
	struct cable *c = i2c_get_adapdata(adap);
	int result;

	card_begin(c->card);
	result = transfer(c, msgs, num);
	card_end(c->card);
	return result;
}

static u32 sim_func(struct i2c_adapter *adap)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm sim_algo = {
	.master_xfer = sim_xfer,
	.functionality = sim_func,
};

/* the nth PCI display device, to be the adapter's parent */
static struct device *gpu(int nth)
{
	struct pci_dev *p = NULL;

	while ((p = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, p)))
		if (p->class >> 16 == PCI_BASE_CLASS_DISPLAY && nth-- == 0)
			return &p->dev;	/* with its reference */
	return NULL;
}

#include "ddcsim-files.h"

/* -- module -------------------------------------------------------------- */

static int add_cable(struct monitor *m, int j)
{
	struct cable *c = &m->cable[j];
	struct i2c_adapter *a = &c->adap;
	int err;

	c->mon = m;
	c->card = &cards[j];
	c->name = 'a' + j;
	c->bus = base + m->nr * CABLES + j;
	c->gpu = gpu(j);
	a->owner = THIS_MODULE;
	a->algo = &sim_algo;
	a->nr = c->bus;
	a->dev.parent = c->gpu ?: &pdev->dev;
	snprintf(a->name, sizeof(a->name), "DDCSIM adapter %d:%c", m->nr, c->name);
	i2c_set_adapdata(a, c);
	err = i2c_add_numbered_adapter(a);
	c->added = !err;
	return err;
}

static struct monitor *new_monitor(int nr)
{
	struct monitor *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return NULL;
	m->nr = nr;
	m->letter = twins ? 'A' : 'A' + nr;
	mutex_init(&m->lock);
	INIT_DELAYED_WORK(&m->spring, spring_back);
	make_edid(m->edid, maker, m->letter, twins ? -1 : 1000 + nr);
	reset_monitor(m);
	return m;
}

static void remove_all(void)
{
	int i, j;

	debugfs_remove_recursive(dbg);
	for (i = 0; i < MAX_MON && mon[i]; i++) {
		for (j = 0; j < CABLES; j++) {
			struct cable *c = &mon[i]->cable[j];

			if (c->added)
				i2c_del_adapter(&c->adap);
			if (c->gpu)
				pci_dev_put(to_pci_dev(c->gpu));
		}
		cancel_delayed_work_sync(&mon[i]->spring);
		kfree(mon[i]);
	}
	platform_device_unregister(pdev);
}

static int __init sim_init(void)
{
	int i, j, err = 0;

	if (strlen(maker) != 3)
		return -EINVAL;
	monitors = clamp(monitors, 1, MAX_MON);
	pdev = platform_device_register_simple("ddcsim", -1, NULL, 0);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	dbg = debugfs_create_dir("ddcsim", NULL);
	debugfs_create_file("reset", 0200, dbg, NULL, &reset_fops);
	for (j = 0; j < CABLES; j++)
		make_card_files(j);
	for (i = 0; !err && i < monitors; i++) {
		mon[i] = new_monitor(i);
		if (!mon[i])
			err = -ENOMEM;
		for (j = 0; !err && j < CABLES; j++)
			err = add_cable(mon[i], j);
		if (!err)
			make_files(mon[i]);
	}
	if (err) {
		pr_err("ddcsim: error %d\n", err);
		remove_all();
	}
	return err;
}

static void __exit sim_exit(void)
{
	remove_all();
}

module_init(sim_init);
module_exit(sim_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("virtual DDC/CI monitors on virtual I2C adapters");
