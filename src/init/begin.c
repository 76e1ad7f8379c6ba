/* From a container that is made, or joined, to its programs: the tree's first start, or with
 * nothing resident the one program in this one's place. */
#include "init/init.h"

#include "plan/exchange.h"

int
init_begin(struct init *init, struct error *err)
{
	struct tend *tend = &init->tend;

	if (exchange_is_in_place(init->plan))
		return launch_in_place(init, err);
	tend->plan = init->plan;
	tend->signals = init->signals;
	tend->proc = init->proc;
	tend->guard = init->guard;
	tend->workers.launch = launch_worker;
	tend->workers.context = init;
	return tend_begin(tend, err);
}
