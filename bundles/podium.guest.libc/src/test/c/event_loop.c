// libs: uv
/* libuv: timers, files on the thread pool, TCP, pipes, signals, a child, all in one loop. */
#include "check.h"
#include <uv.h>

static uv_loop_t *loop;
static const char *self;

static void on_close(uv_handle_t *h) { }

static int ticks;

static void on_tick(uv_timer_t *t)
{
	printf("tick %d\n", ++ticks);
	if (ticks == 3) uv_close((void *)t, on_close);
}

static void timers(void)
{
	uv_timer_t t;
	uv_timer_init(loop, &t);
	uv_timer_start(&t, on_tick, 10, 5);
	show(uv_run(loop, UV_RUN_DEFAULT));
}

static uv_fs_t request;
static char content[100];

static void on_read(uv_fs_t *r)
{
	printf("read %d: %.*s\n", (int)r->result, (int)r->result, content);
	uv_fs_req_cleanup(r);
}

static void on_open(uv_fs_t *r)
{
	int fd = r->result;
	show(fd >= 0);
	uv_fs_req_cleanup(r);
	uv_buf_t buf = uv_buf_init(content, sizeof content);
	uv_fs_read(loop, r, fd, &buf, 1, 0, on_read);
}

static void files(void)
{
	FILE *f = fopen("f", "w");
	fputs("read on the thread pool", f);
	fclose(f);
	uv_fs_open(loop, &request, "f", UV_FS_O_RDONLY, 0, on_open);
	uv_run(loop, UV_RUN_DEFAULT);
	show(uv_fs_stat(loop, &request, "f", 0));
	show(request.statbuf.st_size);
	uv_fs_req_cleanup(&request);
	show(uv_fs_open(loop, &request, "absent", UV_FS_O_RDONLY, 0, 0));
	uv_fs_req_cleanup(&request);
	show(uv_fs_mkdir(loop, &request, "d", 0755, 0));
	uv_fs_req_cleanup(&request);
	show(uv_fs_scandir(loop, &request, ".", 0, 0) >= 2);
	uv_fs_req_cleanup(&request);
}

static int sums[8];

static void work(uv_work_t *w)
{
	int *out = w->data;
	for (int i = 0; i < 1000; i++) *out += i;
}

static int worked;

static void after_work(uv_work_t *w, int status) { worked += status == 0; }

static void pool(void)
{
	static uv_work_t w[8];
	for (int i = 0; i < 8; i++) {
		w[i].data = &sums[i];
		uv_queue_work(loop, &w[i], work, after_work);
	}
	uv_run(loop, UV_RUN_DEFAULT);
	show(worked);
	show(sums[0] + sums[7]);
}

static uv_tcp_t server, served, client;
static char received[200];
static int got;

static void allocate(uv_handle_t *h, size_t size, uv_buf_t *buf)
{
	static char space[2][1000];
	*buf = uv_buf_init(space[h == (void *)&client], 1000);
}

static void after_write(uv_write_t *w, int status) { free(w); }

static void echo(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	if (n < 0) {
		printf("server sees %s\n", uv_err_name(n));
		uv_close((void *)s, on_close);
		uv_close((void *)&server, on_close);
		return;
	}
	uv_buf_t out = uv_buf_init(buf->base, n);
	uv_write(malloc(sizeof(uv_write_t)), s, &out, 1, after_write);
}

static void collect(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	if (n < 0) return;
	memcpy(received + got, buf->base, n);
	got += n;
	if (got == 11) {
		printf("client got %.*s\n", got, received);
		uv_close((void *)s, on_close);
	}
}

static void on_connection(uv_stream_t *s, int status)
{
	show(status);
	uv_tcp_init(loop, &served);
	show(uv_accept(s, (void *)&served));
	uv_read_start((void *)&served, allocate, echo);
}

static void on_connected(uv_connect_t *c, int status)
{
	show(status);
	uv_buf_t out[2] = { uv_buf_init("hello ", 6), uv_buf_init("world", 5) };
	uv_write(malloc(sizeof(uv_write_t)), c->handle, out, 2, after_write);
	uv_read_start(c->handle, allocate, collect);
}

static void tcp(void)
{
	struct sockaddr_in address;
	int length = sizeof address;
	uv_connect_t c;
	uv_tcp_init(loop, &server);
	uv_ip4_addr("127.0.0.1", 0, &address);
	show(uv_tcp_bind(&server, (void *)&address, 0));
	show(uv_listen((void *)&server, 10, on_connection));
	uv_tcp_getsockname(&server, (void *)&address, &length);
	uv_tcp_init(loop, &client);
	show(uv_tcp_connect(&c, &client, (void *)&address, on_connected));
	show(uv_run(loop, UV_RUN_DEFAULT));
}

static void on_signal(uv_signal_t *s, int number)
{
	show(number == SIGUSR1);
	uv_close((void *)s, on_close);
}

static void signals(void)
{
	uv_signal_t s;
	uv_signal_init(loop, &s);
	show(uv_signal_start(&s, on_signal, SIGUSR1));
	show(uv_kill(uv_os_getpid(), SIGUSR1));
	uv_run(loop, UV_RUN_DEFAULT);
}

static uv_pipe_t out;

static void on_output(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	if (n >= 0) printf("child: %.*s\n", (int)n, buf->base);
	else uv_close((void *)s, on_close);
}

static void on_child_exit(uv_process_t *p, int64_t status, int sig)
{
	printf("child exited with %d, signal %d\n", (int)status, sig);
	uv_close((void *)p, on_close);
}

static void child(void)
{
	uv_process_t p;
	char *args[] = { (char *)self, "child", 0 };
	uv_stdio_container_t stdio[3] = { { UV_IGNORE }, { UV_CREATE_PIPE | UV_WRITABLE_PIPE, { (void *)&out } }, { UV_INHERIT_FD, { .fd = 2 } } };
	uv_process_options_t options = { .exit_cb = on_child_exit, .file = self, .args = args, .stdio_count = 3, .stdio = stdio };
	uv_pipe_init(loop, &out, 0);
	show(uv_spawn(loop, &p, &options));
	show(uv_read_start((void *)&out, allocate, on_output));
	uv_run(loop, UV_RUN_DEFAULT);
	options.file = "./absent";
	options.stdio_count = 0;
	show(uv_spawn(loop, &p, &options));
	uv_close((void *)&p, on_close);
	uv_run(loop, UV_RUN_DEFAULT);
}

static void *thread_result;

static void in_thread(void *arg) { thread_result = arg; }

static void threads(void)
{
	uv_thread_t t;
	show(uv_thread_create(&t, in_thread, &loop));
	show(uv_thread_join(&t));
	show(thread_result == &loop);
}

int main(int argc, char **argv)
{
	self = argv[0];
	if (argc > 1) {
		printf("I am the %s", argv[1]);
		return 6;
	}
	loop = uv_default_loop();
	timers();
	files();
	pool();
	tcp();
	signals();
	threads();
	child();
	show(uv_loop_close(loop));
	return 0;
}
