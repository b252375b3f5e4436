/*
 * What can be learnt of the host beyond the directories that were granted: /data/there leads to a file of the host,
 * /data/not-there to none; the argument is the number of the inode above the one that is /data.
 */
#include "../expect.h"

static int of(long result) { return result == -1 ? errno : 0; }

static void same(const char *suffix) {
  char there[64], not_there[64];
  struct stat status;
  snprintf(there, sizeof there, "/data/there%s", suffix);
  snprintf(not_there, sizeof not_there, "/data/not-there%s", suffix);
  RETURNS(of(opens(there, O_RDONLY)), of(opens(not_there, O_RDONLY)));
  RETURNS(of(opens(there, O_WRONLY)), of(opens(not_there, O_WRONLY)));
  RETURNS(of(opens(there, O_RDONLY | O_DIRECTORY)), of(opens(not_there, O_RDONLY | O_DIRECTORY)));
  RETURNS(of(opens(there, O_CREAT | O_EXCL | O_WRONLY)), of(opens(not_there, O_CREAT | O_EXCL | O_WRONLY)));
  RETURNS(of(stat(there, &status)), of(stat(not_there, &status)));
  RETURNS(of(access(there, R_OK)), of(access(not_there, R_OK)));
  RETURNS(of(mkdir(there, 0777)), of(mkdir(not_there, 0777)));
  RETURNS(of(rmdir(there)), of(rmdir(not_there)));
  RETURNS(of((long)opendir(there) ? 0 : -1), of((long)opendir(not_there) ? 0 : -1));
  HOLDS(stat(there, &status) == -1);
#ifndef __wasi__
  RETURNS(of((long)realpath(there, 0) ? 0 : -1), of((long)realpath(not_there, 0) ? 0 : -1));
  HOLDS(!realpath(there, 0));
#endif
}

int main(int count, char **arguments) {
  ino_t above = strtoull(arguments[1], 0, 10);
  same("");
  same("/");
  same("/x");
  same("/..");
  DIR *directory = opendir("/data");
  HOLDS(directory);
  for (struct dirent *entry; (entry = readdir(directory));) HOLDS(entry->d_ino != above);
  closedir(directory);
#ifndef __wasi__
  char *path = realpath("/data/sub/../link", 0);
  HOLDS(path && !strcmp(path, "/data/file"));
  struct stat root, parent;
  HOLDS(!stat("/", &root) && !stat("/data/..", &parent) && root.st_ino == parent.st_ino);
  HOLDS(parent.st_ino != above);
  char text[4096] = "", where[4096];
  snprintf(where, sizeof where, "/proc/self/fd/%d", open("/data/file", O_RDONLY));
  HOLDS(readlink(where, text, sizeof text) == 10 && !memcmp(text, "/data/file", 10));
#endif
  return verdict();
}
