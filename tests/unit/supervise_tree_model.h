/* What Erlang/OTP's supervisor(3) would do with a plan's tree in an invented world, written the way
 * supervisor.erl is: each supervisor is a process of its own with a mailbox, runs straight through
 * its code and blocks where Erlang's would. Slow, and easily compared with the original. Where
 * tree.h departs from OTP (osless), so does this.
 *
 * What tree.h leaves open is decided so:
 *
 * - A restart is counted, and its delay begins, when the supervisor comes to the failure.
 * - A group is stopped at once; it is started when the delay is over, which began with the failure.
 *   Until then its supervisor is busy, and other failures wait (in OTP there are no delays).
 * - With one_for_one no child waits for another: not for a delay, nor for leave to start, nor for a
 *   supervisor that is being started (OTP's would wait for that).
 * - A child has run for longer than a period if it had when it ended or was told to.
 * - Failures are taken in the order in which they happened; one whose child is stopped meanwhile
 *   is forgotten.
 * - Being stopped interrupts whatever a supervisor does: nothing more is started. (OTP's would
 *   finish first.) Until its turn comes in an orderly shutdown a supervisor restarts what fails.
 * - What was told to stop has not failed, whatever its status.
 * - Where no worker will live again, only each worker's last life counts. */
#ifndef OSLESS_TESTS_SUPERVISE_TREE_MODEL_H
#define OSLESS_TESTS_SUPERVISE_TREE_MODEL_H

#include "supervise_tree_world.h"

struct outcome {
	int64_t ended_ms;
	int32_t statuses[4]; /* of TREE_END: any of these (see supervise_tree_model.c) */
	int count;
};

/* Lives the whole life of the tree in world; its trace is what should be done. */
void model_run(struct world *world, struct outcome *outcome);

#endif
