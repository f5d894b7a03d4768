import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { madeUpPassword } from './made-up-password.js';
import { passwordFault } from './password-rules.js';

describe('a password', () => {
  test.each([
    ['elevenchars', 'must be at least 12 characters'],
    ['🐎🐎🐎🐎🐎🐎', 'must be at least 12 characters'],
    ['x'.repeat(1_025), 'must be no more than 1024 characters'],
    ['i am Ann.Lee in truth', 'must not hold the name'],
    ['aaaaaaaaaaaaaaaa', 'is among those that are tried first'],
    ['123456789012', 'is among those that are tried first'],
    ['0987654321098', 'is among those that are tried first'],
    ['qwertyuiopqwerty', 'is among those that are tried first'],
    ['1qaz2wsx3edc', 'is among those that are tried first'],
    ['password1234', 'is among those that are tried first'],
    ['Passw0rd!!2026', 'is among those that are tried first'],
    ['P@$$w0rd1234!', 'is among those that are tried first'],
    ['WelcomeToKubernetes1!', 'is among those that are tried first'],
    ['iloveyou-iloveyou', 'is among those that are tried first'],
    ['correcthorsebatterystaple', 'is among those that are tried first'],
    ['Summer2026Summer', 'is among those that are tried first'],
  ])('%j %s', (password, fault) => expect(passwordFault(password, 'ann.lee')).toBe(fault));

  test.each(['a sentence nobody guesses', 'Tr0ubadour & 3 geese', '青い鯨が夜の港で歌っている朝', 'kf8s-qm2x-77vv'])(
    '%j will do',
    (password) => expect(passwordFault(password, 'ann.lee')).toBeUndefined(),
  );

  test('that was made up will do, and no two are alike', () => {
    const made = Array.from({ length: 200 }, madeUpPassword);
    expect(new Set(made).size).toBe(200);
    expect(made.map((password) => passwordFault(password, 'ann.lee')).filter(Boolean)).toEqual([]);
    expect(made[0]).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
  });

  test('of any characters is judged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 10 }), (password, name) => {
        const fault = passwordFault(password, name);
        if ([...password].length < 12) expect(fault).toMatch(/at least/);
      }),
    );
  });
});
