import type { ContainerConfig } from '@binnacle/node-cri';
import { getCommandNames, getNetworkCommandNames } from 'just-bash';
import { describe, expect, test } from 'vitest';
import { images } from '../catalogue/images.js';
import type { ImageBehaviour } from '../catalogue/types.js';
import { missingCommand, missingProgram } from './missing.js';
import { SHELL_PROGRAMS } from './shell-commands.js';

const imageOf = (name: string) => images.find((image) => image.images.includes(name)) as ImageBehaviour;
const config = (command: string[], args: string[] = []) =>
  ({ command, args, mounts: [{ containerPath: '/scripts' }] }) as unknown as ContainerConfig;

test('the shell has the programs that are listed', () => {
  expect(SHELL_PROGRAMS.split(' ')).toEqual([...new Set([...getCommandNames(), ...getNetworkCommandNames()])].sort());
});

describe('a program that is not there', () => {
  test.each([
    [['no-such-program'], /exec: "no-such-program": executable file not found in \$PATH$/],
    [
      ['/bin/no-such-program'],
      /exec: "\/bin\/no-such-program": stat \/bin\/no-such-program: no such file or directory$/,
    ],
    [['/app/server'], /stat \/app\/server: no such file or directory$/],
  ])('%j', (command, said) => {
    expect(missingProgram(config(command), imageOf('busybox'))).toMatch(said);
  });

  test('may be given as an argument of an image that has no program of its own', () => {
    expect(missingProgram(config([], ['no-such-program']), imageOf('alpine'))).toMatch(/not found/);
  });
});

test.each([
  [['sh', '-c', 'no-such-program']],
  [['/bin/sh', '-c', 'true']],
  [['/usr/bin/env']],
  [['sleep', '1']],
  [['/scripts/run.sh']],
  [['./run.sh']],
  [[]],
])('%j is there, or nobody can tell', (command) => {
  expect(missingProgram(config(command), imageOf('busybox'))).toBeUndefined();
});

test('what else is in an image known by name only, nobody can tell', () => {
  expect(missingProgram(config(['/app/server']), imageOf('nginx'))).toBeUndefined();
});

test('a program that an image has at its root is there', () => {
  const image = { files: { '/agnhost': '' } };
  expect(missingCommand(['/agnhost', 'pause'], { mounts: [] }, image)).toBeUndefined();
  expect(missingCommand(['/other'], { mounts: [] }, image)).toContain('stat /other: no such file or directory');
  expect(missingCommand(['/agnhost'], { mounts: [] }, { ...image, isBare: true })).toContain('not found in $PATH');
});
