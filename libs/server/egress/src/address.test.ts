import { describe, expect, it } from 'vitest';
import { checkLiteral, guardedLookup, isForbiddenAddress, NoAddress } from './address.js';

describe('who is asked', () => {
  it.each([
    '0.0.0.0',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '100.100.100.200',
    '168.63.129.16',
    '64:ff9b::a9fe:a9fe',
  ])('is never at %s', (address) => {
    expect(isForbiddenAddress(address)).toBe(true);
    expect(() => checkLiteral(address)).toThrow(NoAddress);
  });

  it.each(['127.0.0.1', '10.0.0.1', '192.168.1.1', '8.8.8.8', '::1', '2001:db8::1', 'name.example'])(
    'may be at %s',
    (address) => expect(() => checkLiteral(address)).not.toThrow(),
  );
});

describe('looking up a name', () => {
  const lookup = (name: string) =>
    new Promise((resolve, reject) => {
      guardedLookup(name, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
    });

  it('finds what may be asked', async () => {
    expect(await lookup('localhost')).toContainEqual({ address: '127.0.0.1', family: 4 });
  });

  it('refuses a name that leads only where nobody may be asked', async () => {
    await expect(lookup('169.254.169.254')).rejects.toThrow('leads to no address that may be asked');
  });
});
