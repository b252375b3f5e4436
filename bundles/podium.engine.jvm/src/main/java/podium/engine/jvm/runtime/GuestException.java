package podium.engine.jvm.runtime;

import podium.engine.Tag;

/// An exception of the guest: a tag and the values it carries.
public final class GuestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    final transient Tag tag;
    final transient Object[] values;

    GuestException(Tag tag, Object[] values) {
        super(null, null, false, false);
        this.tag = tag;
        this.values = values;
    }
}
