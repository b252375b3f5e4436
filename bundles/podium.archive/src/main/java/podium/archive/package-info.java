/// Trees of files as tar and zip, and back.
@NullMarked
package podium.archive;

import org.jspecify.annotations.NullMarked;
