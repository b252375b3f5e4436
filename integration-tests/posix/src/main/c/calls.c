/* calls [-p ID] [-U MASK] [-g ID[,ID...]] [-u ID] CALL ARGUMENT... [: CALL ARGUMENT...]...
 *
 * Makes the file system calls it is told, one after another, and prints what came of each: 0, the name of the error, or
 * what was asked for. The notation is that of the pjdfstest suite, whose scripts call it. -p: as that user from the start,
 * -U: the umask, 0 if not given. Descriptors are numbers of earlier open calls, AT_FDCWD or BADFD; a path may be NULL or
 * DEADCODE, an address where there is nothing. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#define COUNT_OF(a) ((int)(sizeof(a) / sizeof *(a)))

struct name {
  const char *text;
  int value;
};
#define NAME(n) {#n, n}

static const struct name errors[] = {
    NAME(EPERM),   NAME(ENOENT),  NAME(EINTR),        NAME(EIO),    NAME(ENXIO),  NAME(EBADF),  NAME(EAGAIN), NAME(ENOMEM),
    NAME(EACCES),  NAME(EFAULT),  NAME(ENOTBLK),      NAME(EBUSY),  NAME(EEXIST), NAME(EXDEV),  NAME(ENODEV), NAME(ENOTDIR),
    NAME(EISDIR),  NAME(EINVAL),  NAME(ENFILE),       NAME(EMFILE), NAME(ENOTTY), NAME(ETXTBSY), NAME(EFBIG), NAME(ENOSPC),
    NAME(ESPIPE),  NAME(EROFS),   NAME(EMLINK),       NAME(EPIPE),  NAME(ERANGE), NAME(ELOOP),  NAME(ENAMETOOLONG),
    NAME(ENOTEMPTY), NAME(ENOSYS), NAME(EOVERFLOW),   NAME(EOPNOTSUPP), NAME(ENOTSOCK), NAME(EADDRINUSE),
    NAME(ECONNREFUSED), NAME(EPROTOTYPE), NAME(EDQUOT), NAME(ESTALE),
};

static const struct name flags[] = {
    NAME(O_RDONLY), NAME(O_WRONLY),   NAME(O_RDWR),     NAME(O_NONBLOCK), NAME(O_APPEND), NAME(O_CREAT),   NAME(O_TRUNC),
    NAME(O_EXCL),   NAME(O_NOFOLLOW), NAME(O_SYNC),     NAME(O_DIRECT),   NAME(O_DIRECTORY), NAME(O_NOCTTY), NAME(O_CLOEXEC),
    NAME(AT_REMOVEDIR), NAME(AT_SYMLINK_FOLLOW), NAME(AT_SYMLINK_NOFOLLOW),
};

static const struct name limits[] = {NAME(_PC_LINK_MAX), NAME(_PC_NAME_MAX), NAME(_PC_PATH_MAX), NAME(_PC_SYMLINK_MAX)};

static int descriptors[16], descriptor_count;

static void die(const char *what, const char *which)
{
  fprintf(stderr, "calls: %s: %s\n", what, which);
  exit(2);
}

static int find(const struct name *names, int count, const char *text)
{
  for (int i = 0; i < count; i++)
    if (strcmp(names[i].text, text) == 0)
      return names[i].value;
  die("no such name", text);
  return 0;
}

static long long number(const char *text)
{
  char *end;
  long long value = strtoll(text, &end, 0);
  if (*text == 0 || *end != 0)
    die("no number", text);
  return value;
}

/* Names with commas between them, or a number. */
static int flag_bits(char *text)
{
  if (*text >= '0' && *text <= '9')
    return (int)number(text);
  int bits = 0;
  char *rest = NULL;
  for (char *word = strtok_r(text, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest))
    bits |= find(flags, COUNT_OF(flags), word);
  return bits;
}

static const char *path(const char *text)
{
  if (strcmp(text, "NULL") == 0)
    return NULL;
  return strcmp(text, "DEADCODE") == 0 ? (const char *)0xdeadc0de : text;
}

static int descriptor(const char *text)
{
  if (strcmp(text, "AT_FDCWD") == 0)
    return AT_FDCWD;
  if (strcmp(text, "BADFD") == 0)
    return -1;
  long long index = number(text);
  if (index < 0 || index >= descriptor_count)
    die("no such descriptor", text);
  return descriptors[index];
}

