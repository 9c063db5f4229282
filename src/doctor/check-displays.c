/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"

#include "common/error.h"
#include "display/monitor-models.h"
#include "display/show.h"
#include "ready/process.h"

#include <grp.h>
#include <string.h>
#include <sys/stat.h>

/* A display of the config, and what was found of it. */
typedef struct {
	Doctor *doctor;
	Findings *findings;
	const ConfigDisplay *config;
	FindingLevel level; /* of the problems */
	GPtrArray *fitting; /* FoundMonitor * that answer; borrowed */
} Look;

/* -- it is not there -------------------------------------------------------------------------- */

static const GError *refusal(const Doctor *doctor, int bus)
{
	for (guint i = 0; i < doctor->found.scan->refused->len; i++) {
		const RefusedBus *refused = doctor->found.scan->refused->pdata[i];

		if (refused->bus == bus)
			return refused->error;
	}
	return NULL;
}

/* Why the monitor on a bus could not be asked. Missing buses were not tried. NULL: the bus was
 * asked, and no monitor answered. */
static GError *why_no_answer(const Doctor *doctor, int bus)
{
	I2cSystem *i2c = doctor->places.machine.i2c;
	const GError *error = refusal(doctor, bus);
	GError *absent = NULL;

	if (error != NULL)
		return g_error_copy(error);
	i2c->ops->check(i2c, bus, &absent);
	return absent;
}

/* Monitors that no display of the config means: how many there are, and the first of them. */
static guint count_unclaimed(const Doctor *doctor, const FoundMonitor **first)
{
	guint count = 0;

	*first = NULL;
	for (guint i = 0; i < doctor->found.monitors->len; i++) {
		const FoundMonitor *monitor = doctor->found.monitors->pdata[i];
		gboolean claimed = monitor->panel || monitor->bus < 0;

		for (guint j = 0; j < doctor->config->displays->len; j++) {
			const ConfigDisplay *display = doctor->config->displays->pdata[j];

			claimed |= found_monitor_fits(monitor, &display->match);
		}
		if (claimed)
			continue;
		if (count++ == 0)
			*first = monitor;
	}
	return count;
}

/* there: the bus exists, and nothing answers on it, so most likely the monitor has no power.
 * Another monitor that the config does not name proves that the numbers changed only if the bus is
 * gone. */
static void say_wrong_bus(const Look *look, gboolean there)
{
	const FoundMonitor *other;
	guint others = count_unclaimed(look->doctor, &other);
	g_autofree char *label = other != NULL ? found_monitor_label(other) : NULL;
	g_autofree char *changed =
		label != NULL && !there
			? g_strdup_printf("; bus numbers change: there is %s, which the "
					  "configuration does not name",
				  label)
			: g_strdup("");
	Finding *finding = finding_at(look->findings, look->level, look->config->name,
		"%s /dev/i2c-%d%s", there ? "no monitor is on" : "there is no bus",
		look->config->match.bus, changed);

	/* If there are several, it has to ask which one is meant. */
	if (*changed != '\0')
		doctor_setup(look->doctor, finding, NULL, others == 1);
	else if (label == NULL)
		finding_advise(finding, "check that the monitor has power, and its cable");
	else
		finding_advise(finding,
			"check that the monitor has power, and its cable. If it is %s%s, its bus "
			"number has changed: run hotseat setup",
			label, others > 1 ? " or another one" : "");
}

static void say_busy(const Look *look, int bus, const GError *error)
{
	g_autofree char *node = g_strdup_printf("/dev/i2c-%d", bus);
	g_autofree char *path = doctor_path(look->doctor, node);
	int pid = process_locking(look->doctor->places.proc, path);
	g_autofree char *owner = pid != 0 ? process_describe(look->doctor->places.proc, pid) : NULL;
	Finding *finding;

	if (pid == 0) {
		finding = finding_at(
			look->findings, look->level, look->config->name, "%s", error->message);
		finding_advise(finding, "`sudo fuser -v %s` shows who uses it", node);
		return;
	}
	finding = finding_at(look->findings, look->level, look->config->name, "%s has locked %s",
		owner != NULL ? owner : "another program", node);
	doctor_stop_process(look->doctor, finding, pid);
}

static void say_no_bus(const Look *look)
{
	g_autoptr(GError) error = why_no_answer(look->doctor, look->config->match.bus);

	if (error == NULL)
		say_wrong_bus(look, TRUE);
	else if (error->code == HOTSEAT_ERROR_NO_BUS)
		say_wrong_bus(look, FALSE);
	else if (error->code == HOTSEAT_ERROR_TIMED_OUT)
		say_busy(look, look->config->match.bus, error);
	else
		finding_at(look->findings, look->level, look->config->name, "%s", error->message);
}

