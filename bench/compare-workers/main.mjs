// npm run bench -- compare-workers [--only '^Job'] [--keep folder [--side theirs]] [--from folder] [--at-once 6]
// Does the same where our controllers and scheduler work and where upstream's do, and writes docs/controllers-compared.md. Wants the
// product built (`node tools/build.mjs`), BINNACLE_KUBE_CONTROLLER_MANAGER and BINNACLE_KUBE_SCHEDULER. `--only` plays some scenarios and
// prints what it finds; `--keep` keeps how each ended and plays one side again with `--side`; `--from` plays none and compares what is kept.
export { run } from '../../apps/conformance/dist/compare-workers/run.js';
