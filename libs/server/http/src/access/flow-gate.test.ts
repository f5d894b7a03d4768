import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import type { FlowRequest, WorkEstimate } from '@binnacle/server-flow-control';
import { expect, test } from 'vitest';
import { parseRequestInfo } from '../request/request-info.js';
import { FlowGate } from './flow-gate.js';

const asked: { request: FlowRequest; estimate: WorkEstimate }[] = [];
const control = {
  admit: (_ctx: unknown, _classification: unknown, request: FlowRequest, estimate: WorkEstimate) => {
    asked.push({ request, estimate });
    return { release: () => undefined };
  },
};
const sizeIn = (cluster: string) => ({ objects: cluster.includes('@') ? 3_000 : 2_000, bytes: 500_000 });
const find = (group: string, version: string, plural: string) =>
  builtinResources.find(group, version, plural) && { sizeIn };
const registry = { peek: (cluster: string) => (cluster === 'main' ? { find } : undefined) };
const gate = new FlowGate(control as never, registry as never);

function seatsOf(path: string): number {
  const query = new URLSearchParams();
  const ctx = { user: { name: 'alice', groups: [] } };
  const info = parseRequestInfo('GET', path, query);
  const request = { ctx, info, query, headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } };
  void gate.admit(request as never, { level: { mostSeats: 0 } } as never);
  return asked.at(-1)?.estimate.initialSeats ?? 0;
}

test('a list of the past takes the seats that reading it costs, in the flow of the cluster itself', () => {
  expect([seatsOf('/api/v1/pods'), seatsOf('/clusters/main@42/api/v1/pods')]).toEqual([20, 30]);
  expect(asked.map(({ request }) => request.cluster)).toEqual(['main', 'main']);
  expect(seatsOf('/clusters/main@42/api/v1/namespaces/default/pods/a')).toBe(1);
});
