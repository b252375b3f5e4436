/* What time zones are called; the build reads it out of the library's release (dump-zones.js). */
#ifndef PODIUM_NODE_ZONE_H
#define PODIUM_NODE_ZONE_H

typedef struct ZoneNames {
  const char *zone, *standard, *summer;
  int summer_offset; /* in minutes: when it is called the latter */
} ZoneNames;

/* Sorted by zone. */
extern const ZoneNames zone_table[];
extern const int zone_count;

#endif
