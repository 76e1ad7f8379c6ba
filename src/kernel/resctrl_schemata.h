/* Lines of a schemata file, "L3:0=ff;1=f0": whether a group has what is asked for. Pure. */
#ifndef OSLESS_KERNEL_RESCTRL_SCHEMATA_H
#define OSLESS_KERNEL_RESCTRL_SCHEMATA_H

struct error;

/* Each value of asked must be the one in has, which is the group's file; blanks, leading zeros and
 * case of letters do not count, as the kernel writes them in its own way. -1: err names the first
 * that differs. */
int schemata_match(const char *asked, const char *has, struct error *err);

#endif
