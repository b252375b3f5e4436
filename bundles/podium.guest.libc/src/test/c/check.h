/* For programs whose output must be the same on Linux and in a pod: print what a call did, not where or when. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* show(expression): its text and its value. */
#define show(expression) printf("%s: %lld\n", #expression, (long long)(expression))
#define shows(expression) printf("%s: %s\n", #expression, expression)

/* try(call): its text and 0 or a positive result, or the errno. */
#define try(call) report(#call, (errno = 0, (long long)(call)))

static inline long long report(const char *text, long long result)
{
	if (result == -1) printf("%s: -1 errno %d\n", text, errno);
	else printf("%s: %lld\n", text, result);
	return result;
}

/* need(call): ends the program if a call fails that the test only prepares with. */
#define need(call) needed(#call, __LINE__, (long long)(call))

static inline long long needed(const char *text, int line, long long result)
{
	if (result == -1) {
		printf("line %d: %s failed, errno %d\n", line, text, errno);
		exit(99);
	}
	return result;
}
