import { scryptSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { NOBODYS_PASSWORD, verifyPassword } from './passwords.js';

function stored(password: string, N = 16): string {
  const salt = Buffer.from('salt of sixteen.');
  const hash = scryptSync(password, salt, 32, { N, r: 1, p: 1 });
  return `scrypt$${N}$1$1$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

test('a password is the one that was stored, to the letter', async () => {
  expect(await verifyPassword('Grüße 🔑', stored('Grüße 🔑'))).toBe(true);
  for (const other of ['Grüße', 'grüße 🔑', 'Grüße 🔑 ', ''])
    expect(await verifyPassword(other, stored('Grüße 🔑'))).toBe(false);
  expect(await verifyPassword('', stored(''))).toBe(true);
});

test.each([
  ['another scheme', 'bcrypt$16$1$1$AAAA$AAAA'],
  ['nothing', ''],
  ['a shorter hash', stored('right').slice(0, -8)],
])('%s is nobody’s password', async (_, text) => {
  expect(await verifyPassword('right', text)).toBe(false);
});

test('a cost that is none is an error, not a password', async () => {
  await expect(verifyPassword('right', 'scrypt$3$1$1$AAAA$AAAA')).rejects.toThrow();
});

test('what is compared for nobody never matches, and costs what a real one costs', async () => {
  expect(await verifyPassword('', NOBODYS_PASSWORD)).toBe(false);
  expect(NOBODYS_PASSWORD).toMatch(/^scrypt\$16384\$8\$1\$/);
});