static void say_no_monitor(const Look *look)
{
	g_autoptr(GString) others = g_string_new(NULL);
	Finding *finding;

	for (guint i = 0; i < look->doctor->found.monitors->len; i++) {
		g_autofree char *label =
			found_monitor_label(look->doctor->found.monitors->pdata[i]);

		g_string_append_printf(others, "%s%s", i > 0 ? ", " : "; found: ", label);
	}
	finding = finding_at(look->findings, look->level, look->config->name,
		"no monitor matches its description%s", others->str);
	finding_advise(finding, "check its power and its cable, or correct the description: "
				"`hotseat detect` shows the monitors' names");
}

static void say_ambiguous(const Look *look)
{
	const FoundMonitor *one = look->fitting->pdata[0], *other = look->fitting->pdata[1];
	g_autofree char *first = found_monitor_label(one);
	g_autofree char *second = found_monitor_label(other);
	Finding *finding = finding_at(look->findings, look->level, look->config->name,
		"several monitors match its description: %s, %s", first, second);

	if (one->connector != NULL)
		finding_advise(finding, "tell them apart in the configuration: connector: %s",
			one->connector);
	else
		finding_advise(finding,
			"tell them apart in the configuration: bus: %d instead of monitor:",
			one->bus);
}

/* -- it is there ------------------------------------------------------------------------------ */

/* What the rules in data/udev do, as far as one line can. */
#define I2C_RULE                                                                                   \
	"SUBSYSTEM==\"i2c-dev\", ATTR{name}!=\"AMDGPU SMU*|AMDGPU DM i2c OEM bus*\", "             \
	"ATTRS{class}==\"0x03*\", GROUP=\"i2c\", MODE=\"0660\""

static void fix_permission(const Doctor *doctor, Finding *finding, const char *node)
{
	g_autofree char *path = doctor_path(doctor, node);
	gboolean ruled = ready_is_installed(doctor->places.root, "udev/rules.d/74-hotseat.rules") ||
			 ready_is_installed(doctor->places.root, "udev/rules.d/60-i2c-tools.rules");
	const struct group *group = NULL;
	struct stat st;

	/* If the group is root's own, no rule has given the bus to another group. */
	if (stat(path, &st) == 0 && st.st_gid != 0 && (st.st_mode & 0060) == 0060)
		group = getgrgid(st.st_gid);
	if (group != NULL) {
		doctor_join_group(doctor, finding, group->gr_name);
		return;
	}
	if (getgrnam("i2c") == NULL)
		doctor_meet(doctor, finding, READY_I2C_GROUP);
	doctor_apply_rules(doctor, finding, node, "74-hotseat-i2c.rules", ruled ? NULL : I2C_RULE);
	if (!person_in_group(doctor->user, "i2c"))
		doctor_meet(doctor, finding, READY_I2C_MEMBER);
}

/* Returns FALSE after a finding that the daemon has no permission, or that this is unknown. */
static gboolean check_permission(const Look *look, int bus)
{
	Doctor *doctor = look->doctor;
	const GError *error = refusal(doctor, bus);
	g_autofree char *node = g_strdup_printf("/dev/i2c-%d", bus);
	g_autofree char *path = doctor_path(doctor, node);
	gboolean there = g_file_test(path, G_FILE_TEST_EXISTS);
	gboolean refused = error != NULL && error->code == HOTSEAT_ERROR_NO_PERMISSION;
	Finding *finding;

	if (there ? doctor_may(doctor, path, PERSON_READ | PERSON_WRITE)
		  : !refused || !doctor_is_self(doctor)) {
		if (!refused)
			return TRUE;
		finding = finding_warning(look->findings, look->config->name,
			"%s has no permission to open %s, so the monitor was not checked",
			doctor->asking->name, node);
		finding_run(finding, "sudo hotseat doctor", doctor->config_path, NULL);
		return FALSE;
	}
	finding = finding_at(look->findings, look->level, look->config->name,
		"the user %s, which runs hotseatd, has no permission to open %s",
		doctor->user->name, node);
	fix_permission(doctor, finding, node);
	return FALSE;
}

static gboolean check_answers(const Look *look, const FoundMonitor *monitor)
{
	Finding *finding;

	if (monitor->answers)
		return TRUE;
	finding = finding_at(look->findings, look->level, look->config->name,
		"DDC/CI does not answer: %s", monitor->trouble);
	finding_advise(finding, "enable DDC/CI in the monitor's menu; or, if it listens only on "
				"its active input, switch it to this computer with its buttons");
	return FALSE;
}

static gboolean is_input_of(const ConfigDisplay *config, int input)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, config->inputs);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (show_reads_as(value) == input)
			return TRUE;
	return FALSE;
}

