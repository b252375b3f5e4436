/* How the characters of the first blocks compare; the build reads it out of the library's release (dump-lib.js). */
#ifndef PODIUM_NODE_COLLATION_H
#define PODIUM_NODE_COLLATION_H

#include <stdint.h>

enum { COLLATION_COUNT = 0x3000 };

/* By letter, by accent, by case and kind. A character whose first weight is 0 is an accent, or nothing. */
typedef struct CollationWeight {
  uint16_t primary, secondary, tertiary;
} CollationWeight;

extern const CollationWeight collation_table[COLLATION_COUNT];

#endif
