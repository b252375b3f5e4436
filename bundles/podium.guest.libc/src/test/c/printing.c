#include "check.h"
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <wchar.h>
#include <locale.h>

int main(void)
{
	printf("%d %i %u %x %X %o %c %s %%\n", -5, INT_MIN, UINT_MAX, 255, 255, 8, 'x', "text");
	printf("[%5d] [%-5d] [%05d] [%+d] [% d] [%.3d] [%*d] [%-*d]\n", 42, 42, 42, 42, 42, 7, 6, 1, 6, 1);
	printf("%lld %llu %" PRId64 " %" PRIx64 " %hhd %hd\n", LLONG_MIN, ULLONG_MAX, INT64_MAX, UINT64_MAX, 300, 70000);
	printf("[%10s] [%-10s] [%.2s] [%.*s]\n", "right", "left", "cut", 3, "variable");
	printf("%f %.0f %.10f %e %E %g %g %g %G\n", 3.14159, 2.5, 1.0 / 3, 12345.678, 1e-10, 1e-5, 100000.0, 1e6, 1e-20);
	printf("%f %f %f %e\n", INFINITY, -INFINITY, NAN, 0.0);
	printf("%a %a %a\n", 1.0, 0.1, -123.456);
	printf("%.15g %.17g %.17g\n", 0.1, 0.1, 1e23);
	printf("%.3f %.3f %.3f %.0f %.0f %.0f\n", 1.0005, 2.0015, -0.0005, 0.5, 1.5, 2.5);
	printf("%g %g %.20g\n", DBL_MAX, DBL_MIN, 4.9e-324);
	printf("%Lf %.3Le %Lg\n", 1.5L, 12345.678L, 1e100L);
	printf("%.1Lf %.10Lf\n", 0.25L, -2.0L / 4);
	printf("%d %d\n", (int)(1.0L + 0x1p-52L > 1.0L), (int)(sizeof(long double) == 16));
	char buf[20];
	int n = snprintf(buf, sizeof buf, "%s", "longer than twenty characters");
	printf("%d '%s'\n", n, buf);
	printf("%d\n", snprintf(0, 0, "%d", 12345));
	printf("%p %p\n", (void *)0 == NULL ? (void *)0x10 : 0, (void *)0xabc);
	printf("%zu %td %jd\n", (size_t)7, (ptrdiff_t)-7, (intmax_t)77);
	printf("%2$s %1$s\n", "second", "first");
	setlocale(LC_ALL, "C.UTF-8");
	printf("%ls %lc\n", L"wide \u00e9\u4e2d", (wint_t)0x20ac);
	wchar_t wide[20];
	show(mbstowcs(wide, "h\xc3\xa9", 20));
	show(wide[1]);
	show(mbstowcs(wide, "\xff\xfe", 20) == (size_t)-1);

	int i, count;
	unsigned u;
	double d;
	char word[20], rest[20];
	count = sscanf("42 0x1f 3.5e2 word,rest", "%d %x %lf %19[^,],%s", &i, &u, &d, word, rest);
	printf("%d: %d %u %g %s %s\n", count, i, u, d, word, rest);
	count = sscanf("12abc", "%d%n", &i, &n);
	printf("%d: %d %d\n", count, i, n);
	show(sscanf("", "%d", &i));
	show(sscanf("x", "%d", &i));

	char *end;
	errno = 0;
	show(strtol("  -0x7fz", &end, 0));
	shows(end);
	show(strtol("99999999999999999999", 0, 10) == LONG_MAX && errno == ERANGE);
	show(strtoll("-9223372036854775808", 0, 10));
	show(strtoul("777", 0, 8));
	printf("%.17g %.17g %.17g\n", strtod("1e400", 0), strtod("0x1.8p3", 0), strtod("nan", &end));
	printf("%.17g %.17g\n", strtod("2.2250738585072011e-308", 0), strtod("9007199254740993", 0));
	/* Every double that is printed with 17 digits reads as itself. */
	unsigned long long seed = 1;
	int different = 0;
	for (int k = 0; k < 4000; k++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		double x, y;
		memcpy(&x, &seed, 8);
		if (x != x) continue;
		char text[40];
		snprintf(text, sizeof text, "%.17g", x);
		y = strtod(text, 0);
		if (memcmp(&x, &y, 8)) different++;
	}
	show(different);
	return 0;
}
