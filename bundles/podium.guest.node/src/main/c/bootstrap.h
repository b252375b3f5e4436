/* From nothing to a process that only lacks its loop, arguments and main module. */
#ifndef PODIUM_NODE_BOOTSTRAP_H
#define PODIUM_NODE_BOOTSTRAP_H

#include "env.h"

/* Makes the engine and runs the library's bootstrap. Touches no kernel state, so the result can be frozen. Exits the
   process with a message if the bootstrap fails. */
Env *bootstrap(void);

/* What a process that is going to be frozen does last: it spares those that start from the image work. */
void finish_for_freeze(Env *env);

#endif
