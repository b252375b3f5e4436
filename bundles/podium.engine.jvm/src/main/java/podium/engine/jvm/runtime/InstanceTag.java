package podium.engine.jvm.runtime;

import podium.engine.Tag;
import podium.engine.TagType;

/// A tag a module declares; each instance has its own.
public final class InstanceTag implements Tag {

    private final TagType type;

    public InstanceTag(TagType type) {
        this.type = type;
    }

    @Override
    public TagType type() {
        return type;
    }
}