static int opened(int fd)
{
  if (fd < 0)
    return -1;
  if (descriptor_count == COUNT_OF(descriptors))
    die("too many descriptors", "open");
  descriptors[descriptor_count++] = fd;
  return 0;
}

static const char *type_of(mode_t mode)
{
  return S_ISREG(mode)    ? "regular"
         : S_ISDIR(mode)  ? "dir"
         : S_ISLNK(mode)  ? "symlink"
         : S_ISFIFO(mode) ? "fifo"
         : S_ISCHR(mode)  ? "char"
         : S_ISBLK(mode)  ? "block"
         : S_ISSOCK(mode) ? "socket"
                          : "unknown";
}

static void print_field(const struct stat *s, const char *field)
{
  const struct {
    const char *name;
    long long value;
  } fields[] = {
      {"inode", (long long)s->st_ino},        {"nlink", (long long)s->st_nlink},
      {"uid", s->st_uid},                     {"gid", s->st_gid},
      {"size", s->st_size},                   {"blocks", s->st_blocks},
      {"atime", s->st_atime},                 {"mtime", s->st_mtime},
      {"ctime", s->st_ctime},                 {"atime_ns", s->st_atim.tv_nsec},
      {"mtime_ns", s->st_mtim.tv_nsec},       {"ctime_ns", s->st_ctim.tv_nsec},
      {"major", major(s->st_rdev)},           {"minor", minor(s->st_rdev)},
  };
  if (strcmp(field, "mode") == 0)
    printf("0%o", s->st_mode & 07777);
  else if (strcmp(field, "type") == 0)
    printf("%s", type_of(s->st_mode));
  else {
    for (int i = 0; i < COUNT_OF(fields); i++)
      if (strcmp(fields[i].name, field) == 0) {
        printf("%lld", fields[i].value);
        return;
      }
    die("no such field", field);
  }
}

/* Prints fields of what a stat call gave. */
static int fields(int result, const struct stat *s, char *names)
{
  if (result < 0)
    return -1;
  const char *between = "";
  for (char *name = strtok(names, ","); name != NULL; name = strtok(NULL, ","), between = ",") {
    printf("%s", between);
    print_field(s, name);
  }
  printf("\n");
  return 1;
}

static int limit(long value)
{
  if (value < 0)
    return -1;
  printf("%ld\n", value);
  return 1;
}

static mode_t mode(const char *text) { return (mode_t)number(text); }

/* A socket with a name; at most what a socket address has room for. */
static int named_socket(const char *name, int call(int, const struct sockaddr *, socklen_t))
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(name) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address.sun_path, name);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return fd < 0 ? -1 : call(fd, (struct sockaddr *)&address, sizeof address);
}

static int node(int at, char **a)
{
  mode_t type = strcmp(a[1], "c") == 0 ? S_IFCHR : strcmp(a[1], "b") == 0 ? S_IFBLK : strcmp(a[1], "p") == 0 ? S_IFIFO : S_IFREG;
  return mknodat(at, path(a[0]), mode(a[2]) | type, makedev((unsigned)number(a[3]), (unsigned)number(a[4])));
}

static long nanoseconds(const char *text)
{
  return strcmp(text, "UTIME_NOW") == 0 ? UTIME_NOW : strcmp(text, "UTIME_OMIT") == 0 ? UTIME_OMIT : (long)number(text);
}

static int times(char **a)
{
  struct timespec when[2] = {{number(a[2]), nanoseconds(a[3])}, {number(a[4]), nanoseconds(a[5])}};
  return utimensat(descriptor(a[0]), path(a[1]), when, flag_bits(a[6]));
}

static int print_bytes(char **a)
{
  char bytes[1024];
  size_t count = (size_t)number(a[1]);
  ssize_t got = pread(descriptor(a[0]), bytes, count < sizeof bytes ? count : sizeof bytes, number(a[2]));
  if (got < 0)
    return -1;
  printf("%.*s\n", (int)got, bytes);
  return 1;
}

/* What the scripts do with programs of a shell: directories with all above them, whole trees, a file with content. */
static int make_all(char *name)
{
  for (char *slash = strchr(name + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    int made = mkdir(name, 0777);
    *slash = '/';
    if (made < 0 && errno != EEXIST)
      return -1;
  }
  return mkdir(name, 0777) < 0 && errno != EEXIST ? -1 : 0;
}

static int fill(const char *name, long long size)
{
  int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0)
    return -1;
  for (long long i = 0; i < size; i++)
    if (write(fd, "x", 1) != 1)
      return -1;
  return close(fd);
}

