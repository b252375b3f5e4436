/// From instructions to expression trees in basic blocks, and how they are cut into methods.
package podium.engine.jvm.ir;
