# source: c-ares
# DNS queries. Without threads: they would run event loops of its own.

# What its configure script would find, of what it looks at on Linux.
headers=(arpa/inet.h arpa/nameser.h arpa/nameser_compat.h assert.h errno.h fcntl.h ifaddrs.h limits.h net/if.h netdb.h
  netinet/in.h netinet/tcp.h poll.h stdint.h strings.h sys/ioctl.h sys/param.h sys/random.h sys/select.h sys/socket.h
  sys/stat.h sys/time.h sys/types.h sys/uio.h time.h unistd.h)
functions=(clock_gettime clock_gettime_monotonic fcntl_o_nonblock getenv gethostname getifaddrs getrandom gettimeofday
  if_indextoname if_nametoindex memmem poll recv recvfrom send sendto stat strcasecmp strdup strncasecmp strnlen writev)
types=(af_inet6 pf_inet6 struct_addrinfo struct_in6_addr struct_sockaddr_in6 struct_sockaddr_in6_sin6_scope_id
  struct_sockaddr_storage struct_timeval)
have=$(printf '%s\n' "${headers[@]}" "${functions[@]}" "${types[@]}" | tr 'a-z/.' 'A-Z__' | sed 's/^/-DHAVE_/')
arguments=(-DSEND_TYPE_ARG1=int '-DSEND_TYPE_ARG2=const void *' -DSEND_TYPE_ARG3=size_t -DSEND_TYPE_ARG4=int
  -DRECVFROM_TYPE_ARG3=size_t)

archive cares -D_GNU_SOURCE -DCARES_BUILDING_LIBRARY $have "${arguments[@]}" -I"$SOURCES/include" -I"$SOURCES/src/lib" \
  -I"$SOURCES/src/lib/include" -w -- $(cd "$SOURCES" && ls src/lib/*.c src/lib/*/*.c)
headers -C include ares.h ares_build.h ares_dns.h ares_dns_record.h ares_nameser.h ares_version.h
