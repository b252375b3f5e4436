package podium.engine.v8;

import podium.engine.Tag;
import podium.engine.TagType;

/// An exception tag of an instance.
record V8Tag(V8Instance instance, int number, TagType type) implements Tag {}
