/* Texts that came from others, written so that they cannot harm what reads them: a terminal or a
 * JSON parser. */
#ifndef OSLESS_PLAN_QUOTE_H
#define OSLESS_PLAN_QUOTE_H

#include <stdio.h>

/* For one line of a terminal: control characters, backslashes and what is not UTF-8 become \xNN. */
void quote_text(const char *text, FILE *out);

/* A JSON string with its quotes (RFC 8259); what is not UTF-8 becomes U+FFFD, byte by byte. */
void quote_json(const char *text, FILE *out);

#endif
