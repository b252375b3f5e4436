#include <stdio.h>

int main(void)
{
	puts("Hello from a pod");
	return 0;
}
