// libs: z
#include "check.h"
#include <zlib.h>

static unsigned char text[200000], packed[300000], again[200000];

int main(void)
{
	for (int i = 0; i < (int)sizeof text; i++) text[i] = "the quick brown fox "[(i * 7 + i / 100) % 20] + (i % 977 == 0);
	printf("crc %lx adler %lx\n", crc32(0, text, sizeof text), adler32(1, text, sizeof text));
	for (int level = 0; level <= 9; level += 3) {
		uLongf size = sizeof packed, back = sizeof again;
		show(compress2(packed, &size, text, sizeof text, level));
		show(size);
		show(uncompress(again, &back, packed, size));
		show(back == sizeof text && !memcmp(text, again, back));
	}
	packed[100] ^= 1;
	uLongf back = sizeof again;
	show(uncompress(again, &back, packed, 1000) < 0);
	gzFile f = gzopen("f.gz", "wb9");
	show(gzwrite(f, text, 10000));
	show(gzclose(f));
	f = gzopen("f.gz", "rb");
	show(gzread(f, again, sizeof again));
	show(memcmp(text, again, 10000));
	gzclose(f);
	return 0;
}
