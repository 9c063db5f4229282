/* SPDX-License-Identifier: GPL-2.0 */
/* ddcsim's control files, in debugfs: see the head of ddcsim.c, which includes this */
static int log_show(struct seq_file *s, void *unused)
{
	struct monitor *m = s->private;
	unsigned int i;

	mutex_lock(&m->lock);
	for (i = m->logged > LOGLEN ? m->logged - LOGLEN : 0; i < m->logged; i++) {
		struct entry *e = &m->log[i % LOGLEN];

		seq_printf(s, "%llu %d %02x %04x\n", e->mono, e->bus, e->feature, e->value);
	}
	mutex_unlock(&m->lock);
	return 0;
}

static ssize_t log_write(struct file *f, const char __user *buf, size_t n, loff_t *pos)
{
	struct monitor *m = ((struct seq_file *)f->private_data)->private;

	mutex_lock(&m->lock);
	m->logged = 0;
	mutex_unlock(&m->lock);
	return n;
}

static int log_open(struct inode *inode, struct file *f)
{
	return single_open(f, log_show, inode->i_private);
}

static const struct file_operations log_fops = {
	.owner = THIS_MODULE,
	.open = log_open,
	.read = seq_read,
	.write = log_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static ssize_t caps_read(struct file *f, char __user *buf, size_t n, loff_t *pos)
{
	struct monitor *m = f->private_data;
	ssize_t done;

	mutex_lock(&m->lock);
	done = simple_read_from_buffer(buf, n, pos, m->caps, m->caps_len);
	mutex_unlock(&m->lock);
	return done;
}

static ssize_t caps_write(struct file *f, const char __user *buf, size_t n, loff_t *pos)
{
	struct monitor *m = f->private_data;
	ssize_t done;

	if (*pos < 0 || *pos + n >= sizeof(m->caps))
		return -EFBIG;
	mutex_lock(&m->lock);
	done = simple_write_to_buffer(m->caps, sizeof(m->caps) - 1, pos, buf, n);
	m->caps_len = *pos;
	m->caps[*pos] = 0;
	mutex_unlock(&m->lock);
	return done;
}

static const struct file_operations caps_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = caps_read,
	.write = caps_write,
};

static ssize_t reset_write(struct file *f, const char __user *buf, size_t n, loff_t *pos)
{
	int i;

	for (i = 0; i < MAX_MON && mon[i]; i++) {
		mutex_lock(&mon[i]->lock);
		reset_monitor(mon[i]);
		mutex_unlock(&mon[i]->lock);
	}
	for (i = 0; i < CABLES; i++) {
		spin_lock(&cards[i].lock);
		cards[i].peak = cards[i].running;
		spin_unlock(&cards[i].lock);
	}
	return n;
}

static const struct file_operations reset_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = reset_write,
};

static void make_card_files(int nr)
{
	char name[] = "card_a";
	struct dentry *d;

	spin_lock_init(&cards[nr].lock);
	name[5] += nr;
	d = debugfs_create_dir(name, dbg);
	debugfs_create_u32("peak", 0444, d, &cards[nr].peak);
}

static void make_files(struct monitor *m)
{
	char name[8];
	struct dentry *d, *cd;
	int i;

	snprintf(name, sizeof(name), "mon%d", m->nr);
	d = debugfs_create_dir(name, dbg);
	debugfs_create_x8("input", 0644, d, &m->input);
	debugfs_create_u8("brightness", 0644, d, &m->brightness);
	debugfs_create_file("caps", 0644, d, m, &caps_fops);
	debugfs_create_file("log", 0644, d, m, &log_fops);
	debugfs_create_bool("active_only", 0644, d, &m->active_only);
	debugfs_create_bool("ignore_set", 0644, d, &m->ignore_set);
	debugfs_create_bool("lg", 0644, d, &m->lg);
	debugfs_create_x8("reads_as", 0644, d, &m->reads_as);
	debugfs_create_bool("own_input", 0644, d, &m->own_input);
	debugfs_create_u32("reply_ms", 0644, d, &m->reply_ms);
	debugfs_create_u32("set_busy_ms", 0644, d, &m->set_busy_ms);
	debugfs_create_u32("switch_ms", 0644, d, &m->switch_ms);
	debugfs_create_u32("lost_ms", 0644, d, &m->lost_ms);
	debugfs_create_u32("lost", 0444, d, &m->lost);
	debugfs_create_u32("spring_ms", 0644, d, &m->spring_ms);
	for (i = 0; i < CABLES; i++) {
		struct cable *c = &m->cable[i];

		name[0] = c->name;
		name[1] = 0;
		cd = debugfs_create_dir(name, d);
		debugfs_create_u32("bus", 0444, cd, &c->bus);
		debugfs_create_x8("input", 0644, cd, &c->input);
		debugfs_create_u32("nak", 0644, cd, &c->nak);
		debugfs_create_u32("garble", 0644, cd, &c->garble);
		debugfs_create_bool("dead", 0644, cd, &c->dead);
		debugfs_create_bool("ddc_off", 0644, cd, &c->ddc_off);
		debugfs_create_u32("xfers", 0444, cd, &c->xfers);
		debugfs_create_u32("bad", 0444, cd, &c->bad);
	}
}
