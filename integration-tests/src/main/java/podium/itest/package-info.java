/// Tests that run inside Felix. They live in the main folder because the test runner takes them
/// from the bundle.
package podium.itest;
