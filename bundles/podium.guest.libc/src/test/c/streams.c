// stdin: first line\nsecond line\nno newline at the end
#include "check.h"
#include <unistd.h>

static void standard_input(void)
{
	char line[100];
	show(fgets(line, sizeof line, stdin) != 0);
	printf("'%s'\n", line);
	show(fgetc(stdin));
	show(ungetc('S', stdin));
	char *all = 0;
	size_t size = 0;
	show(getline(&all, &size, stdin));
	printf("'%s'\n", all);
	show(fread(line, 1, sizeof line, stdin));
	show(feof(stdin) != 0);
	show(fgetc(stdin));
	free(all);
}

static void files(void)
{
	char buf[100];
	FILE *f = fopen("f", "w+");
	show(fprintf(f, "%s %d\n", "line", 1));
	show(fputs("line 2\n", f) >= 0);
	show(ftell(f));
	show(fseek(f, 5, SEEK_SET));
	show(fgetc(f));
	show(fseek(f, 0, SEEK_END));
	show(fwrite("tail", 2, 2, f));
	rewind(f);
	show(fread(buf, 1, sizeof buf, f));
	printf("%.18s\n", buf);
	show(fclose(f));
	show(fopen("absent/f", "r") == 0 ? errno : 0);
	f = fopen("f", "a+");
	fputs("more", f);
	show(ftell(f));
	rewind(f);
	show(fgetc(f));
	fclose(f);
	f = fopen("f", "r");
	show(fputc('x', f));
	show(ferror(f) != 0);
	clearerr(f);
	show(ferror(f));
	fclose(f);
	f = fopen("f", "wx");
	show(f == 0 ? errno : 0);
	f = tmpfile();
	show(f != 0);
	fputs("temporary", f);
	rewind(f);
	show(fscanf(f, "%99s", buf));
	shows(buf);
	fclose(f);
	show(remove("f"));
	show(access("f", F_OK));
}

static void in_memory(void)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	for (int i = 0; i < 5; i++) fprintf(f, "%d,", i);
	fclose(f);
	printf("%zu %s\n", size, text);
	free(text);
	char data[] = "1 2 3";
	int a, b, c;
	f = fmemopen(data, strlen(data), "r");
	show(fscanf(f, "%d %d %d", &a, &b, &c));
	show(a + b + c);
	fclose(f);
}

int main(void)
{
	standard_input();
	files();
	in_memory();
	fflush(stdout);
	setvbuf(stdout, 0, _IONBF, 0);
	printf("unbuffered ");
	write(1, "in order ", 9);
	printf("too\n");
	return 0;
}
