import { describe, expect, test } from 'vitest';
import { Installation } from './installation.js';
import { SessionCookies } from './session-cookies.js';

const here = new SessionCookies(new Installation({ authority: 'a', secret: 's' }));
const neighbour = new SessionCookies(new Installation({ authority: 'b', secret: 't' }));
const plain = { secure: false };
const pair = (line: string) => line.split(';')[0] ?? '';

describe('the cookies of an installation', () => {
  test('are not those of another one on the same host', () => {
    const [mine, theirs] = [here.newSession(), neighbour.newSession()];
    const cookie = `${pair(neighbour.setSession(theirs, plain))}; ${pair(here.setSession(mine, plain))}`;
    expect([here.sessionOf({ cookie }), neighbour.sessionOf({ cookie })]).toEqual([mine, theirs]);
  });

  test('are known again by every server that shares its secret', () => {
    const replica = new SessionCookies(new Installation({ authority: 'a', secret: 's' }));
    const secret = here.newSession();
    expect(replica.sessionOf({ cookie: pair(here.setSession(secret, plain)) })).toBe(secret);
  });

  test('are bound to the host where the browser came over HTTPS', () => {
    const line = here.setSession('x', { secure: true });
    expect(line).toMatch(/^__Host-binnacle_session_[0-9a-f]{8}=x; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    expect(here.clearSession({ secure: true })).toHaveLength(2);
  });

  test('of the host count before those anybody could have set', () => {
    const [own, slipped] = [here.newSession(), here.newSession()];
    const cookie = `${pair(here.setSession(slipped, plain))}; ${pair(here.setSession(own, { secure: true }))}`;
    expect(here.sessionOf({ cookie })).toBe(own);
  });

  test.each(['', 'x', `${'A'.repeat(43)}.${'A'.repeat(22)}`, 'A'.repeat(100_000)])(
    'that somebody made up are none: %.20s',
    (value) => {
      expect(here.sessionOf({ cookie: pair(here.setSession(value, plain)) })).toBeUndefined();
    },
  );

  test('tell a device of one account only', () => {
    const cookie = pair(here.setDevice(here.newDevice('captain'), plain));
    expect(here.deviceOf({ cookie }, 'captain')).toBeDefined();
    expect(here.deviceOf({ cookie }, 'mate')).toBeUndefined();
    expect(here.sessionOf({ cookie: cookie.replace('device', 'session') })).toBeUndefined();
  });
});
