/* Where the runtime says what went wrong: stderr for people, the engine's --log file for engines.
 *
 * CONTRACT: on failure exactly one line goes to the log file (podman parses it as one document);
 * with --log-format json a line is {"level":"error","msg":...,"time":RFC 3339}. Debug lines need
 * --debug. The log file is appended to. */
#ifndef OSLESS_BASE_LOG_H
#define OSLESS_BASE_LOG_H

struct error;

enum log_format { LOG_TEXT, LOG_JSON };
enum log_level { LOG_DEBUG, LOG_WARNING, LOG_ERROR };

/* path NULL: stderr only. debug 1: LOG_DEBUG lines are written too. -1: the file cannot be opened.
 */
int log_open(const char *path, enum log_format format, int debug, struct error *err);

/* Writes one line; never fails visibly. Warnings go to stderr only (a log file with more than one
 * document breaks podman); debug lines go to both. Text may hold anything: it is escaped. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