static const MonitorModel *model_of(const FoundMonitor *monitor)
{
	return monitor_models_find(monitor_models_builtin(), &monitor->edid);
}

/* Some monitors report this for every input. */
static void say_zero(const Look *look)
{
	g_autoptr(GString) targets = g_string_new(NULL);
	g_autoptr(GList) names =
		g_list_sort(g_hash_table_get_keys(look->config->inputs), (GCompareFunc)strcmp);
	Finding *finding = finding_warning(
		look->findings, look->config->name, "it reports 0x00, which is not an input");

	for (const GList *name = names; name != NULL; name = name->next)
		g_string_append_printf(
			targets, "%s%s: 0x00", name == names ? "" : ", ", (const char *)name->data);
	finding_advise(
		finding, "if it always does, add reads_as: {%s} to the display", targets->str);
}

/* "{guest: 0x1b}": for each target that the reading can mean. Free with g_free(). */
static char *possible_readings(const Look *look, int reading)
{
	GString *text = g_string_new(NULL);
	g_autoptr(GList) names =
		g_list_sort(g_hash_table_get_keys(look->config->inputs), (GCompareFunc)strcmp);

	for (const GList *name = names; name != NULL; name = name->next)
		if (!show_is_of_another(look->config->inputs, name->data, reading))
			g_string_append_printf(text, "%s{%s: 0x%02x}", text->len > 0 ? " or " : "",
				(const char *)name->data, (guint)reading);
	return g_string_free(text, FALSE);
}

static void check_input(const Look *look, const FoundMonitor *monitor)
{
	const MonitorModel *model = model_of(monitor);
	g_autofree char *label = NULL, *readings = NULL;
	Finding *finding;

	if (look->config->feature.code != CONFIG_FEATURE_INPUT || monitor->input < 0 ||
		is_input_of(look->config, monitor->input))
		return;
	/* The model is known for that, and check_model() has said so. */
	if (model != NULL && model->reports != MODEL_REPORTS_INPUT)
		return;
	if (monitor->input == 0) {
		say_zero(look);
		return;
	}
	label = show_label(CONFIG_FEATURE_INPUT, monitor->input);
	finding = finding_warning(look->findings, look->config->name,
		"it shows %s, which is the input of no target", label);
	readings = possible_readings(look, monitor->input);
	if (*readings != '\0')
		finding_advise(finding,
			"if the monitor does show one of them, add reads_as: %s to the display; "
			"otherwise switch it with its buttons",
			readings);
	else
		finding_advise(finding, "switch it with its buttons");
}

static gboolean lists(const CapabilitiesValues *inputs, guint code)
{
	for (guint i = 0; i < inputs->length; i++)
		if (inputs->codes[i] == code)
			return TRUE;
	return FALSE;
}

static void check_listed(const Look *look, const FoundMonitor *monitor)
{
	const CapabilitiesValues *inputs = &monitor->capabilities.inputs;
	GHashTableIter iter;
	gpointer target, value;

	if (inputs->length == 0 || look->config->feature.code != CONFIG_FEATURE_INPUT)
		return;
	g_hash_table_iter_init(&iter, look->config->inputs);
	while (g_hash_table_iter_next(&iter, &target, &value)) {
		const ConfigInput *input = value;
		g_autofree char *label = show_label(CONFIG_FEATURE_INPUT, input->value & 0xff);
		Finding *finding;

		if (lists(inputs, input->value & 0xff) ||
			monitor_model_input(model_of(monitor), input->value) != NULL)
			continue;
		finding = finding_warning(look->findings, look->config->name,
			"it does not list the input of %s, %s", (const char *)target, label);
		finding_advise(finding,
			"`hotseat detect` shows the listed ones; some monitors have others too");
	}
}

/* Codes of the config that the monitor does not have, although it may list them. */
static void check_wrong_codes(const Look *look, const MonitorModel *model)
{
	g_autofree char *inputs = monitor_model_describe_inputs(model);
	GHashTableIter iter;
	gpointer target, value;

	g_hash_table_iter_init(&iter, look->config->inputs);
	while (g_hash_table_iter_next(&iter, &target, &value)) {
		const ConfigInput *input = value;
		Finding *finding;

		if (!monitor_model_lacks(model, input->value))
			continue;
		finding = finding_warning(look->findings, look->config->name,
			"the monitor database says that it does not have the input of %s, 0x%02x",
			(const char *)target, input->value);
		if (*inputs != '\0')
			finding_advise(finding, "if the switch does nothing, use one of these: %s",
				inputs);
	}
}

/* Prints what the monitor database says. The config takes precedence, so this is only information
 * for the user. */
