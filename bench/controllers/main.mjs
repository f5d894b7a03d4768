// npm run bench -- controllers [--only Jobs] [--rounds 3] [--share 0.1] [--side ours] [--profiles DIR]
// A Deployment of 5,000, 500 Deployments rolled at once, 1,000 Jobs, and a namespace of 20,000 objects deleted, on an API server of this
// checkout with a Postgres of its own; kubelets that run nothing say at once of every Pod that it runs. Wants the product built
// (`node tools/build.mjs`). Where BINNACLE_KUBE_CONTROLLER_MANAGER names upstream's kube-controller-manager, both take their turns at
// it. A part, or one side, is not recorded.
export { run } from '../../apps/conformance/dist/benchmarks/controllers/run.js';
