/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show-desk.h"

void show_desk_set_up(ShowDesk *f, gconstpointer unused)
{
	ConfigDisplay config = config_display(4);

	f->desk = desk_new();
	f->monitor = desk_monitor(f->desk, 4, "2778X", "1234");
	f->display = desk_display(f->desk, &config);
}

void show_desk_tear_down(ShowDesk *f, gconstpointer unused)
{
	resource_free(f->display);
	desk_free(f->desk);
}

void show_desk_configure(ShowDesk *f, ConfigDisplay config)
{
	resource_free(f->display);
	f->display = desk_display(f->desk, &config);
}

void show_desk_look(ShowDesk *f)
{
	I2cSystem *system = sim_i2c_system(f->desk->sim);
	g_auto(Outcome) outcome = observe(f->display);

	g_assert_no_error(outcome.error);
	system->ops->sleep_us(system, G_TIME_SPAN_SECOND, NULL);
	desk_forget(f->desk);
}
