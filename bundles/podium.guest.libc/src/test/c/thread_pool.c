// libs: uv
/* libuv's thread pool, which makes do with the threads there are, and with none. */
#include "check.h"
#include <uv.h>

static uv_loop_t *loop;
static int sums[8], worked;

static void work(uv_work_t *w)
{
	int *sum = w->data;
	for (int i = 0; i < 1000; i++) *sum += i;
}

static void after_work(uv_work_t *w, int status) { worked += status == 0; }

static void computing(void)
{
	static uv_work_t w[8];
	for (int i = 0; i < 8; i++) {
		w[i].data = &sums[i];
		need(uv_queue_work(loop, &w[i], work, after_work));
	}
	show(uv_run(loop, UV_RUN_DEFAULT));
	show(worked);
	show(sums[0] + sums[7]);
}

static char content[100];
static uv_fs_t request;
static uv_file file;

static void on_read(uv_fs_t *r)
{
	printf("read %d: %.*s\n", (int)r->result, (int)r->result, content);
	uv_fs_req_cleanup(r);
	show(uv_fs_close(loop, r, file, 0));
	uv_fs_req_cleanup(r);
}

static void on_open(uv_fs_t *r)
{
	file = r->result;
	show(file >= 0);
	uv_fs_req_cleanup(r);
	uv_buf_t buf = uv_buf_init(content, sizeof content);
	need(uv_fs_read(loop, r, file, &buf, 1, 0, on_read));
}

static void files(void)
{
	FILE *f = fopen("f", "w");
	fputs("read by the pool", f);
	fclose(f);
	need(uv_fs_open(loop, &request, "f", UV_FS_O_RDONLY, 0, on_open));
	show(uv_run(loop, UV_RUN_DEFAULT));
}

static void again(uv_work_t *w, int status)
{
	static uv_work_t next;
	printf("done: %d\n", status);
	if (w == &next) return;
	next.data = w->data;
	need(uv_queue_work(loop, &next, work, again));
}

/* What is submitted when something is done, is done as well. */
static void nested(void)
{
	static int sum;
	static uv_work_t w = { .data = &sum };
	need(uv_queue_work(loop, &w, work, again));
	show(uv_run(loop, UV_RUN_DEFAULT));
	show(sum);
}

static void on_name(uv_getaddrinfo_t *r, int status, struct addrinfo *found)
{
	show(status);
	show(ntohl(((struct sockaddr_in *)found->ai_addr)->sin_addr.s_addr) == 0x7f000001);
	uv_freeaddrinfo(found);
}

static void names(void)
{
	static uv_getaddrinfo_t r;
	struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM };
	need(uv_getaddrinfo(loop, &r, on_name, "127.0.0.1", 0, &hints));
	show(uv_run(loop, UV_RUN_DEFAULT));
}

int main(void)
{
	loop = uv_default_loop();
	computing();
	files();
	nested();
	names();
	show(uv_loop_close(loop));
}
