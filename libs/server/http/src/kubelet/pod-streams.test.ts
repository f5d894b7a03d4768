import { duplexPair } from 'node:stream';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newForbidden } from '@binnacle/machinery-meta';
import { Permit } from '@binnacle/server-auth';
import type { ResourceStore } from '@binnacle/server-registry';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ApiRequest } from '../request/api-request.js';
import { parseRequestInfo } from '../request/request-info.js';
import type { KubeletConnection } from './kubelet-connection.js';
import type { NodeAddresses } from './node-addresses.js';
import { PodStreams } from './pod-streams.js';

const NODELESS = 'waiting';
const PODS: Record<string, object> = {
  web: { metadata: { name: 'web' }, spec: { nodeName: 'n', containers: [{ name: 'main' }] } },
  [NODELESS]: { metadata: { name: NODELESS }, spec: { containers: [{ name: 'main' }] } },
};
const place = { namespace: 'ns', name: 'web' };

let asked: string[];
let streams: PodStreams;
const pods = {
  get: async (_: unknown, { name }: { name: string }) => PODS[name],
  decode: (stored: unknown) => stored,
} as unknown as ResourceStore;

beforeEach(() => {
  asked = [];
  const nodes = { of: async () => ({ host: '127.0.0.1', port: 1 }) } as unknown as NodeAddresses;
  const kubelets = {
    ask: async (_: unknown, { method, path }: { method: string; path: string }) => {
      asked.push(`${method} ${path}`);
      const [socket] = duplexPair();
      return { head: { rawHeaders: [], statusCode: 101 }, socket };
    },
  } as unknown as KubeletConnection;
  streams = new PodStreams(nodes, kubelets);
});

/** A request of somebody who may do what the verbs say. */
function request(method: string, verbs: readonly string[], upgrades = true): ApiRequest {
  const query = new URLSearchParams('stdout=1&command=ls');
  const info = parseRequestInfo(method, '/api/v1/namespaces/ns/pods/web/exec', query);
  const attributes = { user: { name: 'ann', groups: [] }, cluster: 'main', verb: info.verb, resource: info.resource };
  const permit: Permit = Permit.of(attributes, { allowed: true, reason: '' }, (_, { verb }) => {
    if (!verbs.includes(verb)) throw newForbidden({ group: '', resource: 'pods' }, 'web', 'no');
    return permit;
  });
  const signal = new AbortController().signal;
  const ctx = { signal, clock: new FakeClock(), logger: silentLogger, cluster: 'main', user: attributes.user, permit };
  const [socket] = duplexPair();
  const connection = upgrades ? { connection: { socket, head: Buffer.alloc(0) } } : {};
  return { ctx, info, query, method, headers: {}, ...connection } as unknown as ApiRequest;
}

describe('streams of a Pod', () => {
  test.each(['GET', 'POST'])('are opened at its kubelet, by %s', async (method) => {
    const answer = await streams.serve('exec', request(method, ['create']), pods, place);
    expect(answer.status).toBe(101);
    expect(asked).toEqual([`${method} /exec/ns/web/main?output=1&command=ls`]);
  });

  test('are not opened by who may only get them', async () => {
    const opening = streams.serve('exec', request('GET', ['get']), pods, place);
    await expect(opening).rejects.toMatchObject({ reason: 'Forbidden' });
    expect(asked).toEqual([]);
  });

  test('need another protocol, and a node', async () => {
    await expect(streams.serve('exec', request('POST', []), pods, { ...place, name: NODELESS })).rejects.toThrow(
      'pod waiting does not have a host assigned',
    );
    await expect(streams.serve('exec', request('POST', [], false), pods, place)).rejects.toThrow(
      'Upgrade request required',
    );
  });
});
