package podium.syscall.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import podium.syscall.Export;
import podium.syscall.KernelObjects;
import podium.syscall.KnownFamilies;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.SyscallFamily;
import podium.syscall.wasi.abi.WasiErrno;

class WasiFamiliesTest {

    /// All functions of the interface.
    private static final List<String> FUNCTIONS =
            Stream.of(
                            """
                            args_get args_sizes_get environ_get environ_sizes_get clock_res_get
                            clock_time_get fd_advise fd_allocate fd_close fd_datasync fd_fdstat_get
                            fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get
                            fd_filestat_set_size fd_filestat_set_times fd_pread fd_prestat_get
                            fd_prestat_dir_name fd_pwrite fd_read fd_readdir fd_renumber fd_seek
                            fd_sync fd_tell fd_write path_create_directory path_filestat_get
                            path_filestat_set_times path_link path_open path_readlink
                            path_remove_directory path_rename path_symlink path_unlink_file
                            poll_oneoff proc_exit proc_raise sched_yield random_get sock_accept
                            sock_recv sock_send sock_shutdown
                            """
                                    .split("\\s+"))
                    .sorted()
                    .toList();

    static final KernelObjects NONE =
            new KernelObjects() {
                @Override
                public Pipe pipe(int flags) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public OpenFile eventfd(int initial, int flags) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public Epoll epoll() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public Timer timer(podium.syscall.Process process, int clock, int flags) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public Pollable any(Pollable[] pollables, int[] events) {
                    throw new UnsupportedOperationException();
                }
            };

    private static List<String> exports(Version version) {
        return WasiFamilies.all(NONE).stream()
                .filter(family -> family.module().equals(version.module()))
                .flatMap(WasiFamiliesTest::exports)
                .sorted()
                .toList();
    }

    private static Stream<String> exports(SyscallFamily family) {
        return Arrays.stream(family.getClass().getMethods())
                .filter(method -> method.isAnnotationPresent(Export.class))
                .map(java.lang.reflect.Method::getName);
    }

    @Test
    void bothVersionsAreThereWhole() {
        assertEquals(46, FUNCTIONS.size());
        assertEquals(FUNCTIONS, exports(Version.PREVIEW1));
        assertEquals(FUNCTIONS, exports(Version.UNSTABLE));
    }

    @Test
    void whoeverMissesThemIsToldOfThisBundle() {
        for (var version : Version.values())
            for (var name : FUNCTIONS)
                assertEquals("podium.syscall.wasi", KnownFamilies.bundle(version.module(), name));
        assertEquals("podium.syscall.wasi", KnownFamilies.bundle("wasi", "thread-spawn"));
        assertNull(KnownFamilies.bundle("wasi", "fd_read"));
    }

    @Test
    void errorsHaveTheNumbersOfTheInterface() {
        assertEquals(8, WasiErrno.BADF);
        assertEquals(28, WasiErrno.INVAL);
        assertEquals(37, WasiErrno.NAMETOOLONG);
        assertEquals(58, WasiErrno.NOTSUP);
        assertEquals(63, WasiErrno.PERM);
        assertEquals("ENOTCAPABLE", WasiErrno.NUMBERS.name(WasiErrno.NOTCAPABLE));
        assertEquals(75, WasiErrno.of(-podium.syscall.Errno.EXDEV.number()));
        assertEquals(29, WasiErrno.of(-9999), "what the kernel has no name for is EIO");
    }

    @Test
    void whencesAreNumberedDifferently() {
        for (int whence = 0; whence < 3; whence++)
            assertEquals(whence, Version.PREVIEW1.whence(whence));
        assertEquals(1, Version.UNSTABLE.whence(0));
        assertEquals(2, Version.UNSTABLE.whence(1));
        assertEquals(0, Version.UNSTABLE.whence(2));
    }
}
