import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@binnacle/machinery-context';
import type { ContainerConfig, PodSandboxConfig } from '@binnacle/node-cri';
import { systemClock } from '@binnacle/process-lifecycle';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ShellPool, SimRuntime, Wire } from '../../index.js';
import { a, NameServer } from '../../testing/name-server.js';
import { configOf } from '../../testing/processes.js';
import { goMode } from './mounttest.js';

const IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0';
const DNS = `10.${201 + 2 * Math.floor(Math.random() * 25)}.0.10`;
const abort = new AbortController();
const ctx = { signal: abort.signal, clock: systemClock, logger: silentLogger };
const sandboxOf: PodSandboxConfig = {
  metadata: { name: 'p', namespace: 'shop', uid: 'u', attempt: 0 },
  hostname: 'p',
  sysctls: { 'kernel.shm_rmid_forced': '1' },
  dns: { servers: [DNS], searches: ['shop.svc.cluster.local', 'x.y'], options: ['ndots:5'] },
  logDirectory: '',
  labels: {},
  annotations: {},
  hostNetwork: true,
};
const wire = new Wire({ privileged: false, isService: () => false, listeners: { has: async () => false } });
const WEB = 'web.shop.svc.cluster.local';
const names = new NameServer({
  [`${WEB} A`]: [a(WEB, '10.96.0.5'), a(WEB, '10.96.0.6')],
  '5.0.96.10.in-addr.arpa PTR': [{ name: '5.0.96.10.in-addr.arpa', type: 'PTR', ttl: 30, data: WEB }],
});
beforeAll(async () => void (await names.open(wire, DNS)));
afterAll(() => names.close());
let directory = '';
let runtime: SimRuntime;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'binnacle-agnhost-'));
  await mkdir(join(directory, 'volume'));
  await chmod(join(directory, 'volume'), 0o2777);
  runtime = new SimRuntime(ctx, {
    nodeName: 'n',
    hostIp: '127.0.0.1',
    version: '1',
    shell: new ShellPool(systemClock),
    wire,
  });
});

afterEach(async () => {
  for (const { id } of await runtime.listPodSandboxes(ctx)) await runtime.removePodSandbox(ctx, id);
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
});

async function start(more: Partial<ContainerConfig>): Promise<string> {
  const id = await runtime.runPodSandbox(ctx, { ...sandboxOf, logDirectory: join(directory, 'logs') });
  const container = await runtime.createContainer(ctx, id, configOf({ image: IMAGE, ...more }));
  await runtime.startContainer(ctx, container);
  return container;
}

const ASKED = `Server:\t\t${DNS}\nAddress:\t${DNS}#53\n\n`;

/** What a command in a container that only waits says, and how it ends. */
async function run(words: readonly string[], more: Partial<ContainerConfig> = {}) {
  const { exitCode, stdout, stderr } = await runtime.execSync(ctx, await start(more), words, 0);
  return { exitCode, text: `${stdout}${stderr}` };
}

const volume = (medium?: 'Memory') => ({
  mounts: [{ hostPath: join(directory, 'volume'), containerPath: '/v', readonly: false, ...(medium && { medium }) }],
});

describe('mounttest', () => {
  test('makes a file of the mode it is told and tells of it, its volume and what it holds', async () => {
    const words = [
      '/agnhost',
      'mounttest',
      '--fs_type=/v',
      '--new_file_0666=/v/f',
      '--file_perm=/v/f',
      '--file_mode=/v',
    ];
    expect(await run(words, volume('Memory'))).toEqual({
      exitCode: 0,
      text: [
        'mount type of "/v": tmpfs',
        'content of file "/v/f": mount-tester new file',
        '',
        'mode of file "/v": dgrwxrwxrwx',
        'perms of file "/v/f": -rw-rw-rw-',
        '',
      ].join('\n'),
    });
    expect((await stat(join(directory, 'volume', 'f'))).mode & 0o777).toBe(0o666);
  });

  test('fails where there is no such file, and says which', async () => {
    await writeFile(join(directory, 'volume', 'a'), 'hello');
    const words = ['agnhost', 'mounttest', '--file_content=/v/a', '--file_mode=/v/none', '--fs_type=/v'];
    expect(await run(words, volume())).toEqual({
      exitCode: 1,
      text: [
        'mount type of "/v": 61267',
        'error from Stat("/v/none"): stat /v/none: no such file or directory',
        'content of file "/v/a": hello',
        '',
      ].join('\n'),
    });
  });
});

