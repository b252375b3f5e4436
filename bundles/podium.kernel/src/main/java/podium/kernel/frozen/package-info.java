/// A process as it is kept while it does not run: plain data, and how that is written and read.
@NullMarked
package podium.kernel.frozen;

import org.jspecify.annotations.NullMarked;
