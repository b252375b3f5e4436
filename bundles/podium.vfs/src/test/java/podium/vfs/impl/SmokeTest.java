package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.*;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import podium.syscall.*;
import podium.vfs.*;
import podium.vfs.memory.MemoryFileSystemType;

class SmokeTest {
    @Test
    void works() throws Exception {
        var vfs =
                new VfsService(List.of(new MemoryFileSystemType(), new DevFileSystemType()), null);
        var ns =
                vfs.namespace(
                        List.of(
                                MountSpec.of("/", "memory"),
                                MountSpec.of("/dev", "dev"),
                                MountSpec.of("/a/b/c", "memory")));
        var ctx = vfs.context(ns, Credentials.ROOT);
        var f = ns.open(ctx, null, "/a/b/c/file", OpenFile.O_CREAT | OpenFile.O_RDWR, 0644);
        assertEquals(5, f.write(ByteBuffer.wrap("hello".getBytes())));
        assertEquals(0, f.seek(0, 0));
        var b = ByteBuffer.allocate(10);
        assertEquals(5, f.read(b));
        ns.rename(ctx, null, "/a/b/c/file", null, "/a/b/c/g", 0);
        assertEquals("/a/b/c/g", f.description());
        assertEquals("/a/b/c", ns.resolve(ctx, null, "/a/b/../b/c/.", 0).path());
        var d = ns.open(ctx, null, "/dev", OpenFile.O_DIRECTORY, 0);
        var e = ByteBuffer.allocate(1000);
        System.out.println(d.readDirectory(e));
        ns.symlink(ctx, "a/b", null, "/l");
        assertEquals("/a/b/c/g", ns.resolve(ctx, null, "/l/c/g", 0).path());
        System.out.println(ns.mounts());
    }
}
