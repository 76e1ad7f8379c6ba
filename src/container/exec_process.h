/* What exec is to run: the process document, or the command line over the container's own process.
 */
#ifndef OSLESS_CONTAINER_EXEC_PROCESS_H
#define OSLESS_CONTAINER_EXEC_PROCESS_H

struct arena;
struct container_exec_options;
struct error;
struct plan;
struct spec;

/* Fills spec->process; nothing else of spec is used. -1: err names the option or the document. */
int exec_process(const struct plan *container, const struct container_exec_options *options,
    struct arena *arena, struct spec *spec, struct error *err);

#endif
