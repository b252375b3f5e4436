// env: TZ=CET-1CEST,M3.5.0,M10.5.0/3
#include "check.h"
#include <time.h>

static void write_date(const char *what, const struct tm *t)
{
	char text[100];
	strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %b %j %U %z", t);
	printf("%s: %s dst %d\n", what, text, t->tm_isdst);
}

int main(void)
{
	time_t moments[] = { 0, 951782400, 1700000000, 1720000000, -1, -2208988800LL, 4102444800LL, 253402214400LL };
	for (unsigned i = 0; i < sizeof moments / sizeof *moments; i++) {
		struct tm t;
		gmtime_r(&moments[i], &t);
		write_date("utc", &t);
		show(timegm(&t) == moments[i]);
		localtime_r(&moments[i], &t);
		write_date("local", &t);
		show(mktime(&t) == moments[i]);
	}
	struct tm t = { .tm_year = 124, .tm_mon = 14, .tm_mday = 31, .tm_hour = 25, .tm_isdst = -1 };
	show(mktime(&t));
	write_date("normalised", &t);
	struct tm parsed = { 0 };
	show(strptime("2024-02-29 12:34:56", "%Y-%m-%d %H:%M:%S", &parsed) != 0);
	show(timegm(&parsed));
	printf("%s %s\n", tzname[0], tzname[1]);
	show(sizeof(time_t));
	printf("%s", asctime(gmtime(&moments[2])));
	return 0;
}
