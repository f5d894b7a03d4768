import type { RawApi } from '@binnacle/testing-cluster';
import { NAMESPACE } from './corpus/index.js';

type Json = Record<string, unknown>;

const account = (namespace: string): Json => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace },
});

/** What controllers would have made, and what the corpus refers to. */
const OBJECTS: readonly (readonly [string, Json])[] = [
  ['/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }],
  ['/api/v1/namespaces/default/serviceaccounts', account('default')],
  [`/api/v1/namespaces/${NAMESPACE}/serviceaccounts`, account(NAMESPACE)],
];

/** Makes both servers equal before they are compared. Rejects where an object cannot be made. */
export async function prepare(raw: RawApi): Promise<void> {
  for (const [path, body] of OBJECTS) {
    const { status, text } = await raw.call(path, { method: 'POST', body });
    if (status !== 201 && status !== 409) throw new Error(`POST ${path} was answered ${status}: ${text}`);
  }
}
