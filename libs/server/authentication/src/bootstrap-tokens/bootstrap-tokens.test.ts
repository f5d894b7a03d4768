import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { describe, expect, test } from 'vitest';
import { BootstrapTokens, type TokenSecret } from './bootstrap-tokens.js';

const clock = new FakeClock(Date.parse('2026-01-01T00:00:00Z'));
const ctx = { signal: new AbortController().signal, clock, logger: silentLogger };
const TOKEN = 'abcdef.0123456789abcdef';
const DATA = { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true' };

const secretOf = (data: Record<string, string | undefined> = {}, more: Partial<TokenSecret> = {}): TokenSecret => ({
  type: 'bootstrap.kubernetes.io/token',
  metadata: { name: 'bootstrap-token-abcdef' },
  data: Object.fromEntries(
    Object.entries({ ...DATA, ...data }).flatMap(([key, text]) => (text === undefined ? [] : [[key, btoa(text)]])),
  ),
  ...more,
});
const asked: string[] = [];
const ask = async (secret: TokenSecret | undefined, token = TOKEN) =>
  new BootstrapTokens({
    secret: (_, cluster, namespace, name) => {
      asked.push(`${cluster}/${namespace}/${name}`);
      return secret;
    },
  }).authenticateToken(ctx, token, { cluster: 'main', audiences: ['api'] });

describe('a bootstrap token', () => {
  test('stands for a machine that joins, and the groups its Secret gives', async () => {
    expect(await ask(secretOf())).toEqual({
      user: { name: 'system:bootstrap:abcdef', groups: ['system:bootstrappers'] },
    });
    const extra = secretOf({ 'auth-extra-groups': 'system:bootstrappers:b, system:bootstrappers:a:x' });
    expect((await ask(extra))?.user.groups).toEqual([
      'system:bootstrappers',
      'system:bootstrappers:b',
      'system:bootstrappers:a:x',
    ]);
    expect(asked.at(-1)).toBe('main/kube-system/bootstrap-token-abcdef');
  });

  test.each<[string, TokenSecret | undefined]>([
    ['nobody made', undefined],
    ['with another secret', secretOf({ 'token-secret': '0123456789abcdeX' })],
    ['with a longer secret', secretOf({ 'token-secret': '0123456789abcdef0' })],
    ['of another id', secretOf({ 'token-id': 'fedcba' })],
    ['for another purpose', secretOf({ 'usage-bootstrap-authentication': undefined })],
    ['whose purpose is not quite true', secretOf({ 'usage-bootstrap-authentication': 'True' })],
    ['that has ended', secretOf({ expiration: '2026-01-01T00:00:00Z' })],
    ['that ends nobody can tell when', secretOf({ expiration: 'soon' })],
    ['on its way out', secretOf({}, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })],
    ['in another kind of Secret', secretOf({}, { type: 'Opaque' })],
    ['that gives a group of administrators', secretOf({ 'auth-extra-groups': 'system:masters' })],
    ['that gives a group of nodes', secretOf({ 'auth-extra-groups': 'system:bootstrappers:a,system:nodes' })],
  ])('%s is none', async (_, secret) => expect(await ask(secret)).toBeUndefined());

  test('holds until its end', async () => {
    expect(await ask(secretOf({ expiration: '2026-01-01T00:00:01Z' }))).toBeDefined();
  });

  test.each(['abcdef.0123456789abcdeF', 'abcde.0123456789abcdef', `${TOKEN}\n`, '../../x.0123456789abcdef', ''])(
    '%j is none, and nothing is looked up for it',
    async (token) => {
      const before = asked.length;
      expect(await ask(secretOf(), token)).toBeUndefined();
      expect(asked).toHaveLength(before);
    },
  );
});
