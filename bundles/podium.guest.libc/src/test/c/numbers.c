/* What the machine computes: integers, floats, conversions, at their edges. */
#include "check.h"
#include <limits.h>
#include <math.h>
#include <stdint.h>

static const long long ints[] = { 0, 1, -1, 2, -2, 7, -7, 255, 65536, INT_MAX, INT_MIN, UINT_MAX, LLONG_MAX, LLONG_MIN, 0x123456789abcdefLL };
static const double doubles[] = { 0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 1e10, -1e10, 1e300, 1e-300, 4503599627370497.5, 0x1p63, -0x1p63, 123456.789 };

#define COUNT(a) ((int)(sizeof a / sizeof *a))

static unsigned long long hash = 14695981039346656037ULL;

static void mix(unsigned long long v)
{
	for (int i = 0; i < 8; i++) hash = (hash ^ (v >> 8 * i & 255)) * 1099511628211ULL;
}

static void mix_double(double d)
{
	unsigned long long bits;
	memcpy(&bits, &d, 8);
	mix(d == d ? bits : 0x7ff8000000000000ULL);
}

static void integers(void)
{
	for (int i = 0; i < COUNT(ints); i++) for (int j = 0; j < COUNT(ints); j++) {
		volatile long long a = ints[i], b = ints[j];
		volatile int c = (int)a, d = (int)b;
		unsigned long long ua = a, ub = b;
		unsigned uc = c, ud = d;
		mix(ua + ub), mix(ua - ub), mix(ua * ub), mix(ua & ub), mix(ua | ub), mix(ua ^ ub);
		mix(ua << (ub & 63)), mix(ua >> (ub & 63)), mix(a >> (ub & 63));
		mix(uc + ud), mix(uc * ud), mix(uc << (ud & 31)), mix(uc >> (ud & 31)), mix(c >> (ud & 31));
		mix(a < b), mix(ua < ub), mix(c < d), mix(uc < ud), mix(a == b);
		if (b && !(a == LLONG_MIN && b == -1)) mix(a / b), mix(a % b);
		if (ub) mix(ua / ub), mix(ua % ub);
		if (d && !(c == INT_MIN && d == -1)) mix(c / d), mix(c % d);
		if (ud) mix(uc / ud), mix(uc % ud);
		mix((signed char)a), mix((short)a), mix((unsigned char)a), mix((unsigned short)a);
		if (ua) mix(__builtin_clzll(ua)), mix(__builtin_ctzll(ua));
		if (uc) mix(__builtin_clz(uc)), mix(__builtin_ctz(uc));
		mix(__builtin_popcountll(ua)), mix(ua << (ub & 63) | ua >> (-ub & 63)), mix(uc << (ud & 31) | uc >> (-ud & 31));
	}
	printf("integers %llx\n", hash);
}

static void floats(void)
{
	for (int i = 0; i < COUNT(doubles); i++) for (int j = 0; j < COUNT(doubles); j++) {
		volatile double a = doubles[i], b = doubles[j];
		volatile float c = (float)a, d = (float)b;
		mix_double(a + b), mix_double(a - b), mix_double(a * b), mix_double(a / b);
		mix_double(c + d), mix_double(c * d), mix_double(c / d);
		mix_double(sqrt(fabs(a))), mix_double(floor(a)), mix_double(ceil(a)), mix_double(trunc(a)), mix_double(rint(a)), mix_double(round(a));
		mix_double(sqrtf(fabsf(c))), mix_double(floorf(c)), mix_double(ceilf(c)), mix_double(truncf(c)), mix_double(rintf(c));
		mix_double(copysign(a, b)), mix_double(fmod(a, b)), mix_double(fmin(a, b) + 0.0), mix_double(fmax(a, b) + 0.0);
		mix(a < b), mix(a <= b), mix(a == b), mix(a != b), mix(c > d), mix(signbit(a) != 0);
		if (fabs(a) < 2147483647.0) mix((int)a), mix((long long)a);
		if (fabs(a) < 9e18) mix((long long)a);
		if (a >= 0 && a < 4294967295.0) mix((unsigned)a);
		if (a >= 0 && a < 1.8e19) mix((unsigned long long)a);
	}
	for (int i = 0; i < COUNT(ints); i++) {
		volatile long long a = ints[i];
		mix_double((double)a), mix_double((float)a), mix_double((double)(unsigned long long)a), mix_double((float)(unsigned long long)a);
		mix_double((double)(int)a), mix_double((double)(unsigned)a);
	}
	printf("floats %llx\n", hash);
	volatile double zero = 0, infinite = 1 / zero, nan = zero / zero;
	show(isinf(infinite) != 0 && infinite > 0);
	show(isnan(nan) != 0 && !(nan == nan) && !(nan < 1) && !(nan > 1));
	show(isnan(infinite - infinite) != 0 && isnan(sqrt(-1 + zero)) != 0);
	show(1 / (zero * -1) == -infinite);
	volatile double tiny = 5e-324;
	show(tiny > 0 && tiny / 2 == 0);
}

/* The functions whose results are not required to be exact agree in the digits that count. */
static void functions(void)
{
	for (int i = 1; i < 10; i++) {
		volatile double x = i * 0.7;
		printf("%.10g %.10g %.10g %.10g %.10g %.10g %.10g %.10g\n", sin(x), cos(x), exp(x), log(x), pow(x, 1.3), atan2(x, 2), cbrt(x), tgamma(x));
	}
	int e;
	printf("%g ", frexp(48, &e));
	printf("%d %g %g\n", e, ldexp(0.75, 6), hypot(3, 4));
}

static __int128 wide(long long a, long long b) { return (__int128)a * b; }

static void wide_integers(void)
{
	volatile long long a = 0x123456789abcdefLL, b = -0x7edcba9876543210LL;
	__int128 p = wide(a, b);
	printf("%llx %llx\n", (long long)(p >> 64), (long long)p);
	printf("%llx %llx\n", (long long)(p / 12345), (long long)(p % 12345));
}

int main(void)
{
	integers();
	floats();
	functions();
	wide_integers();
	return 0;
}
