import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerConfig } from '@binnacle/node-cri';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configOf, TestProcess } from '../testing/processes.js';
import { crash, idle, plainCommand, plainCommands, plainSteps } from './commands.js';
import { echo } from './echo.js';
import { netcat } from './netcat.js';
import type { Program } from './program.js';
import { mountedPage } from './static-files.js';
import { welcome } from './welcome.js';
import { whoami } from './whoami.js';

let container: TestProcess;
afterEach(() => container.end());

async function begin(program: Program, more: Partial<ContainerConfig> = {}) {
  container = new TestProcess(configOf(more));
  return await container.run(program);
}
const tcp = (containerPort: number) => ({ containerPort, protocol: 'TCP' as const });
const udp = (containerPort: number) => ({ containerPort, protocol: 'UDP' as const });

describe('a test server', () => {
  test('answers as it is asked at what is declared and at its own port, and who it is on every other path', async () => {
    await begin(whoami, { ports: [tcp(7000), udp(7001)] });
    expect([container.ports.sort(), [...container.datagrams.keys()]]).toEqual([[7000, 8080], [7001]]);
    expect(await container.get(7000, '/hostname')).toEqual({ status: 200, body: 'web-0' });
    expect(await container.get(8080, '/echo?msg=hello%20there')).toEqual({ status: 200, body: 'hello there' });
    for (const path of ['/any?x=1', '/constructor', '/__proto__']) {
      const { status, body } = await container.get(8080, path);
      expect([status, JSON.parse(body)]).toMatchObject([200, { pod: 'web-0', request: { method: 'GET', path } }]);
    }
    expect(container.datagrams.get(7001)?.('echo hi there')).toBe('hi there');
  });

  test.each<[string, number, number[]]>([
    ['/exit', 200, [0]],
    ['/exit?code=7', 200, [7]],
    ['/exit?code=128', 400, []],
    ['/exit?code=soon', 400, []],
  ])('at %s answers %i and ends with %j', async (path, status, codes) => {
    await begin(whoami);
    expect((await container.get(8080, path)).status).toBe(status);
    expect(container.exits.map(([code]) => code)).toEqual(codes);
  });
});

describe('an image nobody knows', () => {
  test('answers who it is at its ports, and logs what it was asked', async () => {
    await begin(echo, { ports: [tcp(80), tcp(81), udp(53)] });
    expect(container.ports).toEqual([80, 81]);
    const { body } = await container.get(81, '/a');
    expect(JSON.parse(body)).toMatchObject({
      pod: 'web-0',
      namespace: 'shop',
      node: 'n',
      image: 'app:1',
      request: { path: '/a' },
    });
    expect(container.logged).toEqual([
      'stdout: listening on port 80\n',
      'stdout: listening on port 81\n',
      'stdout: GET /a\n',
    ]);
    expect(container.datagrams.get(53)?.('back')).toBe('back');
  });

  test('goes on for a moment when it is told to end, for who has not heard of it', async () => {
    const running = await begin(echo, { ports: [tcp(80)] });
    running?.signalled?.('SIGTERM');
    container.clock.step(99);
    await Promise.resolve();
    expect(container.exits).toEqual([]);
    container.clock.step(1);
    await expect.poll(() => container.exits).toEqual([[0, undefined]]);
  });
});

describe('a web server', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'binnacle-pages-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('shows its own page, its name escaped, and no other', async () => {
    await begin(welcome([80]), { image: 'example.com/<b>&:1' });
    const { status, body } = await container.get(80, '/index.html?x');
    expect([status, body.includes('Welcome to &lt;b>&amp;!')]).toEqual([200, true]);
    expect((await container.get(80, '/other')).status).toBe(404);
    expect(container.logged.at(-1)).toMatch(/"GET \/other HTTP\/1.1" 404 /);
  });

  test('sends no body where only the head is asked for', async () => {
    await begin(welcome([80]));
    const answer = await container.exchange(80, 'HEAD / HTTP/1.1\r\nhost: pod\r\nconnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 200 OK[^]*\r\n\r\n$/);
  });

  test('shows what is mounted, and nothing that lies beyond it', async () => {
    const pages = join(directory, 'pages');
    await mkdir(join(pages, 'sub'), { recursive: true });
    await writeFile(join(directory, 'secret'), 'secret');
    await writeFile(join(pages, 'sub', 'index.html'), 'sub');
    await writeFile(join(pages, 'a b.html'), 'spaced');
    await symlink('../secret', join(pages, 'link'));
    await symlink('sub/index.html', join(pages, 'inner'));
    const mounts = [{ hostPath: pages, containerPath: '/usr/share/nginx/html', readonly: true }];
    const text = async (path: string) => (await mountedPage(mounts, path))?.toString();
    expect(await Promise.all(['/sub/', '/a%20b.html', '/inner'].map(text))).toEqual(['sub', 'spaced', 'sub']);
    const beyond = ['/link', '/../secret', '/..%2fsecret', '/%2e%2e/secret', '/none', '/', '/sub', '/%zz', '/\0'];
    expect(await Promise.all(beyond.map(text))).toEqual(beyond.map(() => undefined));
    await writeFile(join(pages, 'huge'), '');
    await truncate(join(pages, 'huge'), 4 * 1024 * 1024 + 1);
    expect(await text('/huge')).toBeUndefined();
    expect(await mountedPage([], '/')).toBeUndefined();
  });
});

