/* Letting the process be frozen while it runs. */
#ifndef PODIUM_NODE_FREEZE_H
#define PODIUM_NODE_FREEZE_H

#include "env.h"

/* Watches for whoever wants it; part of env_start. 0 or libuv's error. */
int freeze_start(Env *env);
/* Did somebody, and did the loop stop for it? */
bool freeze_wanted(void);
/* Lets it be frozen. To be called between two runs of the loop; returns when it goes on here. */
void freeze_here(void);

#endif
