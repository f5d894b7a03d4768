import { beforeEach, describe, expect, test } from 'vitest';
import { ec, FakeIssuer, ISSUER } from '../testing/fake-issuer.js';
import { MOST_WAITING } from './key-bounds.js';
import { IssuerUnavailable, RemoteIssuer } from './remote-issuer.js';

const key = ec();
let issuer: FakeIssuer;
let remote: RemoteIssuer;
beforeEach(async () => {
  issuer = new FakeIssuer();
  await issuer.publish('one', key);
  remote = new RemoteIssuer(issuer.ctx, { url: ISSUER }, issuer.fetch);
});

const fails = (): Promise<Response> => Promise.reject(new Error('connect ECONNREFUSED'));

describe('an issuer', () => {
  test('is asked for its document once and for its keys where that says', async () => {
    await Promise.all([remote.refresh(), remote.refresh(), remote.metadata()]);
    expect(issuer.asked).toEqual([`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/keys`]);
    expect([remote.keys?.size, remote.isStale]).toEqual([1, false]);
    expect(await remote.metadata()).toMatchObject({ issuer: ISSUER });
  });

  test('is asked elsewhere where that is said', async () => {
    const other = new RemoteIssuer(issuer.ctx, { url: ISSUER, discoveryURL: 'https://in.example/doc' }, issuer.fetch);
    await other.refresh();
    expect(issuer.asked[0]).toBe('https://in.example/doc');
    expect(other.keys).toBeDefined();
  });

  test.each([
    ['of another issuer', { issuer: 'https://other', jwks_uri: `${ISSUER}/keys` }, 'of another issuer'],
    ['without keys', { issuer: ISSUER }, 'says nothing of keys'],
    ['that is none', null, 'of another issuer'],
  ])('whose document is %s has no keys', async (_, document, why) => {
    issuer.document = document;
    await expect(remote.metadata()).rejects.toThrow(why);
    expect(remote.keys).toBeUndefined();
  });

  test.each([
    ['no JSON', () => Promise.resolve(new Response('<html>'))],
    ['a redirect', () => Promise.resolve(new Response(null, { status: 302, headers: { location: 'https://x' } }))],
    ['an error', () => Promise.resolve(new Response('', { status: 500 }))],
    ['nothing', fails],
  ])('that answers %s has no keys, and is no fault of ours', async (_, trouble) => {
    issuer.trouble = trouble;
    await expect(remote.metadata()).rejects.toBeInstanceOf(IssuerUnavailable);
    expect(remote.keys).toBeUndefined();
  });

  test.each([
    ['not a list', 'keys'],
    ['more than anybody has', Array.from({ length: 101 }, () => ({ kty: 'RSA' }))],
  ])('whose keys are %s has none', async (_, keys) => {
    issuer.keys = keys as unknown[];
    await remote.refresh();
    expect(remote.keys).toBeUndefined();
  });

  test('that publishes secrets and halves that are its own has no such keys', async () => {
    issuer.keys.push({ kty: 'oct', k: 'c2VjcmV0', kid: 'one' }, { kty: 'EC', d: 'x' }, null, 'x');
    await remote.refresh();
    expect(remote.keys?.size).toBe(1);
  });
});

describe('questions', () => {
  test('are not asked again for ten seconds, however often', async () => {
    for (let at = 0; at < 100; at += 1) await remote.refresh();
    expect(issuer.asked).toHaveLength(2);
    issuer.clock.step(10_000);
    await remote.refresh();
    expect(issuer.asked).toHaveLength(3);
  });

  test('come later and later while they fail', async () => {
    issuer.trouble = fails;
    const at: number[] = [];
    for (let second = 0; second < 200; second += 1) {
      const before = issuer.asked.length;
      await remote.refresh();
      if (issuer.asked.length > before) at.push(second);
      issuer.clock.step(1_000);
    }
    expect(at).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
  });

  test('have few who wait for them', async () => {
    let answer = (_: Response) => undefined as void;
    issuer.trouble = () => new Promise((resolve) => (answer = resolve));
    const waiting = Array.from({ length: MOST_WAITING }, () => remote.refresh());
    await expect(remote.refresh()).rejects.toThrow('too many requests wait');
    answer(new Response('', { status: 500 }));
    await Promise.all(waiting);
  });
});

describe('keys', () => {
  test.each([
    ['', 5 * 60],
    ['public, max-age=600', 600],
    ['max-age=1', 60],
    ['max-age=99999999', 3600],
    ['no-store', 5 * 60],
  ])('are asked for again after what %j says, within bounds', async (header, seconds) => {
    issuer.headers = header ? { 'cache-control': header } : {};
    await remote.refresh();
    issuer.clock.step(seconds * 1000 - 1);
    expect(remote.isStale).toBe(false);
    issuer.clock.step(1);
    expect(remote.isStale).toBe(true);
  });

  test('that are the same stay the same object', async () => {
    await remote.refresh();
    const { keys } = remote;
    issuer.clock.step(10_000);
    await remote.refresh();
    expect(remote.keys).toBe(keys);
    await issuer.publish('two', ec());
    issuer.clock.step(10_000);
    await remote.refresh();
    expect(remote.keys).not.toBe(keys);
  });

  test('are used for an hour where the issuer does not answer, and no longer', async () => {
    await remote.refresh();
    issuer.trouble = fails;
    issuer.clock.step(3_600_000 - 1);
    await remote.refresh();
    expect(remote.keys).toBeDefined();
    issuer.clock.step(1);
    expect(remote.keys).toBeUndefined();
  });
});
