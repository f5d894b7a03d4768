// npm run bench -- services [--rounds 3] [--services 5000] [--endpoints 50000] [--changes 40] [--side ours] [--profiles DIR]
// kube-proxy of this checkout beside an API server of this checkout with a Postgres of its own: how long it takes to carry so many
// Services, how soon a change of one is carried, and what that takes. Wants the product built (`node tools/build.mjs`), and 127.96.0.0/16
// and 127.128.0.0/16 to be nobody else's. Where BINNACLE_KUBE_PROXY names upstream's kube-proxy, both take their turns at it: as root, `nft` and
// `ip` in the PATH, and in a network namespace of its own (`ip netns exec`), whose addresses, routes and rules are changed. A part, or
// one side, is not recorded.
export { run } from '../../apps/conformance/dist/benchmarks/services/run.js';
