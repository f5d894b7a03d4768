// Runs Kubernetes' own conformance suite against a cluster of simulated nodes and writes docs/conformance.md. Wants the product built
// (`node tools/build.mjs`), kubectl, and BINNACLE_E2E_TEST to name the suite's program, e2e.test of Kubernetes 1.36.
// `--only 'sig-network.*Services'` runs a part and prints it; `--workers 3` says how many cases are run beside each other;
// `--resume file` counts what passed in an earlier run's log; `--known skip` does not run cases of which
// apps/conformance/src/suite/reasons.ts knows why they cannot pass; `--from file` runs nothing and
// tells of what a log holds; `--kubeconfig file` takes a cluster that runs; `--log file` notes every case with what it said.
export { run } from '../../apps/conformance/dist/suite/run.js';
