import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import type { FlowRequest, WorkEstimate } from '@binnacle/server-flow-control';
import { expect, test } from 'vitest';
import { parseRequestInfo } from '../request/request-info.js';
import { FlowGate } from './flow-gate.js';

const asked: { request: FlowRequest; estimate: WorkEstimate }[] = [];
const control = {
  watches: { interestedIn: () => 0 },
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

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

function estimateOf(method: string, path: string, { accept = TABLE, search = '', mostSeats = 0 } = {}): WorkEstimate {
  const query = new URLSearchParams(search);
  const ctx = { user: { name: 'alice', groups: [] } };
  const info = parseRequestInfo(method, path, query);
  void gate.admit({ ctx, info, query, headers: { accept } } as never, { level: { mostSeats } } as never);
  return (asked.at(-1) as { estimate: WorkEstimate }).estimate;
}

const seatsOf = (path: string) => estimateOf('GET', path).initialSeats;

test('a list of the past takes the seats that reading it costs, in the flow of the cluster itself', () => {
  expect([seatsOf('/api/v1/pods'), seatsOf('/clusters/main@42/api/v1/pods')]).toEqual([20, 30]);
  expect(asked.map(({ request }) => request.cluster)).toEqual(['main', 'main']);
  expect(seatsOf('/clusters/main@42/api/v1/namespaces/default/pods/a')).toBe(1);
});

test.each([
  ['', 20],
  ['labelSelector=a', 5],
])('a collection is deleted for the seats of what is looked at and deleted: %j', (search, seats) => {
  const asking = { accept: 'application/json', search };
  expect(estimateOf('DELETE', '/api/v1/namespaces/a/pods', asking).initialSeats).toBe(seats);
  expect(estimateOf('DELETE', '/api/v1/namespaces/a/pods/one', asking).initialSeats).toBe(1);
});

test('where a level gives nobody more than one seat, what is long is known for it all the same', () => {
  const asking = { accept: 'application/json', mostSeats: 1 };
  expect(estimateOf('DELETE', '/api/v1/namespaces/a/pods', asking)).toMatchObject({ initialSeats: 1, isLong: true });
});