test.each<[string[], number, string]>([
  [['/agnhost-2', 'entrypoint-tester', 'a', 'b'], 0, '[/agnhost-2 entrypoint-tester a b]\n'],
  [['/agnhost', 'dns-suffix'], 0, 'shop.svc.cluster.local,x.y\n'],
  [['/agnhost', 'dns-server-list'], 0, `${DNS}\n`],
  [['sh', '-c', '/agnhost dns-server-list | cat'], 0, `${DNS}\n`],
  [['/agnhost', 'connect', '10.9.9.9:80', '--timeout=1s'], 1, 'REFUSED\n'],
  [['/agnhost', 'connect', '--protocol', 'udp', 'nowhere:80'], 1, "DNS: bad address 'nowhere'\n"],
  [['/agnhost', 'connect', 'nowhere'], 1, 'UNKNOWN: address nowhere: missing port in address\n'],
  [['/agnhost', 'none'], 1, 'Error: unknown command "none" for "app"\nRun \'app --help\' for usage.\n'],
  [
    ['dig', '+notcp', '+noall', '+answer', '+search', 'web', 'A'],
    0,
    ['5', '6'].map((last) => `${WEB}.\t30\tIN\tA\t10.96.0.${last}\n`).join(''),
  ],
  [['dig', '+short', 'web'], 0, ''],
  [['dig', '+short', '+tcp', WEB], 0, '10.96.0.5\n10.96.0.6\n'],
  [['dig', '+short', '-x', '10.96.0.5'], 0, `${WEB}.\n`],
  [
    ['dig', '@10.9.9.9', 'web'],
    9,
    ';; communications error: 10.9.9.9: connect ECONNREFUSED 10.9.9.9:53\n;; no servers could be reached\n',
  ],
  [['getent', 'hosts', 'web'], 0, `10.96.0.5       ${WEB}\n10.96.0.6       ${WEB}\n`],
  [
    ['getent', 'ahostsv4', WEB],
    0,
    `10.96.0.5       STREAM ${WEB}\n10.96.0.5       DGRAM\n10.96.0.5       RAW\n10.96.0.6       STREAM\n10.96.0.6       DGRAM\n10.96.0.6       RAW\n`,
  ],
  [['getent', 'hosts', '10.96.0.5'], 0, `10.96.0.5       ${WEB}\n`],
  [['getent', 'hosts', 'other'], 2, ''],
  [['getent', 'passwd', 'web'], 2, ''],
  [['nslookup', 'web'], 0, `${ASKED}Name:\t${WEB}\nAddress: 10.96.0.5\nName:\t${WEB}\nAddress: 10.96.0.6\n\n`],
  [['nslookup', '10.96.0.5'], 0, `${ASKED}5.0.96.10.in-addr.arpa\tname = ${WEB}.\n\n`],
  [['nslookup', 'other'], 1, `${ASKED}** server can't find other: NXDOMAIN\n\n`],
  [['nslookup', '-type=TXT', WEB], 1, `${ASKED}*** Can't find ${WEB}: No answer\n\n`],
  [['sh', '-c', 'echo "10.1.2.3 mine" >> /etc/hosts; getent hosts mine'], 0, '10.1.2.3        mine\n'],
  [
    ['sh', '-c', 'echo "nameserver 10.9.9.9" > /etc/resolv.conf; nslookup web'],
    1,
    ';; communications error: 10.9.9.9: connect ECONNREFUSED 10.9.9.9:53\n;; no servers could be reached\n\n',
  ],
  [['sh', '-c', 'id -u; id -g; /bin/echo there'], 0, '1000\n3000\nthere\n'],
  [['sh', '-c', 'printf hi | hexdump -C'], 0, `00000000  68 69 ${' '.repeat(43)} |hi|\n00000002\n`],
  [['sh', '-c', 'printf "a\\nb\\n" > /tmp/x; tail -n 1 /tmp/x'], 0, 'b\n'],
  [['sysctl', 'kernel.shm_rmid_forced'], 0, 'kernel.shm_rmid_forced = 1\n'],
  [['sysctl', 'kernel.none'], 1, "sysctl: error: 'kernel.none' is an unknown key\n"],
  [['ip', 'link', 'add', 'dummy0', 'type', 'dummy'], 2, 'ip: RTNETLINK answers: Operation not permitted\n'],
])('%j ends with %i and says %j', async (words, exitCode, text) => {
  expect(await run(words, { runAsUser: 1000, runAsGroup: 3000 })).toEqual({ exitCode, text });
});

test('a container of it runs what it is given, and waits where it is given nothing', async () => {
  const args = ['mounttest', '--file_content=/none'];
  const id = await start({ args });
  const exitCode = async () => (await runtime.listContainers(ctx)).find((each) => each.id === id)?.exitCode;
  await expect.poll(exitCode, { timeout: 20_000 }).toBe(1);
  const waits = await start({});
  expect((await runtime.listContainers(ctx)).find((each) => each.id === waits)?.state).toBe('running');
});

test.each<[number, boolean, string]>([
  [0o644, false, '-rw-r--r--'],
  [0o2770, true, 'dgrwxrwx---'],
  [0o4755, false, 'urwxr-xr-x'],
  [0o1777, true, 'dtrwxrwxrwx'],
])('mode %i is written as Go writes it', (mode, isDirectory, text) => {
  expect(goMode(mode, isDirectory)).toBe(text);
});
