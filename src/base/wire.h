/* Named messages over a SOCK_SEQPACKET socket: one datagram a message, so that there are no partial
 * ones. The names are the caller's (plan/exchange.h). Both ends are the same build on the same
 * machine. What is long goes along as a file. */
#ifndef OSLESS_BASE_WIRE_H
#define OSLESS_BASE_WIRE_H

#include <stdint.h>
#include <sys/types.h>

struct error;

#define WIRE_TEXT_MAX 1024u /* bytes, with the closing NUL */

struct wire_message {
	uint32_t kind;  /* what the sender asks or says */
	int32_t number; /* an errno, as kind says */
	int fd; /* goes along; -1 = none. The sender's stays its own, the receiver's is its own */
	char text[WIRE_TEXT_MAX];
};

/* A message of kind and nothing else. */
#define WIRE_MESSAGE(kind_) ((struct wire_message) { .kind = (kind_), .fd = -1 })

/* Sends one message. -1: err filled (EPIPE: the peer is gone). */
int wire_send(int sock, const struct wire_message *message, struct error *err);

/* Receives one message; text ends in a NUL, fd is close-on-exec. timeout_ms -1: waits for ever.
 * Returns 1, or 0 when the peer has closed (nothing is then open), or -1 with err filled: no frame
 * of ours. */
int wire_receive(int sock, struct wire_message *message, int timeout_ms, struct error *err);

/* For a socket whose peers are to say who they are: from here on wire_receive_from, without a limit
 * of time, tells the sender's pid as the receiver counts (SCM_CREDENTIALS, unix(7)). To be asked
 * before it is sent; wire_receive has no room for it. */
int wire_ask_sender(int sock, struct error *err);
int wire_receive_from(int sock, struct wire_message *message, pid_t *sender, struct error *err);

/* Sends fd with one byte of text to a socket of any type (SCM_RIGHTS): what programs of others
 * expect. */
int wire_send_fd(int sock, int fd, struct error *err);

/* The same with a text without its NUL, to a stream. */
int wire_send_text(int sock, const char *text, int fd, struct error *err);

#endif