describe('netcat', () => {
  test.each<[string[], number, number]>([
    [['nc', '-l', '-p', '99'], 99, 1],
    [['nc', '-lp', '99'], 99, 1],
    [['nc', '-lk', '99'], 99, 0],
  ])('%j listens at %i and ends after %i connection', async (words, port, ends) => {
    await begin(netcat(words));
    const socket = container.dial(port);
    socket.end('hello');
    await expect.poll(() => container.logged).toEqual(['stdout: hello']);
    await expect.poll(() => socket.destroyed).toBe(true);
    if (ends > 0) await expect.poll(() => container.exits).toHaveLength(ends);
    else expect(container.exits).toEqual([]);
  });
});

describe('plain commands', () => {
  const run = async (script: string) => {
    const steps = plainSteps(script);
    if (!steps) throw new Error('it needs a shell');
    await begin(plainCommands(steps));
    await expect.poll(() => container.exits.length).toBe(1);
    return [container.exits[0]?.[0], container.logged.join('')];
  };

  test.each<[string, number, string]>([
    ['true', 0, ''],
    ['false', 1, ''],
    ['echo a b', 0, 'stdout: a b\n'],
    ['echo -n a', 0, 'stdout: a'],
    ['hostname', 0, 'stdout: web-0\n'],
    ['false && echo no', 1, ''],
    ['false; echo yes', 0, 'stdout: yes\n'],
    ['true && echo yes && false', 1, 'stdout: yes\n'],
    ['echo a; exit 3; echo b', 3, 'stdout: a\n'],
    ['exit 256', 0, ''],
    ['sleep soon', 1, "stderr: sleep: invalid time interval 'soon'\n"],
    ['sleep', 1, "stderr: sleep: invalid time interval ''\n"],
    [':\n:', 0, ''],
  ])('%j ends with %i and says %j', async (script, code, text) => expect(await run(script)).toEqual([code, text]));

  test.each(['constructor', 'toString x', 'true && __proto__', 'hasOwnProperty; true'])('%s is none', (script) => {
    expect(plainSteps(script)).toBeUndefined();
    container = new TestProcess();
  });

  test.each([
    'a | b',
    'echo "x"',
    'x=1',
    'ls *',
    'echo ~',
    'a > b',
    'sleep 1 &',
    '# x',
    'echo $(a)',
    '',
    ' ; ',
    '[ 1 ]',
  ])('%j needs a shell', (script) => {
    expect(plainSteps(script)).toBeUndefined();
    container = new TestProcess();
  });

  test('sleep for as long as they say, however long that is', async () => {
    await begin(plainCommands([{ words: ['sleep', '1', '2m'], onSuccess: false }]));
    container.clock.step(120_999);
    await Promise.resolve();
    expect(container.exits).toEqual([]);
    container.clock.step(1);
    await expect.poll(() => container.exits).toEqual([[0, undefined]]);
    expect(plainCommand('sleep')).toBeDefined();
  });

  test('are over without a word when the container ends', async () => {
    await begin(plainCommands([{ words: ['sleep', 'infinity'], onSuccess: false }]));
    container.end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(container.exits).toEqual([]);
  });
});

test('what idles ends well when it is told to, and what crashes says so first', async () => {
  const running = await begin(idle);
  running?.signalled?.('SIGINT');
  expect(container.exits).toEqual([[0, undefined]]);
  await begin(crash);
  expect([container.exits, container.logged]).toEqual([
    [[1, undefined]],
    ['stdout: starting\n', 'stderr: fatal: something went wrong\n'],
  ]);
});
