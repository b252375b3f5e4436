#include "check.h"
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t seen[65], order, last_code, last_pid_is_mine;

static void note(int sig) { seen[sig] = ++order; }

static void note_info(int sig, siginfo_t *info, void *context)
{
	seen[sig] = ++order;
	last_code = info->si_code;
	last_pid_is_mine = info->si_pid == getpid();
}

static void handle(int sig, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
	need(sigaction(sig, &action, 0));
}

static void raising(void)
{
	handle(SIGUSR1, note, 0);
	try(raise(SIGUSR1));
	show(seen[SIGUSR1]);
	struct sigaction action = { .sa_sigaction = note_info, .sa_flags = SA_SIGINFO }, old;
	try(sigaction(SIGUSR2, &action, 0));
	try(kill(getpid(), SIGUSR2));
	show(seen[SIGUSR2]);
	show(last_code == SI_USER);
	show(last_pid_is_mine);
	need(sigaction(SIGUSR2, 0, &old));
	show(old.sa_sigaction == note_info);
	show((old.sa_flags & SA_SIGINFO) != 0);
	try(kill(getpid(), 0));
	try(kill(999999, 0));
	try(kill(getpid(), 99));
	try(sigaction(SIGKILL, &action, 0));
	try(sigaction(0, &action, 0));
	show(signal(SIGUSR1, SIG_IGN) == note);
	try(raise(SIGUSR1));
	show(seen[SIGUSR1]);
	handle(SIGUSR1, note, SA_RESETHAND);
	try(raise(SIGUSR1));
	show(signal(SIGUSR1, SIG_IGN) == SIG_DFL);
	/* Signals that are ignored unless asked for. */
	try(raise(SIGCHLD));
	try(raise(SIGWINCH));
}

static void masks(void)
{
	sigset_t set, old, pending;
	handle(SIGUSR1, note, 0);
	handle(SIGUSR2, note, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	try(sigprocmask(SIG_BLOCK, &set, &old));
	show(sigismember(&old, SIGUSR1));
	order = seen[SIGUSR1] = seen[SIGUSR2] = 0;
	raise(SIGUSR1);
	raise(SIGUSR1);
	kill(getpid(), SIGUSR2);
	show(order);
	need(sigpending(&pending));
	show(sigismember(&pending, SIGUSR1));
	show(sigismember(&pending, SIGTERM));
	try(sigprocmask(SIG_SETMASK, &old, 0));
	show(order);
	show(seen[SIGUSR1] && seen[SIGUSR2]);
	try(sigprocmask(99, &set, 0));
	/* sigsuspend lets a blocked signal in, for its own time only. */
	need(sigprocmask(SIG_BLOCK, &set, 0));
	raise(SIGUSR1);
	seen[SIGUSR1] = 0;
	try(sigsuspend(&old));
	show(seen[SIGUSR1] != 0);
	need(sigprocmask(SIG_BLOCK, 0, &pending));
	show(sigismember(&pending, SIGUSR1));
	/* sigwait takes it without a handler. */
	raise(SIGUSR2);
	int sig = 0;
	seen[SIGUSR2] = 0;
	show(sigwait(&set, &sig));
	show(sig == SIGUSR2 && !seen[SIGUSR2]);
	struct timespec t = { 0, 10000000 };
	try(sigtimedwait(&set, 0, &t));
	siginfo_t info;
	union sigval value = { .sival_int = 4711 };
	need(sigqueue(getpid(), SIGUSR1, value));
	try(sigwaitinfo(&set, &info));
	show(info.si_code == SI_QUEUE);
	show(info.si_value.sival_int);
	need(sigprocmask(SIG_SETMASK, &old, 0));
}

/* Real-time signals are counted and come in order. */
static int queue[8], queued;

static void enqueue(int sig, siginfo_t *info, void *context) { queue[queued++ & 7] = (sig - SIGRTMIN) * 100 + info->si_value.sival_int; }

static void real_time(void)
{
	sigset_t set, old;
	struct sigaction action = { .sa_sigaction = enqueue, .sa_flags = SA_SIGINFO };
	sigemptyset(&set);
	for (int i = 0; i < 2; i++) {
		need(sigaction(SIGRTMIN + i, &action, 0));
		sigaddset(&set, SIGRTMIN + i);
	}
	action.sa_mask = set;
	for (int i = 0; i < 2; i++) need(sigaction(SIGRTMIN + i, &action, 0));
	need(sigprocmask(SIG_BLOCK, &set, &old));
	for (int i = 0; i < 3; i++) {
		need(sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_int = i }));
		need(sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = i }));
	}
	need(sigprocmask(SIG_SETMASK, &old, 0));
	show(queued);
	for (int i = 0; i < queued; i++) printf("%d ", queue[i]);
	puts("");
}

static int depth, deepest, runs;

static void nest(int sig)
{
	if (++depth > deepest) deepest = depth;
	if (++runs < 3) raise(sig);
	depth--;
}

static void nesting(void)
{
	handle(SIGUSR1, nest, SA_NODEFER);
	raise(SIGUSR1);
	show(deepest);
	show(runs);
	handle(SIGUSR1, nest, 0);
	deepest = runs = 0;
	raise(SIGUSR1);
	show(deepest);
	show(runs);
}

static pthread_t main_thread;

static void *interrupt_main(void *arg)
{
	usleep(50000);
	pthread_kill(main_thread, SIGUSR1);
	if (arg) {
		usleep(50000);
		need(write(*(int *)arg, "x", 1));
	}
	return 0;
}

static void interrupted_calls(void)
{
	int p[2];
	char c;
	pthread_t thread;
	main_thread = pthread_self();
	need(pipe(p));
	handle(SIGUSR1, note, 0);
	pthread_create(&thread, 0, interrupt_main, 0);
	try(read(p[0], &c, 1));
	pthread_join(thread, 0);
	handle(SIGUSR1, note, SA_RESTART);
	seen[SIGUSR1] = 0;
	pthread_create(&thread, 0, interrupt_main, &p[1]);
	try(read(p[0], &c, 1));
	pthread_join(thread, 0);
	show(seen[SIGUSR1] != 0);
	/* Sleeping never restarts. */
	pthread_create(&thread, 0, interrupt_main, 0);
	struct timespec t = { 5, 0 }, rest = { 0 };
	try(nanosleep(&t, &rest));
	show(rest.tv_sec);
	pthread_join(thread, 0);
	show(pthread_kill(pthread_self(), 0));
}

static sigjmp_buf place;

static void jump(int sig) { siglongjmp(place, sig); }

static void leaving_a_handler(void)
{
	sigset_t mask;
	handle(SIGUSR1, jump, 0);
	for (volatile int i = 0; i < 3; i++) {
		int sig = sigsetjmp(place, 1);
		if (!sig) raise(SIGUSR1);
		need(sigprocmask(SIG_BLOCK, 0, &mask));
		printf("left with %d, blocked %d\n", sig == SIGUSR1, sigismember(&mask, SIGUSR1));
	}
}

int main(void)
{
	raising();
	masks();
	real_time();
	nesting();
	interrupted_calls();
	leaving_a_handler();
	return 0;
}
