import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IMPERSONATION_PROTOCOL } from '@binnacle/machinery-live';
import { impersonationHeaders } from './impersonation-fields.js';
import { wantedUserOf } from './wanted-user.js';

const offer = (value: unknown) => IMPERSONATION_PROTOCOL + Buffer.from(JSON.stringify(value)).toString('base64url');
const socket = (protocols: string, more: object = {}) => ({
  upgrade: 'websocket',
  'sec-websocket-protocol': protocols,
  ...more,
});
const JANE = { user: 'jane', groups: ['team:crew', 'b'] };

describe('a field of a handshake', () => {
  test('says what headers say', () => {
    expect(impersonationHeaders(JANE)).toEqual({
      'impersonate-user': 'jane',
      'impersonate-group': ['team:crew', 'b'],
    });
    expect(impersonationHeaders({ user: 'jane', groups: [] })).toEqual({ 'impersonate-user': 'jane' });
    expect(impersonationHeaders(undefined)).toEqual({});
  });

  test.each([
    'jane',
    {},
    { user: '', groups: [] },
    { user: 'jane' },
    { user: 'jane', groups: 'system:masters' },
    { user: 'jane', groups: [''] },
    { user: 'jane', groups: ['a, system:masters'] },
    { user: 'j'.repeat(257), groups: [] },
    { user: 'jane', groups: Array.from({ length: 65 }, (_, index) => `g${index}`) },
  ])('%j is refused, and makes nobody of it', (field) => {
    expect(() => impersonationHeaders(field)).toThrow('impersonate must be');
  });
});

describe('the offer of a WebSocket', () => {
  test('makes its request as who it says', () => {
    expect(wantedUserOf(socket(`v5.channel.k8s.io, ${offer(JANE)}`))).toEqual({
      name: 'jane',
      uid: '',
      groups: ['team:crew', 'b'],
      extra: {},
    });
  });

  test('is looked at of a WebSocket alone', () => {
    expect(wantedUserOf({ 'sec-websocket-protocol': offer(JANE) })).toBeUndefined();
    expect(wantedUserOf(socket('v5.channel.k8s.io'))).toBeUndefined();
    expect(wantedUserOf(socket(`x${offer(JANE)}`))).toBeUndefined();
  });

  test('that is made twice, or besides headers, is refused', () => {
    expect(() => wantedUserOf(socket(`${offer(JANE)},${offer(JANE)}`))).toThrow('twice');
    expect(() => wantedUserOf(socket(offer(JANE), { 'impersonate-user': 'root' }))).toThrow('twice');
  });

  test('that cannot be read never makes it somebody’s own request', () => {
    for (const text of ['', '%', 'bnVsbA', Buffer.from('[]').toString('base64url')]) {
      expect(() => wantedUserOf(socket(IMPERSONATION_PROTOCOL + text))).toThrow('impersonate must be');
    }
    fc.assert(
      fc.property(fc.base64String(), (text) => {
        expect(() => wantedUserOf(socket(IMPERSONATION_PROTOCOL + text.replaceAll(/[+/=]/g, '-')))).toThrow();
      }),
    );
  });

  test('that is longer than any name is refused unread', () => {
    expect(() => wantedUserOf(socket(IMPERSONATION_PROTOCOL + 'a'.repeat(40_000)))).toThrow('too long');
  });
});
