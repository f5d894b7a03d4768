import { cidrWarnings, type FieldPath, fieldPath } from '@binnacle/machinery-validation';
import type { NetworkPolicy, NetworkPolicyPeer } from '../index.js';

const SPEC = fieldPath('spec');

function peerWarnings(peers: readonly NetworkPolicyPeer[], path: FieldPath): string[] {
  return peers.flatMap(({ ipBlock }, index) => {
    const at = path.index(index).child('ipBlock');
    const { cidr = '', except = [] } = ipBlock ?? {};
    return [
      ...cidrWarnings(cidr, at.child('cidr')),
      ...except.flatMap((part, position) => cidrWarnings(part, at.child('except').index(position))),
    ];
  });
}

/** Networks that are written in another than their one text. */
export function networkPolicyWarnings({ spec }: NetworkPolicy): string[] {
  const { ingress = [], egress = [] } = spec ?? {};
  return [
    ...ingress.flatMap(({ from = [] }, index) => peerWarnings(from, SPEC.child('ingress').index(index).child('from'))),
    ...egress.flatMap(({ to = [] }, index) => peerWarnings(to, SPEC.child('egress').index(index).child('to'))),
  ];
}
