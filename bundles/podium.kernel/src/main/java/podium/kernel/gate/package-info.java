/// From a guest's import to the service that implements it: binding by method handle, replacing
/// under load, tracing.
@NullMarked
package podium.kernel.gate;

import org.jspecify.annotations.NullMarked;
