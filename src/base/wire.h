/* Named messages over a SOCK_SEQPACKET socket: one datagram a message, so that there are no partial
 * ones. The names are the caller's (plan/exchange.h). Both ends are the same build on the same
 * machine. */
#ifndef OSLESS_BASE_WIRE_H
#define OSLESS_BASE_WIRE_H

#include <stddef.h>
#include <stdint.h>

struct error;

#define WIRE_TEXT_MAX \
	32768u /* bytes of text in a message; the OCI state with its annotations must fit */

struct wire_head {
	uint32_t kind;   /* what the sender asks or says */
	int32_t number;  /* an errno, a signal, a pid: as kind says */
	uint32_t length; /* of the text that follows, without a NUL */
};

/* Sends one message; text may be NULL with length 0. -1: err filled (EPIPE: the peer is gone). */
int wire_send(
    int sock, uint32_t kind, int32_t number, const char *text, size_t length, struct error *err);

/* Sends fd with one byte of text to a socket of any type (SCM_RIGHTS): what programs of others
 * expect. */
int wire_send_fd(int sock, int fd, struct error *err);

/* Receives one message into *head and text (size bytes, gets a NUL at its end). timeout_ms -1:
 * waits for ever. Returns 1, or 0 when the peer has closed, or -1 with err filled (a message that
 * is cut, longer than size, or no frame at all). */
int wire_receive(
    int sock, struct wire_head *head, char *text, size_t size, int timeout_ms, struct error *err);

#endif
