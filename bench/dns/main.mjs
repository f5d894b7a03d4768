// npm run bench -- dns [--services 5000] [--rounds 3] [--seconds 10] [--rate 5000] [--changes 50] [--side ours]
// Lets the DNS of this checkout follow 5,000 Services and 200 headless ones, with ten endpoints each, at an API server with a Postgres
// of its own: how long until it answers, questions a second, how long an answer takes at a steady rate, how soon a change is
// seen, memory and processor time. Where BINNACLE_COREDNS names a coredns, it takes its turns. Wants the product built
// (`node tools/build.mjs`), and nobody at 127.96.0.10. A part, or one side, is not recorded.
export { run } from '../../apps/conformance/dist/benchmarks/dns/run.js';