static void check_model(const Look *look, const FoundMonitor *monitor)
{
	const MonitorModel *model = model_of(monitor);
	g_autofree char *inputs = monitor_model_describe_inputs(model);
	g_autoptr(GPtrArray) remarks = monitor_model_remarks(model);
	g_autoptr(GString) text = g_string_new(NULL);

	if (model == NULL)
		return;
	if (*inputs != '\0' && model->feature != CONFIG_FEATURE_INPUT)
		g_string_append_printf(
			text, " Its feature 0x%02x selects %s.", model->feature, inputs);
	else if (*inputs != '\0')
		g_string_append_printf(text, " Its inputs are %s.", inputs);
	for (guint i = 0; i < remarks->len; i++)
		g_string_append_printf(text, " %s", (char *)remarks->pdata[i]);
	if (model->feature == look->config->feature.code)
		check_wrong_codes(look, model);
	finding_ok(look->findings, look->config->name, "the monitor database says:%s", text->str);
}

/* The kernel's module ddcci uses the address for a backlight. */
static void check_driver(const Look *look, const FoundMonitor *monitor)
{
	g_autofree char *name = g_strdup_printf("%d-0037", monitor->bus);
	g_autofree char *path = g_build_filename(
		look->doctor->places.machine.sysfs, "bus/i2c/devices", name, "driver", NULL);
	g_autofree char *target = g_file_read_link(path, NULL);
	g_autofree char *driver = target != NULL ? g_path_get_basename(target) : NULL;
	Finding *finding;

	if (driver == NULL)
		return;
	finding = finding_warning(look->findings, look->config->name,
		"the kernel's driver %s talks to it too: answers can get mixed up", driver);
	finding_run_as_root(finding, "modprobe -r", driver, NULL);
}

static void check_monitor(const Look *look, const FoundMonitor *monitor)
{
	g_autofree char *label = found_monitor_label(monitor);
	g_autofree char *cables = found_monitor_cables(monitor);
	g_autofree char *input = NULL;

	if (!check_permission(look, monitor->bus) || !check_answers(look, monitor))
		return;
	check_input(look, monitor);
	check_listed(look, monitor);
	check_driver(look, monitor);
	check_model(look, monitor);
	if (monitor->input >= 0)
		input = show_label(CONFIG_FEATURE_INPUT, monitor->input);
	finding_ok(look->findings, look->config->name, "%s; answers in %.0f ms%s%s%s%s", label,
		monitor->answer_ms, input != NULL ? ", shows " : "", input != NULL ? input : "",
		cables != NULL ? "; it has " : "", cables != NULL ? cables : "");
}

/* The monitor is identified by its EDID, and not all buses could be read: it may be on one of
 * those. */
static void check_refused(const Look *look)
{
	for (guint i = 0; i < look->doctor->found.scan->refused->len; i++) {
		const RefusedBus *refused = look->doctor->found.scan->refused->pdata[i];

		if (!check_permission(look, refused->bus))
			return;
		if (refused->error->code == HOTSEAT_ERROR_TIMED_OUT) {
			say_busy(look, refused->bus, refused->error);
			return;
		}
	}
	say_no_monitor(look);
}

/* Without the driver nothing can be said about monitors, and another finding says that it is
 * missing. */
static gboolean has_driver(const Look *look)
{
	I2cSystem *i2c = look->doctor->places.machine.i2c;
	g_autoptr(GArray) buses = i2c->ops->list(i2c);

	if (buses->len > 0)
		return TRUE;
	finding_warning(
		look->findings, look->config->name, "cannot be looked for without I2C buses");
	return FALSE;
}

static void check_display(Doctor *doctor, const ConfigDisplay *config)
{
	g_autoptr(GPtrArray) fitting = g_ptr_array_new();
	Look look = { doctor, doctor->findings, config, finding_level_of(config->optional),
		fitting };

	for (guint i = 0; i < doctor->found.monitors->len; i++) {
		FoundMonitor *monitor = doctor->found.monitors->pdata[i];

		if (monitor->bus >= 0 && found_monitor_fits(monitor, &config->match))
			g_ptr_array_add(fitting, monitor);
	}
	if (!has_driver(&look))
		return;
	if (fitting->len > 1)
		say_ambiguous(&look);
	else if (fitting->len == 1)
		check_monitor(&look, fitting->pdata[0]);
	else if (config->match.bus < 0 && doctor->found.scan->refused->len == 0)
		say_no_monitor(&look);
	else if (config->match.bus < 0)
		check_refused(&look);
	else if (check_permission(&look, config->match.bus))
		say_no_bus(&look);
}

void check_displays(Doctor *doctor)
{
	for (guint i = 0; i < doctor->config->displays->len; i++)
		check_display(doctor, doctor->config->displays->pdata[i]);
}