/* Results of a call: below 0 failed, with errno; 0 done; 1 done and printed. */
typedef int Call(char **a);
#define CALL(name, expression) static int call_##name(char **a) { return expression; }
CALL(open, opened(a[2] ? open(path(a[0]), flag_bits(a[1]), mode(a[2])) : open(path(a[0]), flag_bits(a[1]))))
CALL(openat, opened(a[3] ? openat(descriptor(a[0]), path(a[1]), flag_bits(a[2]), mode(a[3]))
                         : openat(descriptor(a[0]), path(a[1]), flag_bits(a[2]))))
CALL(create, opened(open(path(a[0]), O_CREAT | O_EXCL, mode(a[1]))))
CALL(unlink, unlink(path(a[0])))
CALL(unlinkat, unlinkat(descriptor(a[0]), path(a[1]), flag_bits(a[2])))
CALL(mkdir, mkdir(path(a[0]), mode(a[1])))
CALL(mkdirat, mkdirat(descriptor(a[0]), path(a[1]), mode(a[2])))
CALL(rmdir, rmdir(path(a[0])))
CALL(link, link(path(a[0]), path(a[1])))
CALL(linkat, linkat(descriptor(a[0]), path(a[1]), descriptor(a[2]), path(a[3]), flag_bits(a[4])))
CALL(symlink, symlink(path(a[0]), path(a[1])))
CALL(symlinkat, symlinkat(path(a[0]), descriptor(a[1]), path(a[2])))
CALL(rename, rename(path(a[0]), path(a[1])))
CALL(renameat, renameat(descriptor(a[0]), path(a[1]), descriptor(a[2]), path(a[3])))
CALL(mkfifo, mkfifo(path(a[0]), mode(a[1])))
CALL(mkfifoat, mkfifoat(descriptor(a[0]), path(a[1]), mode(a[2])))
CALL(mknod, node(AT_FDCWD, a))
CALL(mknodat, node(descriptor(a[0]), a + 1))
CALL(bind, named_socket(a[0], bind))
CALL(connect, named_socket(a[0], connect))
CALL(chmod, chmod(path(a[0]), mode(a[1])))
CALL(fchmod, fchmod(descriptor(a[0]), mode(a[1])))
CALL(lchmod, fchmodat(AT_FDCWD, path(a[0]), mode(a[1]), AT_SYMLINK_NOFOLLOW))
CALL(fchmodat, fchmodat(descriptor(a[0]), path(a[1]), mode(a[2]), flag_bits(a[3])))
CALL(chown, chown(path(a[0]), (uid_t)number(a[1]), (gid_t)number(a[2])))
CALL(fchown, fchown(descriptor(a[0]), (uid_t)number(a[1]), (gid_t)number(a[2])))
CALL(lchown, lchown(path(a[0]), (uid_t)number(a[1]), (gid_t)number(a[2])))
CALL(fchownat, fchownat(descriptor(a[0]), path(a[1]), (uid_t)number(a[2]), (gid_t)number(a[3]), flag_bits(a[4])))
CALL(truncate, truncate(path(a[0]), number(a[1])))
CALL(ftruncate, ftruncate(descriptor(a[0]), number(a[1])))
CALL(pread, print_bytes(a))
CALL(pwrite, (int)pwrite(descriptor(a[0]), path(a[1]), strlen(a[1]), number(a[2])) < 0 ? -1 : 0)
CALL(write, (int)write(descriptor(a[0]), path(a[1]), strlen(a[1])) < 0 ? -1 : 0)
CALL(utimensat, times(a))
CALL(pathconf, limit(pathconf(path(a[0]), find(limits, COUNT_OF(limits), a[1]))))
CALL(fpathconf, limit(fpathconf(descriptor(a[0]), find(limits, COUNT_OF(limits), a[1]))))
CALL(chdir, chdir(path(a[0])))
CALL(mkdirs, make_all(a[0]))
CALL(fill, fill(a[0], number(a[1])))

static int call_stat(char **a)
{
  struct stat s;
  return fields(stat(path(a[0]), &s), &s, a[1]);
}

static int call_lstat(char **a)
{
  struct stat s;
  return fields(lstat(path(a[0]), &s), &s, a[1]);
}

static int call_fstat(char **a)
{
  struct stat s;
  return fields(fstat(descriptor(a[0]), &s), &s, a[1]);
}

static int call_fstatat(char **a)
{
  struct stat s;
  return fields(fstatat(descriptor(a[0]), path(a[1]), &s, flag_bits(a[3])), &s, a[2]);
}

