/* The name of the time zone behind a date: " (Central European Summer Time)". */
#include <stdlib.h>
#include <time.h>

#include "zone.h"

static int engine_compare_zone(const void *zone, const void *names) { return strcmp(zone, ((const ZoneNames *)names)->zone); }

/* @return how much was written */
static int engine_put_zone(char *out, size_t size, JSValueConst milliseconds)
{
  double value = 0;
  struct tm tm;
  JS_ToFloat64(NULL, &value, milliseconds); /* a number, which needs no context */
  time_t seconds = (time_t)floor(value / 1000);
  localtime_r(&seconds, &tm);
  int minutes = (int)(tm.tm_gmtoff / 60), magnitude = abs(minutes);
  const char *zone = getenv("TZ");
  if (!zone || !*zone)
    zone = tm.tm_zone;
  if (*zone == ':')
    zone++;
  const ZoneNames *names = bsearch(zone, zone_table, (size_t)zone_count, sizeof *zone_table, engine_compare_zone);
  int n = names ? snprintf(out, size, " (%s)", minutes == names->summer_offset ? names->summer : names->standard)
                : snprintf(out, size, " (GMT%c%02d:%02d)", minutes < 0 ? '-' : '+', magnitude / 60, magnitude % 60);
  return n < (int)size ? n : 0;
}
