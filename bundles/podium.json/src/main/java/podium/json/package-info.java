/// JSON, for bundles that read or write a little of it. Each has a copy of its own.
@NullMarked
package podium.json;

import org.jspecify.annotations.NullMarked;
