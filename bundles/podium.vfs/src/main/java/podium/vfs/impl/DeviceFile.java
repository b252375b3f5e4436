package podium.vfs.impl;

import java.nio.ByteBuffer;
import podium.syscall.OpenFile;
import podium.syscall.Task;

/// A device or FIFO opened by name: transfers are another file's, place and attributes the
/// inode's.
final class DeviceFile extends PlacedFile {

    private final OpenFile device;

    /// @param device whose use is taken over, unless this fails
    DeviceFile(Entry entry, OpenFile device) {
        super(entry, device.flags());
        this.device = device;
    }

    @Override
    protected void closed() {
        device.release();
        super.closed();
    }

    @Override
    public int read(ByteBuffer into) {
        return device.read(into);
    }

    @Override
    public int write(ByteBuffer from) {
        return device.write(from);
    }

    @Override
    public int read(ByteBuffer into, long position) {
        return device.read(into, position);
    }

    @Override
    public int write(ByteBuffer from, long position) {
        return device.write(from, position);
    }

    @Override
    public long seek(long offset, int whence) {
        return device.seek(offset, whence);
    }

    @Override
    public void truncate(long size) {
        device.truncate(size);
    }

    @Override
    public void allocate(int mode, long offset, long length) {
        device.allocate(mode, offset, length);
    }

    @Override
    public void sync(boolean dataOnly) {
        device.sync(dataOnly);
    }

    @Override
    public int ioctl(Task task, int request, int argument) {
        return device.ioctl(task, request, argument);
    }

    @Override
    public int readiness() {
        return device.readiness();
    }

    @Override
    public void watch(Watcher watcher) {
        device.watch(watcher);
    }

    @Override
    public void unwatch(Watcher watcher) {
        device.unwatch(watcher);
    }
}
