/* A request's words (plan/unit_exchange.h), and what is made of them. */
#ifndef OSLESS_SYSTEMD_WORDS_H
#define OSLESS_SYSTEMD_WORDS_H

#include <stddef.h>
#include <systemd/sd-bus.h>

struct error;

struct words {
	char *text; /* from malloc(3); each word ends in a NUL */
	size_t length;
	size_t at; /* the next word */
};

/* Reads them whole. -1: err. */
int words_read(int fd, struct words *words, struct error *err);
void words_free(struct words *words);

/* The next word, or NULL at the end. */
const char *words_next(struct words *words);

/* Appends all that is left as properties, a(sv). -1: err names the property. */
int words_append_properties(struct words *words, sd_bus_message *message, struct error *err);

#endif
