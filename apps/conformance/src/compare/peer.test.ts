import { expect, it } from 'vitest';
import { peerPrograms, startPeer } from './peer.js';

it('is named by the environment', () => {
  expect(peerPrograms({})).toBeUndefined();
  expect(peerPrograms({ BINNACLE_PEER_APISERVER: '/a' })).toEqual({ apiserver: '/a', etcd: 'etcd' });
  expect(peerPrograms({ BINNACLE_PEER_APISERVER: '/a', BINNACLE_PEER_ETCD: '/e' })).toEqual({
    apiserver: '/a',
    etcd: '/e',
  });
});

it('that does not run is told of at once', async () => {
  await expect(startPeer({ apiserver: '/nowhere/a', etcd: '/nowhere/e' })).rejects.toThrow(/does not run: .*ENOENT/);
});
