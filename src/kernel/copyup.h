/* tmpcopyup (a mount option of runc and crun): a tmpfs starts as a copy of the directory that it
 * covers. */
#ifndef OSLESS_KERNEL_COPYUP_H
#define OSLESS_KERNEL_COPYUP_H

struct error;

/* Copies what is in directory from (an fd, O_PATH will do) into directory to: directories, files,
 * symlinks, with owner, mode and times. Sockets, fifos and devices are left out. No symlink is
 * followed, no other mount entered. -1: err. */
int copyup_tree(int from, int to, struct error *err);

#endif
