import { describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from './database-url.js';

describe('parseDatabaseUrl', () => {
  it('reads one host with everything', () => {
    expect(parseDatabaseUrl('postgres://ann:s%40c@db.example:6000/store?sslmode=verify-full')).toEqual({
      hosts: [{ host: 'db.example', port: 6000 }],
      user: 'ann',
      password: 's@c',
      database: 'store',
      readWrite: true,
      ssl: { rejectUnauthorized: true },
    });
  });

  it('reads a unix socket', () => {
    const address = parseDatabaseUrl('postgres://postgres@/store?host=%2Frun%2Fpg');
    expect(address).toMatchObject({ hosts: [{ host: '/run/pg', port: 5432 }], user: 'postgres', database: 'store' });
  });

  it('reads several hosts, with their ports', () => {
    expect(parseDatabaseUrl('postgresql://u@a:1,b,[::1]:3/d?target_session_attrs=any')).toMatchObject({
      hosts: [
        { host: 'a', port: 1 },
        { host: 'b', port: 5432 },
        { host: '::1', port: 3 },
      ],
      readWrite: false,
    });
    expect(parseDatabaseUrl('postgres://u@/d?host=/x,/y&port=1,2').hosts).toEqual([
      { host: '/x', port: 1 },
      { host: '/y', port: 2 },
    ]);
  });

  it('refuses what is no database URL', () => {
    expect(() => parseDatabaseUrl('mysql://x/y')).toThrow('postgres://');
  });

  it.each([
    ['target_session_attrs=standby', 'target_session_attrs is any, primary or read-write, not "standby"'],
    ['sslmode=verify_full', 'sslmode is disable, allow, prefer, require, verify-ca or verify-full, not "verify_full"'],
  ])('refuses %s rather than taking it for something else', (parameter, why) => {
    expect(() => parseDatabaseUrl(`postgres://u@h/d?${parameter}`)).toThrow(why);
  });

  it('takes a primary for one that takes writes', () => {
    expect(parseDatabaseUrl('postgres://u@h/d?target_session_attrs=primary').readWrite).toBe(true);
  });
});
