/* cat(1), as far as Node's tests go: standard input to standard output. */
#include <unistd.h>

int main(void)
{
  char bytes[65536];
  for (;;) {
    ssize_t count = read(0, bytes, sizeof bytes);
    if (count <= 0)
      return count < 0;
    for (ssize_t done = 0; done < count;) {
      ssize_t step = write(1, bytes + done, (size_t)(count - done));
      if (step < 0)
        return 1;
      done += step;
    }
  }
}
