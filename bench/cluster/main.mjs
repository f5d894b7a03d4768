// Start, rest, and the first second of a Pod: what a new user feels. Wants the product built (`node tools/build.mjs`).
export { run } from '../../apps/conformance/dist/benchmarks/cluster.js';
