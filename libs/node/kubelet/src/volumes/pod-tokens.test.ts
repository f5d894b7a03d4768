import type { TokenRequest } from '@binnacle/apis-kubernetes/authentication/v1';
import type { KubeClient } from '@binnacle/client-rest';
import { formatTime } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { beforeEach, expect, test } from 'vitest';
import { fakeContext, podOf } from '../testing/fakes.js';
import { PodTokens } from './pod-tokens.js';

let ctx: ReturnType<typeof fakeContext>;
let asked: { readonly name: object; readonly spec: TokenRequest['spec'] }[];
let fault: Error | undefined;
let tokens: PodTokens;

beforeEach(() => {
  ctx = fakeContext();
  [asked, fault] = [[], undefined];
  const createSubresource = async (_: unknown, name: object, _subresource: string, body: UnstructuredObject) => {
    const spec = (body as TokenRequest).spec;
    asked.push({ name, spec });
    if (fault) throw fault;
    const expirationTimestamp = formatTime(ctx.clock.now() + (spec?.expirationSeconds ?? 0) * 1000);
    return { status: { token: `token ${asked.length}`, expirationTimestamp } };
  };
  tokens = new PodTokens({ resource: () => ({ createSubresource }) } as unknown as KubeClient);
});

const pod = podOf({ serviceAccountName: 'robot' });
const hour = { expirationSeconds: 3600 };
const seconds = (count: number) => ctx.clock.step(count * 1000);

test('a token is of the account and bound to the Pod', async () => {
  expect(await tokens.token(ctx, pod, { audience: 'vault', expirationSeconds: 600 })).toBe('token 1');
  expect(asked).toEqual([
    {
      name: { namespace: 'ns', name: 'robot' },
      spec: {
        audiences: ['vault'],
        expirationSeconds: 600,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' },
      },
    },
  ]);
  await tokens.token(ctx, pod, {});
  expect(asked[1]?.spec).toMatchObject({ audiences: [], expirationSeconds: 3600 });
});

test('a token is another when a fifth of its life is left, and not before', async () => {
  await tokens.token(ctx, pod, hour);
  seconds(2879);
  expect(await tokens.token(ctx, pod, hour)).toBe('token 1');
  seconds(1);
  expect(await tokens.token(ctx, pod, hour)).toBe('token 2');
});

test('a token of many days is another after one', async () => {
  const week = { expirationSeconds: 7 * 24 * 3600 };
  await tokens.token(ctx, pod, week);
  seconds(24 * 3600);
  expect(await tokens.token(ctx, pod, week)).toBe('token 2');
});

test('while no other can be had, a token is shown until it ends', async () => {
  await tokens.token(ctx, pod, hour);
  fault = new Error('no server');
  seconds(3599);
  expect(await tokens.token(ctx, pod, hour)).toBe('token 1');
  seconds(1);
  await expect(tokens.token(ctx, pod, hour)).rejects.toThrow('failed to fetch token: no server');
});

test('of a Pod that has gone nothing is kept', async () => {
  await tokens.token(ctx, pod, hour);
  tokens.forget(pod);
  expect(await tokens.token(ctx, pod, hour)).toBe('token 2');
});
