// A kube-apiserver and an etcd, in a process that does nothing else, so that what they cost is what its children cost.
import { peerPrograms, startPeer } from '../../apps/conformance/dist/compare/peer.js';

const peer = await startPeer(peerPrograms(process.env));
process.send({ admin: peer.admin, version: peer.version });
process.on('disconnect', async () => {
  await peer.close();
  process.exit(0);
});
