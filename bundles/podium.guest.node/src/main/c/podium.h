/* require('podium:NAME'): functions that bundles of the host export under the import module NAME. */
#ifndef PODIUM_NODE_PODIUM_H
#define PODIUM_NODE_PODIUM_H

#include "env.h"

/* Teaches the CommonJS loader the scheme; part of the bootstrap. False with an exception. */
bool podium_install(Env *env);

#endif
