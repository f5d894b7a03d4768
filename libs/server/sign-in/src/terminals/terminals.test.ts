import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { Installation } from '@binnacle/server-auth';
import type { TerminalRequestStore } from '@binnacle/server-storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryOtherSignIns } from '../testing/memory-stores.js';
import { TerminalRequests } from './terminal-requests.js';
import { TerminalTokens } from './terminal-tokens.js';
import { newUserCode, readUserCode } from './user-code.js';

const clock = new FakeClock();
const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
const installation = new Installation({ authority: 'a', secret: 's' });
const ann = { person: { account: 'ann', uid: 'u-1' }, teams: ['dev'] };

describe('a code', () => {
  it('is read however somebody types it', () => {
    const code = newUserCode();
    expect(code).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);
    for (const typed of [code, code.toLowerCase(), code.replace('-', ''), ` ${code.replace('-', ' - ')} `])
      expect(readUserCode(typed)).toBe(code);
    for (const typed of ['', 'AAAA-AAAA', `${code}B`, code.slice(1), 'x'.repeat(1e6)])
      expect(readUserCode(typed)).toBeUndefined();
  });

  it('is another each time', () => {
    expect(new Set(Array.from({ length: 1000 }, newUserCode)).size).toBe(1000);
  });
});

describe('a terminal that asks to be signed in', () => {
  let requests: TerminalRequests;
  let terminals: TerminalRequestStore;
  beforeEach(() => {
    ({ terminals } = memoryOtherSignIns());
    requests = new TerminalRequests(terminals, installation);
  });
  const refused = (reason: string) => ({ code: 400, details: { causes: [{ reason }] } });

  it('is who approved it, once', async () => {
    const { deviceCode, userCode } = await requests.begin(ctx, 'binnacle on laptop', '192.0.2.1');
    await expect(requests.approved(ctx, deviceCode)).rejects.toMatchObject(refused('AuthorizationPending'));
    const shown = await requests.find(ctx, userCode.toLowerCase());
    expect(shown).toMatchObject({ userCode, client: 'binnacle on laptop', address: '192.0.2.1' });
    await requests.settle(ctx, userCode, ann);
    clock.step(2_000);
    const taken = { ...ann, client: 'binnacle on laptop', address: '192.0.2.1' };
    expect(await requests.approved(ctx, deviceCode)).toEqual(taken);
    expect([await requests.claim(ctx, deviceCode), await requests.claim(ctx, deviceCode)]).toEqual([true, false]);
    await expect(requests.approved(ctx, deviceCode)).rejects.toMatchObject(refused('ExpiredToken'));
  });

  it('is nobody’s when what was said yes to is taken back before it is claimed', async () => {
    const { deviceCode, userCode } = await requests.begin(ctx, 'x', '');
    await requests.settle(ctx, userCode, ann);
    await requests.approved(ctx, deviceCode);
    expect(await terminals.removeOf(ctx, ann.person)).toBe(1);
    expect(await requests.claim(ctx, deviceCode)).toBe(false);
  });

  it('is approved once', async () => {
    const { userCode } = await requests.begin(ctx, 'x', '');
    await requests.settle(ctx, userCode, ann);
    const eve = { ...ann, person: { account: 'eve', uid: 'u-2' } };
    await expect(requests.settle(ctx, userCode, eve)).rejects.toMatchObject({ code: 404 });
    await expect(requests.find(ctx, userCode)).rejects.toMatchObject({ code: 404 });
  });

  it('is told that it was refused', async () => {
    const { deviceCode, userCode } = await requests.begin(ctx, 'x', '');
    await requests.settle(ctx, userCode, undefined);
    await expect(requests.approved(ctx, deviceCode)).rejects.toMatchObject(refused('AccessDenied'));
  });

  it('is told to slow down', async () => {
    const { deviceCode } = await requests.begin(ctx, 'x', '');
    await expect(requests.approved(ctx, deviceCode)).rejects.toMatchObject(refused('AuthorizationPending'));
    await expect(requests.approved(ctx, deviceCode)).rejects.toMatchObject(refused('SlowDown'));
    clock.step(2_000);
    await expect(requests.approved(ctx, deviceCode)).rejects.toMatchObject(refused('AuthorizationPending'));
  });

  it('waits ten minutes', async () => {
    const { deviceCode, userCode } = await requests.begin(ctx, 'x', '');
    clock.step(600_000);
    await expect(requests.settle(ctx, userCode, ann)).rejects.toMatchObject({ code: 404 });
    await expect(requests.approved(ctx, deviceCode)).rejects.toMatchObject(refused('ExpiredToken'));
  });

  it('cannot be guessed, not by its code either', async () => {
    const { userCode } = await requests.begin(ctx, 'x', '');
    for (const guess of ['', userCode, `${'A'.repeat(43)}.${'A'.repeat(22)}`])
      await expect(requests.approved(ctx, guess)).rejects.toMatchObject({ code: 400 });
    await expect(requests.find(ctx, newUserCode())).rejects.toMatchObject({ code: 404 });
  });

  it('is shown by what it says of itself in one line', async () => {
    const named = async (client: unknown) =>
      (await requests.find(ctx, (await requests.begin(ctx, client, '')).userCode)).client;
    expect(await named('a\nb\u202Ec')).toBe('a b c');
    expect((await named('x'.repeat(1000))).length).toBe(100);
    for (const nothing of [undefined, '', '\n', {}]) expect(await named(nothing)).toBe('a terminal');
  });

  it('is one of a thousand', async () => {
    for (let time = 0; time < 1000; time += 1) await requests.begin(ctx, 'x', '');
    await expect(requests.begin(ctx, 'x', '')).rejects.toMatchObject({ code: 429 });
    clock.step(600_000);
    await requests.begin(ctx, 'x', '');
  });
});

describe('a token of a terminal', () => {
  const tokens = new TerminalTokens(installation);
  const idHash = 'a'.repeat(43);

  it('is read back until it ends', () => {
    const { token, expiresAt } = tokens.issue(ctx, idHash);
    expect(TerminalTokens.isOne(token)).toBe(true);
    expect(tokens.read(ctx, token)).toEqual({ idHash, expiresAt });
    clock.step(15 * 60_000);
    expect(tokens.read(ctx, token)).toBeUndefined();
  });

  it('holds here alone, and as it was made', () => {
    const { token } = tokens.issue(ctx, idHash);
    const other = new TerminalTokens(new Installation({ authority: 'a', secret: 'other' }));
    expect(other.read(ctx, token)).toBeUndefined();
    const [prefix, id = '', end, tag] = token.split('.');
    const later = Number(end) + 1_000_000;
    for (const made of [
      `${prefix}.${id}.${later}.${tag}`,
      `${prefix}.b${id.slice(1)}.${end}.${tag}`,
      `${prefix}.${id}.${end}.`,
      '',
    ])
      expect(tokens.read(ctx, made)).toBeUndefined();
  });
});
