/* A loop around poll(2) that lets itself be frozen, with descriptors of all kinds. It does what the lines of its input say. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <podium/freeze.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int wish, listener, datagrams, notes, count, thawings;
static int held[8], holds;
static volatile sig_atomic_t signals;
static struct timespec last;

static void on_signal(int number) { signals++; }
static void before_child(void) { printf("as after a fork\n"); }

static struct sockaddr_in at(int port)
{
	return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int bound(int type, int port)
{
	struct sockaddr_in name = at(port);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), on = 1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (void *)&name, sizeof name)) perror("bind");
	return fd;
}

/* A connection to itself: both ends. */
static void connection(int ends[2])
{
	struct sockaddr_in name = at(7000);
	ends[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(ends[0], (void *)&name, sizeof name)) perror("connect");
	ends[1] = accept(listener, 0, 0);
}

static void call(void)
{
	int ends[2];
	char byte = 0;
	connection(ends);
	write(ends[0], "x", 1);
	read(ends[1], &byte, 1);
	printf("called %c\n", byte);
	close(ends[0]), close(ends[1]);
	struct sockaddr_in name = at(7001);
	sendto(datagrams, "y", 1, 0, (void *)&name, sizeof name);
	recv(datagrams, &byte, 1, 0);
	printf("got %c\n", byte);
}

static void hold(void)
{
	connection(held);
	pipe(held + 2);
	held[4] = eventfd(1, EFD_NONBLOCK);
	held[5] = epoll_create1(0);
	socketpair(AF_UNIX, SOCK_STREAM, 0, held + 6);
	holds = 8;
}

static void show_held(void)
{
	char byte;
	for (int i = 0; i < holds; i++) {
		struct pollfd entry = {held[i], POLLIN | POLLOUT, 0};
		poll(&entry, 1, 0);
		int error = 0;
		socklen_t size = sizeof error;
		int asked = i < 2 ? getsockopt(held[i], SOL_SOCKET, SO_ERROR, &error, &size) : -2;
		printf("held %d: poll %x, asked %d, %s", i, entry.revents, asked, strerror(error));
		printf(", read %s", read(held[i], &byte, 1) < 0 ? strerror(errno) : "end");
		printf(", write %s\n", write(held[i], "x", 1) < 0 ? strerror(errno) : "done");
	}
}

static void show_options(void)
{
	int reuse = 0, delay = 0, listens = 0;
	socklen_t size = sizeof reuse;
	getsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &reuse, &size);
	getsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &delay, &size);
	getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size);
	printf("options %d %d %d, flags %x %x\n", reuse, delay, listens, fcntl(listener, F_GETFL), fcntl(listener, F_GETFD));
}

static void *wait_for_ever(void *unused)
{
	for (;;) pause();
}

static void *end(void *unused) { return 0; }

static void thread(void *(*entry)(void *), int joins)
{
	pthread_t it;
	pthread_create(&it, 0, entry, 0);
	if (joins) pthread_join(it, 0);
}

static void child(void)
{
	static char *words[] = {"/server", "child", 0};
	if (!vfork()) {
		execv("/server", words);
		_exit(1);
	}
}

#define WEBASSEMBLY(name) __attribute__((import_module("webassembly"), import_name(#name)))
WEBASSEMBLY(module_new) int module_new(const void *binary, int length, char *text);
WEBASSEMBLY(instance_new) int instance_new(int module, int *externs, int *changes, char *text);
WEBASSEMBLY(instance_export) int instance_export(int instance, int index);
WEBASSEMBLY(function_new) int function_new(const char *type, int number, void *slots);
WEBASSEMBLY(function_call) int function_call(int function, void *slots, char *text);
WEBASSEMBLY(global_new) int global_new(int value, int mutable, void *slot);
WEBASSEMBLY(memory_range) int memory_range(int memory, int *range);

/* (import "e" "twice") and a global "plus"; step adds one to a global of its own, stores it in memory, and gives
   twice(it) + plus, by way of a table. */
