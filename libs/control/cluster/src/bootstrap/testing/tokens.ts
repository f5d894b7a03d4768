import type { Secret } from '@binnacle/apis-kubernetes/core/v1';

/** A Secret with a token for joining; `more` is text by key, and undefined takes a key away. */
export function bootstrapToken(id: string, more: Readonly<Record<string, string | undefined>> = {}): Secret {
  const text = { 'token-id': id, 'token-secret': `secret-of-${id}`, 'usage-bootstrap-signing': 'true', ...more };
  const data = Object.fromEntries(
    Object.entries(text).flatMap(([key, value]) => (value === undefined ? [] : [[key, btoa(value)]])),
  );
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    data,
  };
}
