#include "check.h"
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <unistd.h>

static unsigned char a[4096], b[4096];

static int looks_random(const unsigned char *p, int n)
{
	int ones = 0;
	for (int i = 0; i < n; i++) ones += __builtin_popcount(p[i]);
	return ones > n * 4 - n / 4 && ones < n * 4 + n / 4;
}

int main(void)
{
	try(getrandom(a, sizeof a, 0));
	try(getrandom(b, sizeof b, GRND_NONBLOCK));
	show(looks_random(a, sizeof a));
	show(memcmp(a, b, sizeof a) != 0);
	try(getrandom(a, 0, 0));
	try(getrandom(a, 1, 99));
	show(getentropy(a, 256));
	try(getentropy(a, 257));
	int fd = need(open("/dev/urandom", O_RDONLY));
	try(read(fd, a, 4096));
	show(looks_random(a, 4096));
	close(fd);
	show(getauxval(AT_RANDOM) != 0);
	char one[] = "file-XXXXXX", two[] = "file-XXXXXX";
	show(mkstemp(one) > 2);
	show(mkstemp(two) > 2);
	show(strcmp(one, two) != 0);
	fd = need(open("/dev/zero", O_RDONLY));
	a[5] = 1;
	try(read(fd, a, 10));
	show(a[5]);
	close(fd);
	fd = need(open("/dev/null", O_RDWR));
	try(write(fd, a, 100));
	try(read(fd, a, 100));
	close(fd);
	return 0;
}
