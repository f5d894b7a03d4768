// A thousand logical clusters in one server, of which a few are busy: what each costs, and how soon one wakes. Wants the
// product built (`node tools/build.mjs`). `--clusters 100 --busy 5 --with-pods 20 --wakes 20` is a small run.
export { run } from '../../apps/conformance/dist/benchmarks/clusters/run.js';
