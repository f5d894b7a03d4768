import type { ContainerConfig, Mount } from '@binnacle/node-cri';
import { beforeEach, describe, expect, test } from 'vitest';
import { images } from '../catalogue/images.js';
import type { ImageBehaviour } from '../catalogue/types.js';
import { configOf, TestProcess } from '../testing/processes.js';
import { chooseProgram, givenCommand } from './choose.js';
import { missingProgram } from './missing.js';
import type { Shell } from './shell.js';
import { scriptOf } from './shells.js';

const imageOf = (name: string) => images.find((image) => image.images.includes(name)) as ImageBehaviour;
let shells: (readonly string[])[];
const shell: Shell = {
  program: (words) => {
    shells.push(words);
    return async () => undefined;
  },
  exec: () => Promise.reject(new Error('nothing is run here')),
  stream: () => Promise.reject(new Error('nothing is run here')),
  forget: () => undefined,
};
beforeEach(() => {
  shells = [];
});

/** What a container is seen to do: `shell`, `plain <exit code>`, `idle`, or the ports it opens. */
async function does(image: string, more: Partial<ContainerConfig> = {}): Promise<string> {
  const container = new TestProcess(configOf({ image, ...more }));
  const running = await container.run(chooseProgram(configOf({ image, ...more }), imageOf(image), shell));
  if (shells.length > 0) return 'shell';
  await new Promise((resolve) => setImmediate(resolve));
  const ports = container.ports.join();
  const ended = container.exits[0];
  container.end();
  if (ended) return `ended ${ended[0]}`;
  return ports ? `ports ${ports}` : running ? 'idle' : 'waits';
}

describe('a container runs', () => {
  test.each<[string, string, Partial<ContainerConfig>, string]>([
    ['what its image does', 'nginx', {}, 'ports 80'],
    ['what its image does though it is given arguments', 'nginx', { args: ['-g', 'daemon off;'] }, 'ports 80'],
    [
      'what its image does where the command is its own',
      'nginx',
      { command: ['nginx', '-g', 'daemon off;'] },
      'ports 80',
    ],
    ['the same by a path', 'redis', { command: ['/usr/local/bin/redis-server'] }, 'ports 6379'],
    ['what its image does where the command is not known', 'nginx', { command: ['/app/server'] }, 'ports 80'],
    ['a plain command', 'nginx', { command: ['false'] }, 'ended 1'],
    ['a plain command by a path', 'busybox', { command: ['/bin/true'] }, 'ended 0'],
    ['a plain script', 'nginx', { command: ['/bin/sh', '-ec', 'true; exit 4'] }, 'ended 4'],
    ['a script that needs a shell', 'nginx', { command: ['sh', '-c', 'echo $HOME'] }, 'shell'],
    ['a shell without a script', 'busybox', { command: ['sh', 'run.sh'] }, 'shell'],
    ['a command of a shell image', 'busybox', { command: ['ls', '-l'] }, 'shell'],
    ['arguments of a shell image as a command', 'busybox', { args: ['sleep', '5'] }, 'waits'],
    ['a shell that nobody types into', 'busybox', {}, 'ended 0'],
    ['a shell that somebody may type into', 'busybox', { stdin: true }, 'shell'],
    ['what only waits', 'busybox', { command: ['tail', '-f', '/dev/null'] }, 'idle'],
    ['what only waits, by a shell', 'busybox', { command: ['sh', '-c', 'tail -f /dev/null'] }, 'idle'],
    ['a listener', 'busybox', { command: ['nc', '-l', '-p', '99'] }, 'ports 99'],
    ['no listener where nc calls', 'busybox', { command: ['nc', 'host', '99'] }, 'shell'],
    ['a name that every object has as what it is: no command', 'busybox', { command: ['constructor'] }, 'shell'],
  ])('%s', async (_, image, more, expected) => expect(await does(image, more)).toBe(expected));
});

test.each<[string[], string | undefined]>([
  [['sh', '-c', 'x y'], 'x y'],
  [['/bin/bash', '-ec', 'x'], 'x'],
  [['bash', '-x', '-c', 'x', 'arg'], 'x'],
  [['sh', '-c'], undefined],
  [['sh', 'file'], undefined],
  [['python', '-c', 'x'], undefined],
  [[], undefined],
])('the script of %j is %j', (words, script) => expect(scriptOf(words)).toBe(script));

test.each<[string, Partial<ContainerConfig>, string[] | undefined]>([
  ['nginx', { args: ['x'] }, undefined],
  ['busybox', { args: ['x'] }, ['x']],
  ['nginx', { command: ['x'], args: ['y'] }, ['x', 'y']],
  ['nginx', { command: ['/docker-entrypoint.sh'] }, undefined],
  ['nginx', {}, undefined],
])('%s with %j is given the command %j', (image, more, words) => {
  expect(givenCommand(configOf(more), imageOf(image))).toEqual(words);
});

describe('a program in a volume', () => {
  const mounts = (containerPath: string): Mount[] => [{ hostPath: '/x', containerPath, readonly: true }];

  test.each<[string, string, boolean]>([
    ['/scripts', '/scripts/run.sh', false],
    ['/scripts/', '/scripts/run.sh', false],
    ['/script', '/scripts/run.sh', true],
    ['/scripts', '/scripts', true],
    ['/', '/anything', false],
  ])('mounted at %s, %s is missing: %s', (containerPath, name, missing) => {
    const config = configOf({ command: [name], mounts: mounts(containerPath) });
    expect(missingProgram(config, imageOf('busybox')) !== undefined).toBe(missing);
  });
});
