// npm run bench -- scheduler [--only Preemption] [--rounds 3] [--nodes 500] [--side ours] [--profiles DIR]
//                         [--without decisions]
// scheduler_perf's workloads at 5,000 nodes, every one of which is scored for every Pod, on an API server of this checkout with a
// Postgres of its own. Wants the product built (`node tools/build.mjs`). Where BINNACLE_KUBE_SCHEDULER names upstream's
// kube-scheduler, both take their turns at it. `--without decisions` weighs decision records:
// ours takes its turns with itself that keeps none. A part, or one side, is not recorded.
export { run } from '../../apps/conformance/dist/benchmarks/scheduler/run.js';
