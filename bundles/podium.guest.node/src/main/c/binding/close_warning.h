/* Something that should have been closed was collected: a warning, told from the event loop because no script may run
   during a collection. */
#ifndef PODIUM_NODE_CLOSE_WARNING_H
#define PODIUM_NODE_CLOSE_WARNING_H

typedef enum CloseWarning { FILE_CLOSED, FILE_CLOSE_FAILED, DIRECTORY_CLOSED, DIRECTORY_CLOSE_FAILED } CloseWarning;

/* `fd` and `path` as far as the kind shows them; `status` is libuv's error of a failed close, which is thrown. */
void warn_closed_by_collection(CloseWarning kind, int fd, const char *path, int status);

#endif
