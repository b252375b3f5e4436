/* redirect OUT ERR PROGRAM [ARG...]: runs a program with its output in files, as Node's own test runner does. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int redirect(const char *path, int fd)
{
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0 || dup2(file, fd) < 0) {
    perror(path);
    return -1;
  }
  return close(file);
}

int main(int argc, char **argv)
{
  if (argc < 4 || redirect(argv[1], 1) || redirect(argv[2], 2))
    return 127;
  execv(argv[3], argv + 3);
  perror(argv[3]);
  return 127;
}
