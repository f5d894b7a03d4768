// Sends the same requests to this API server and to a kube-apiserver and writes docs/compared.md. Wants the product built
// (`node tools/build.mjs`), BINNACLE_PEER_APISERVER and BINNACLE_PEER_ETCD. `--only '^patch pods'` runs a part of the corpus and
// prints what it finds; `--log file` notes every difference; `--seed 8 --mutations 30` make another corpus.
export { run } from '../../apps/conformance/dist/compare/run.js';