static int call_getcwd(char **a)
{
  char *here = getcwd(NULL, 0);
  return here == NULL ? -1 : puts(here) < 0 ? -1 : 1;
}

#define ENTRY(name, least, most) {#name, call_##name, least, most}
static const struct {
  const char *name;
  Call *call;
  int least, most; /* arguments */
} calls[] = {
    ENTRY(open, 2, 3),      ENTRY(openat, 3, 4),    ENTRY(create, 2, 2),   ENTRY(unlink, 1, 1),   ENTRY(unlinkat, 3, 3),
    ENTRY(mkdir, 2, 2),     ENTRY(mkdirat, 3, 3),   ENTRY(rmdir, 1, 1),    ENTRY(link, 2, 2),     ENTRY(linkat, 5, 5),
    ENTRY(symlink, 2, 2),   ENTRY(symlinkat, 3, 3), ENTRY(rename, 2, 2),   ENTRY(renameat, 4, 4), ENTRY(mkfifo, 2, 2),
    ENTRY(mkfifoat, 3, 3),  ENTRY(mknod, 5, 5),     ENTRY(mknodat, 6, 6),  ENTRY(bind, 1, 1),     ENTRY(connect, 1, 1),
    ENTRY(chmod, 2, 2),     ENTRY(fchmod, 2, 2),    ENTRY(lchmod, 2, 2),   ENTRY(fchmodat, 4, 4), ENTRY(chown, 3, 3),
    ENTRY(fchown, 3, 3),    ENTRY(lchown, 3, 3),    ENTRY(fchownat, 5, 5), ENTRY(truncate, 2, 2), ENTRY(ftruncate, 2, 2),
    ENTRY(pread, 3, 3),     ENTRY(pwrite, 3, 3),    ENTRY(write, 2, 2),    ENTRY(utimensat, 7, 7), ENTRY(pathconf, 2, 2),
    ENTRY(fpathconf, 2, 2), ENTRY(stat, 2, 2),      ENTRY(lstat, 2, 2),    ENTRY(fstat, 2, 2),    ENTRY(fstatat, 4, 4),
    ENTRY(getcwd, 0, 0),    ENTRY(chdir, 1, 1),     ENTRY(mkdirs, 1, 1),   ENTRY(fill, 2, 2),
};

/* Makes one call of COUNT arguments behind its name; they are followed by NULL. */
static void make(char **words, int count)
{
  for (int i = 0; i < COUNT_OF(calls); i++) {
    if (strcmp(calls[i].name, words[0]) != 0)
      continue;
    if (count < calls[i].least || count > calls[i].most)
      die("wrong number of arguments", words[0]);
    int result = calls[i].call(words + 1);
    if (result == 0)
      puts("0");
    if (result >= 0)
      return;
    int error = errno;
    for (int e = 0; e < COUNT_OF(errors); e++)
      if (errors[e].value == error) {
        puts(errors[e].text);
        exit(1);
      }
    printf("%d\n", error);
    exit(1);
  }
  die("no such call", words[0]);
}

static void become(char *groups, int user)
{
  gid_t ids[32];
  int count = 0;
  for (char *word = groups ? strtok(groups, ",") : NULL; word != NULL && count < COUNT_OF(ids); word = strtok(NULL, ","))
    ids[count++] = (gid_t)number(word);
  if (count > 0 && (setgroups((size_t)count, ids) < 0 || setegid(ids[0]) < 0))
    die("cannot become group", strerror(errno));
  if (user >= 0 && setuid((uid_t)user) < 0)
    die("cannot become user", strerror(errno));
}

int main(int count, char **words)
{
  char *groups = NULL, *first = NULL;
  int user = -1, mask = 0;
  for (int option; (option = getopt(count, words, "+p:U:g:u:")) != -1;) {
    switch (option) {
    case 'p': first = optarg; break;
    case 'U': mask = (int)number(optarg); break;
    case 'g': groups = optarg; break;
    case 'u': user = (int)number(optarg); break;
    default: return 2;
    }
  }
  if (first != NULL) {
    int id = (int)number(first);
    become(first, id);
  }
  become(groups, user);
  umask((mode_t)mask);
  for (int i = optind; i < count;) {
    int end = i;
    while (end < count && strcmp(words[end], ":") != 0)
      end++;
    words[end] = NULL;
    make(words + i, end - i - 1);
    i = end + 1;
  }
  return 0;
}
