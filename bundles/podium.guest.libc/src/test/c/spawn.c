// exit: 3
/* Children, made of this very program. */
#include "check.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char *self;

static int child(int argc, char **argv)
{
	if (!strcmp(argv[1], "say")) {
		printf("child says %s, GIVEN is %s\n", argv[2], getenv("GIVEN") ? getenv("GIVEN") : "not set");
		return 3;
	}
	if (!strcmp(argv[1], "copy")) {
		char buf[100];
		for (ssize_t n; (n = read(0, buf, sizeof buf)) > 0; ) {
			for (int i = 0; i < n; i++) buf[i] = buf[i] >= 'a' && buf[i] <= 'z' ? buf[i] - 32 : buf[i];
			need(write(1, buf, n));
		}
		return 0;
	}
	if (!strcmp(argv[1], "descriptors")) {
		printf("5 is %s, 6 is %s\n", fcntl(5, F_GETFD) < 0 ? "closed" : "open", fcntl(6, F_GETFD) < 0 ? "closed" : "open");
		return 0;
	}
	if (!strcmp(argv[1], "where")) {
		printf("here is %s\n", access("mark", F_OK) ? "elsewhere" : "the marked place");
		return 0;
	}
	if (!strcmp(argv[1], "sleep")) {
		sleep(100);
		return 0;
	}
	return 98;
}

static void report_status(int status)
{
	if (WIFEXITED(status)) printf("exited with %d\n", WEXITSTATUS(status));
	else if (WIFSIGNALED(status)) printf("killed by %d\n", WTERMSIG(status));
	else printf("status %x\n", status);
}

static void collect(pid_t pid)
{
	int status;
	show(waitpid(pid, &status, 0) == pid);
	report_status(status);
}

static pid_t spawn(const posix_spawn_file_actions_t *actions, char **env, char *what, char *arg)
{
	pid_t pid = 0;
	char *argv[] = { (char *)self, what, arg, 0 };
	printf("spawning: %s\n", what);
	fflush(stdout);
	int error = posix_spawn(&pid, self, actions, 0, argv, env ? env : environ);
	if (error) printf("not spawned: %d\n", error);
	return pid;
}

static void simple(void)
{
	collect(spawn(0, 0, "say", "hello"));
	char *env[] = { "GIVEN=yes", 0 };
	collect(spawn(0, env, "say", "again"));
	try(waitpid(-1, 0, 0));
	pid_t pid;
	char *argv[] = { "absent", 0 };
	show(posix_spawn(&pid, "./absent", 0, 0, argv, environ));
	try(waitpid(-1, 0, WNOHANG));
	int fd = need(open("text", O_CREAT | O_WRONLY, 0644));
	need(write(fd, "no program", 10));
	close(fd);
	show(posix_spawn(&pid, "./text", 0, 0, argv, environ));
	need(chmod("text", 0755));
	show(posix_spawn(&pid, "./text", 0, 0, argv, environ));
}

static void redirected(void)
{
	int in[2], out[2];
	char buf[100];
	posix_spawn_file_actions_t a;
	need(pipe2(in, O_CLOEXEC));
	need(pipe2(out, O_CLOEXEC));
	posix_spawn_file_actions_init(&a);
	posix_spawn_file_actions_adddup2(&a, in[0], 0);
	posix_spawn_file_actions_adddup2(&a, out[1], 1);
	pid_t pid = spawn(&a, 0, "copy", 0);
	close(in[0]);
	close(out[1]);
	need(write(in[1], "through a child", 15));
	close(in[1]);
	ssize_t n, total = 0;
	while ((n = read(out[0], buf + total, sizeof buf - total)) > 0) total += n;
	printf("%.*s\n", (int)total, buf);
	collect(pid);
	close(out[0]);
}

static void inherited(void)
{
	int fd = need(open("f", O_CREAT | O_RDWR, 0600));
	need(dup2(fd, 5));
	need(dup3(fd, 6, O_CLOEXEC));
	collect(spawn(0, 0, "descriptors", 0));
	close(5);
	close(6);
	close(fd);
}

static void killed(void)
{
	pid_t pid = spawn(0, 0, "sleep", 0);
	int status;
	show(waitpid(pid, &status, WNOHANG));
	try(kill(pid, SIGTERM));
	collect(pid);
	try(kill(pid, 0));
	pid = spawn(0, 0, "sleep", 0);
	siginfo_t info = { 0 };
	need(kill(pid, SIGKILL));
	try(waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
	show(info.si_pid == pid);
	show(info.si_code == CLD_KILLED);
	show(info.si_status);
	collect(pid);
}

static volatile int children;

static void on_child(int sig) { children++; }

static void told_by_signal(void)
{
	sigset_t block, old;
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	need(sigprocmask(SIG_BLOCK, &block, &old));
	signal(SIGCHLD, on_child);
	pid_t pid = spawn(0, 0, "say", "bye");
	while (!children) sigsuspend(&old);
	show(children);
	collect(pid);
	signal(SIGCHLD, SIG_DFL);
	need(sigprocmask(SIG_SETMASK, &old, 0));
}

static void replaced(void)
{
	fflush(stdout);
	pid_t pid = vfork();
	if (pid == 0) {
		execl(self, self, "say", "vfork", (char *)0);
		_exit(97);
	}
	collect(pid);
	fflush(stdout);
	pid = vfork();
	if (pid == 0) _exit(12);
	collect(pid);
	pid = vfork();
	if (pid == 0) {
		execl("./absent", "absent", (char *)0);
		_exit(errno == ENOENT ? 13 : 14);
	}
	collect(pid);
	need(mkdir("place", 0755));
	close(need(open("place/mark", O_CREAT | O_WRONLY, 0600)));
	pid = vfork();
	if (pid == 0) {
		need(chdir("place"));
		execl(self, self, "where", (char *)0);
		_exit(97);
	}
	collect(pid);
	try(access("place", F_OK));
	execl("./absent", "absent", (char *)0);
	show(errno);
	fflush(stdout);
	execl(self, self, "say", "the end", (char *)0);
}

int main(int argc, char **argv)
{
	self = argv[0];
	if (argc > 1) return child(argc, argv);
	simple();
	redirected();
	inherited();
	killed();
	told_by_signal();
	replaced();
	return 99;
}
