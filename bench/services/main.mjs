// npm run bench -- services [--services 5000] [--endpoints 50000] [--changes 100] [--profiles DIR]
// kube-proxy of this checkout beside an API server of this checkout with a Postgres of its own, in a network namespace or on a machine
// where nobody else uses 127.96.0.0/16 and 127.128.0.0/16: how long it takes to carry so many Services, what that takes, and how
// soon a change of one is carried. Wants the product built (`node tools/build.mjs`). A smaller run is not recorded.
export { run } from '../../apps/conformance/dist/benchmarks/services/run.js';
