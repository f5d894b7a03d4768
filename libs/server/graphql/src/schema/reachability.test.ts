import type { ReachabilityReviewSpec, ReachabilityReviewStatus } from '@binnacle/apis-kubernetes/reachability/v1';
import { newForbidden } from '@binnacle/machinery-meta';
import { expect, test } from 'vitest';
import { type AskReachability, GraphqlService } from '../index.js';
import { startService } from '../testing/service.js';

const side = { allowed: true, reason: 'NotIsolated', message: 'No policy …', policies: [] };
const ingress = { ...side, reason: 'Rule', policies: ['p'], rule: { policy: 'p', index: 1 } };
const path = { ip: '10.0.0.1', port: 80, allowed: true, egress: side, ingress };
const ANSWER: ReachabilityReviewStatus = {
  allowed: true,
  message: 'shop/web reaches shop/api at TCP 80.',
  egress: side,
  ingress,
  paths: [path],
  incomplete: false,
};

async function ask(query: string, reachability: AskReachability | undefined) {
  const { registry, ctx } = await startService();
  const authorize = () => Promise.reject(new Error('nothing is read'));
  const service = new GraphqlService({ registry, authorize, ...(reachability && { reachability }) });
  const headers = { 'content-type': 'application/json' };
  const body = Buffer.from(JSON.stringify({ query }));
  const answer = await service.execute(ctx, { method: 'POST', headers, search: '', body });
  return JSON.parse(answer.body.toString());
}

test('who reaches whom is asked as over REST, and what was left out is not said', async () => {
  const asked: ReachabilityReviewSpec[] = [];
  const query = `{ reachability(
    from: { namespace: "shop", labels: [{ key: "app", value: "web" }], pod: null }
    to: { namespace: "shop", service: "api" } port: 80
  ) { allowed partly message egress { reason } ingress { policies rule { policy index } } paths { pod ip port } incomplete } }`;
  const { data, errors } = await ask(query, async (_, spec) => {
    asked.push(spec);
    return ANSWER;
  });
  expect(errors).toBeUndefined();
  expect(asked).toEqual([
    { from: { namespace: 'shop', labels: { app: 'web' } }, to: { namespace: 'shop', service: 'api' }, port: 80 },
  ]);
  expect(data.reachability).toEqual({
    allowed: true,
    partly: false,
    message: ANSWER.message,
    egress: { reason: 'NotIsolated' },
    ingress: { policies: ['p'], rule: { policy: 'p', index: 1 } },
    paths: [{ pod: null, ip: '10.0.0.1', port: 80 }],
    incomplete: false,
  });
});

test('what is read for it is charged, up to what an operation may cost', async () => {
  const query = `{ ${Array.from({ length: 40 }, (_, n) => `r${n}: reachability(from: {ip: "10.0.0.1"}, to: {ip: "10.0.0.2"}, port: 1) { allowed }`).join(' ')} }`;
  const reading =
    (bytes: number): AskReachability =>
    async (_ctx, _spec, onRead) => {
      onRead({ rows: 1_000, bytes });
      return ANSWER;
    };
  const { data, extensions } = await ask(query, reading(1024 * 100));
  expect(data.r39).toEqual({ allowed: true });
  expect(extensions.cost.estimated).toBeGreaterThan(40 * 500);
  expect(extensions.cost.actual).toBeGreaterThan(40 * (500 + 1_000 + 4 * 500));
  const { errors } = await ask(query, reading(1024 * 1024 * 100));
  expect(errors[0].extensions.code).toBe('RequestEntityTooLarge');
});

test('what one may not see is refused', async () => {
  const query = '{ reachability(from: {ip: "10.0.0.1"}, to: {ip: "10.0.0.2"}, port: 1, protocol: "UDP") { allowed } }';
  const refuse = () => Promise.reject(newForbidden({ group: '', resource: 'pods' }, 'a', 'not yours'));
  const { errors } = await ask(query, refuse);
  expect(errors[0]).toMatchObject({ message: 'pods "a" is forbidden: not yours', extensions: { code: 'Forbidden' } });
  expect((await ask(query, undefined)).errors).toHaveLength(1);
});
