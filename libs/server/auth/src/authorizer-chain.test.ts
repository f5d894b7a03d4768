import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { describe, expect, test } from 'vitest';
import { AuthorizerChain } from './authorizer-chain.js';
import type { Authorizer, Decision } from './authorizer.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const attributes = { user: { name: 'alice', groups: [] }, cluster: 'main', verb: 'get', path: '/x' };

describe('a chain of authorizers', () => {
  const asked: string[] = [];
  const says = (name: string, decision: Decision, later = false): Authorizer => ({
    authorize: () => {
      asked.push(name);
      return later ? Promise.resolve(decision) : decision;
    },
  });
  const no = (reason = ''): Decision => ({ allowed: false, reason });
  const yes: Decision = { allowed: true, reason: '' };
  const decide = (...authorizers: Authorizer[]) => {
    asked.length = 0;
    return new AuthorizerChain(authorizers).authorize(ctx, attributes);
  };

  test('asks until one allows, and no further', async () => {
    expect(await decide(says('a', no()), says('b', yes, true), says('c', yes))).toEqual(yes);
    expect(asked).toEqual(['a', 'b']);
  });

  test('that nobody allows gives the reasons of all who have one', async () => {
    const refused = await decide(says('a', no('one'), true), says('b', no()), says('c', no('two')));
    expect(refused).toEqual({ allowed: false, reason: 'one\ntwo' });
  });

  test('that nobody allows everywhere allows it wherever any of them does', async () => {
    const inside = (...namespaces: string[]): Decision => ({ ...no(), namespaces: new Set(namespaces) });
    const some = decide(says('a', inside('x')), says('b', no('not everywhere')), says('c', inside('x', 'y'), true));
    expect(await some).toEqual({ allowed: false, reason: 'not everywhere', namespaces: new Set(['x', 'y']) });
    expect(await decide(says('a', inside('x')), says('b', yes))).toEqual(yes);
  });

  test.each([false, true])('asks nobody after one that denies (later: %s)', async (later) => {
    const denied: Decision = { ...no('never'), denied: true };
    expect(await decide(says('a', no('x')), says('b', denied, later), says('c', yes))).toEqual(denied);
    expect(asked).toEqual(['a', 'b']);
  });

  test('goes on after one that cannot decide, and tells of it where nobody allows', async () => {
    const lost = (error: string): Decision => ({ ...no(), error });
    expect(await decide(says('a', lost('away')), says('b', yes))).toEqual(yes);
    expect(await decide(says('a', lost('away'), true), says('b', no('x')))).toEqual({ ...no('x'), error: 'away' });
    expect(await decide(says('a', lost('away')), says('b', lost('gone')))).toMatchObject({ error: '[away, gone]' });
  });

  test('of nobody allows nothing', async () => {
    expect(await decide()).toEqual({ allowed: false, reason: '' });
  });

  test('decides at once where all of them do', () => {
    expect(decide(says('a', no()), says('b', yes))).toBe(yes);
  });

  test('takes a failure for no answer: who cannot be asked allows nothing', async () => {
    const broken: Authorizer = { authorize: () => Promise.reject(new Error('down')) };
    await expect(decide(broken, says('b', yes))).rejects.toThrow('down');
    expect(asked).toEqual([]);
  });
});
