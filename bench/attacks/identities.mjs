// Who takes part: certificates that the cluster's own authority signs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { issue } from '../../apps/cli/dist/pki/authority.js';

/** By name: subject of the certificate. `anonymous` has none. */
const SUBJECTS = {
  admin: { commonName: 'kubernetes-admin', organizations: ['system:masters'] },
  neighbour: { commonName: 'neighbour', organizations: ['binnacle:editors'] },
  leader: { commonName: 'system:kube-scheduler' },
  nobody: { commonName: 'mallory' },
  viewer: { commonName: 'victor', organizations: ['binnacle:viewers'] },
  editor: { commonName: 'edith', organizations: ['binnacle:editors'] },
};

/** How each of them connects to a cluster that `binnacle up` made in `dataDir`. */
export async function identitiesOf({ dataDir, apiUrl }) {
  const read = (name) => readFileSync(join(dataDir, 'pki', name), 'utf8');
  const authority = { certificate: read('ca.crt'), key: read('ca.key') };
  const base = { server: apiUrl, ca: authority.certificate };
  const entries = await Promise.all(
    Object.entries(SUBJECTS).map(async ([name, subject]) => {
      const { certificate: cert, key } = await issue(authority, subject, Date.now());
      return [name, { ...base, cert, key }];
    }),
  );
  return { ...Object.fromEntries(entries), anonymous: base };
}

/** What a server needs that stands in for the API server of that cluster. */
export function serverFiles({ dataDir }) {
  const read = (name) => readFileSync(join(dataDir, 'pki', name), 'utf8');
  return { cert: read('apiserver.crt'), key: read('apiserver.key'), ca: read('ca.crt') };
}

/** The same people, asking another server. */
export const askingOf = (server, identities) =>
  Object.fromEntries(Object.entries(identities).map(([name, identity]) => [name, { ...identity, server }]));
