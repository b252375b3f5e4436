package podium.syscall.wasi.abi;

import java.util.List;
import java.util.Map;
import podium.syscall.Errno;
import podium.syscall.ErrorNumbers;

/// Error numbers of WASI, which are the same in both versions of its interface.
public final class WasiErrno {

    public static final int SUCCESS = 0;

    /// The numbers of what the kernel's objects answer. In the order of their numbers.
    public static final ErrorNumbers NUMBERS =
            ErrorNumbers.of(
                    List.of(
                            "SUCCESS",
                            "E2BIG",
                            "EACCES",
                            "EADDRINUSE",
                            "EADDRNOTAVAIL",
                            "EAFNOSUPPORT",
                            "EAGAIN",
                            "EALREADY",
                            "EBADF",
                            "EBADMSG",
                            "EBUSY",
                            "ECANCELED",
                            "ECHILD",
                            "ECONNABORTED",
                            "ECONNREFUSED",
                            "ECONNRESET",
                            "EDEADLK",
                            "EDESTADDRREQ",
                            "EDOM",
                            "EDQUOT",
                            "EEXIST",
                            "EFAULT",
                            "EFBIG",
                            "EHOSTUNREACH",
                            "EIDRM",
                            "EILSEQ",
                            "EINPROGRESS",
                            "EINTR",
                            "EINVAL",
                            "EIO",
                            "EISCONN",
                            "EISDIR",
                            "ELOOP",
                            "EMFILE",
                            "EMLINK",
                            "EMSGSIZE",
                            "EMULTIHOP",
                            "ENAMETOOLONG",
                            "ENETDOWN",
                            "ENETRESET",
                            "ENETUNREACH",
                            "ENFILE",
                            "ENOBUFS",
                            "ENODEV",
                            "ENOENT",
                            "ENOEXEC",
                            "ENOLCK",
                            "ENOLINK",
                            "ENOMEM",
                            "ENOMSG",
                            "ENOPROTOOPT",
                            "ENOSPC",
                            "ENOSYS",
                            "ENOTCONN",
                            "ENOTDIR",
                            "ENOTEMPTY",
                            "ENOTRECOVERABLE",
                            "ENOTSOCK",
                            "ENOTSUP",
                            "ENOTTY",
                            "ENXIO",
                            "EOVERFLOW",
                            "EOWNERDEAD",
                            "EPERM",
                            "EPIPE",
                            "EPROTO",
                            "EPROTONOSUPPORT",
                            "EPROTOTYPE",
                            "ERANGE",
                            "EROFS",
                            "ESPIPE",
                            "ESRCH",
                            "ESTALE",
                            "ETIMEDOUT",
                            "ETXTBSY",
                            "EXDEV",
                            "ENOTCAPABLE"),
                    Map.of(
                            Errno.EOPNOTSUPP, "ENOTSUP",
                            Errno.EPFNOSUPPORT, "EAFNOSUPPORT",
                            Errno.ESOCKTNOSUPPORT, "EPROTONOSUPPORT",
                            Errno.ESHUTDOWN, "EPIPE",
                            Errno.EHOSTDOWN, "EHOSTUNREACH",
                            Errno.ETIME, "ETIMEDOUT"),
                    "EIO");

    public static final int AGAIN = NUMBERS.of(Errno.EAGAIN);
    public static final int BADF = NUMBERS.of(Errno.EBADF);
    public static final int INVAL = NUMBERS.of(Errno.EINVAL);
    public static final int NAMETOOLONG = NUMBERS.of(Errno.ENAMETOOLONG);
    public static final int NOTDIR = NUMBERS.of(Errno.ENOTDIR);
    public static final int NOTSOCK = NUMBERS.of(Errno.ENOTSOCK);
    public static final int NOTSUP = NUMBERS.of(Errno.EOPNOTSUPP);
    public static final int PERM = NUMBERS.of(Errno.EPERM);

    public static final int SPIPE = NUMBERS.of(Errno.ESPIPE);

    /// A descriptor's rights do not allow it. The kernel has no such error.
    public static final int NOTCAPABLE = 76;

    private WasiErrno() {}

    /// The number of a negated errno.
    public static int of(long negated) {
        var errno = Errno.of((int) -negated);
        return NUMBERS.of(errno == null ? Errno.EIO : errno);
    }
}