static const unsigned char module[] = {
	0, 97, 115, 109, 1, 0, 0, 0, 1, 10, 2, 96, 1, 127, 1, 127, 96, 0, 1, 127, 2, 21, 2, 1, 101, 5, 116, 119, 105, 99, 101, 0,
	0, 1, 101, 4, 112, 108, 117, 115, 3, 127, 1, 3, 3, 2, 1, 0, 4, 4, 1, 112, 0, 1, 5, 4, 1, 1, 1, 9, 6, 6, 1, 127,
	1, 65, 0, 11, 7, 17, 2, 4, 115, 116, 101, 112, 0, 1, 6, 109, 101, 109, 111, 114, 121, 2, 0, 9, 7, 1, 0, 65, 0, 11, 1, 2,
	10, 35, 2, 26, 0, 35, 1, 65, 1, 106, 36, 1, 65, 0, 35, 1, 54, 2, 0, 35, 1, 65, 0, 17, 0, 0, 35, 0, 106, 11, 6, 0,
	32, 0, 16, 0, 11
};
static long long slots[8];
static char text[512];
static int step, memory, changes;

__attribute__((export_name("__webassembly_import"))) int webassembly_import(int number)
{
	slots[0] = (int)slots[0] * number;
	return 0;
}

static void make_instance(void)
{
	slots[0] = 40;
	int externs[] = {function_new("i:i", 2, slots), global_new('i', 1, slots)};
	int instance = instance_new(module_new(module, sizeof module, text), externs, &changes, text);
	step = instance_export(instance, 0), memory = instance_export(instance, 1);
}

static void show_step(void)
{
	int range[2];
	int status = function_call(step, slots, text);
	memory_range(memory, range);
	printf("step %d: %d, memory %d, pages %d\n", status, (int)slots[0], *(int *)range[0], range[1]);
}

static void show_state(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	long passed = (now.tv_sec - last.tv_sec) * 1000 + (now.tv_nsec - last.tv_nsec) / 1000000;
	dprintf(notes, "%d\n", count);
	printf("count %d, thawed %d, signals %d, at %d, clock %s\n", ++count, thawings, (int)signals,
		(int)lseek(notes, 0, SEEK_CUR), passed >= 0 && passed < 60000 ? "goes on" : "jumps");
	last = now;
}

static int obey(const char *word)
{
	if (!strcmp(word, "state")) show_state();
	else if (!strcmp(word, "call")) call();
	else if (!strcmp(word, "hold")) hold();
	else if (!strcmp(word, "held")) show_held();
	else if (!strcmp(word, "options")) show_options();
	else if (!strcmp(word, "thread")) thread(wait_for_ever, 0);
	else if (!strcmp(word, "ended")) thread(end, 1);
	else if (!strcmp(word, "child")) child();
	else if (!strcmp(word, "busy")) for (printf("busy.\n");;) getppid();
	else if (!strcmp(word, "rest")) printf("rest %d\n", podium_rest(0));
	else if (!strcmp(word, "wasm")) make_instance();
	else if (!strcmp(word, "step")) show_step();
	else if (!strcmp(word, "end")) return 0;
	printf("%s.\n", word);
	return 1;
}

static int loop(void);

static int thawed(void)
{
	thawings++;
	close(wish);
	wish = podium_freeze_fd();
	printf("thawed.\n");
	return loop();
}

static int loop(void)
{
	static char line[100];
	static int length;
	for (;;) {
		struct pollfd entries[] = {{0, POLLIN, 0}, {wish, POLLIN, 0}};
		poll(entries, 2, -1);
		if (entries[1].revents & POLLIN) podium_rest(thawed);
		if (!(entries[0].revents & (POLLIN | POLLHUP))) continue;
		if (read(0, line + length, 1) != 1) return 3;
		if (line[length++] != '\n') continue;
		line[length - 1] = 0, length = 0;
		if (!obey(line)) return 4;
	}
}

int main(int argc, char **argv)
{
	if (argc > 1) for (;;) pause();
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	int on = 1;
	setvbuf(stdout, 0, _IOLBF, 0);
	sigaction(SIGUSR1, &action, 0);
	signal(SIGPIPE, SIG_IGN);
	pthread_atfork(0, 0, before_child);
	listener = bound(SOCK_STREAM, 7000);
	setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	listen(listener, 5);
	datagrams = bound(SOCK_DGRAM, 7001);
	notes = open("/notes", O_CREAT | O_RDWR | O_TRUNC, 0644);
	wish = podium_freeze_fd();
	clock_gettime(CLOCK_MONOTONIC, &last);
	printf("begins.\n");
	return loop();
}
