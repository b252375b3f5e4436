package podium.engine.jvm.runtime;

/// What compiled code knows of a memory other than an instance's first, which has these fields in
/// [GuestState] itself.
public final class MemoryView implements MemoryUser {

    public long base;
    public long limit1;
    public long limit2;
    public long limit4;
    public long limit8;

    @Override
    public void memoryBase(long address) {
        base = address;
    }

    @Override
    public void memorySize(long size) {
        limit1 = size;
        limit2 = Math.max(0, size - 1);
        limit4 = Math.max(0, size - 3);
        limit8 = Math.max(0, size - 7);
    }
}
