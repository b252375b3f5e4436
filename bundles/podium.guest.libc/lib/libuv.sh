# source: libuv
# Event loop, files, sockets, processes, thread pool: upstream's Linux backend.

common=(fs-poll idna inet random strscpy strtok thread-common threadpool timer uv-common uv-data-getter-setters version)
unix=(async core dl fs getaddrinfo getnameinfo loop-watcher loop pipe poll process random-devurandom signal stream tcp
  thread tty udp proctitle linux procfs-exepath random-getrandom random-sysctl-linux)

archive uv -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I"$SOURCES/include" -I"$SOURCES/src" -pthread -fvisibility=hidden -w -- \
  $(printf "src/%s.c " "${common[@]}") $(printf "src/unix/%s.c " "${unix[@]}")
headers -C include uv.h uv
