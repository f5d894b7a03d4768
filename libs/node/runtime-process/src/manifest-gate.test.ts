import { access, chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import type { ContainerConfig, PodSandboxConfig } from '@binnacle/node-cri';
import { readManifest } from '@binnacle/node-kubelet/manifests';
import { systemClock } from '@binnacle/process-lifecycle';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProcessRuntime } from './index.js';

/** Whoever asks, and whatever for: nothing may run that no manifest of the machine says. */
let root = '';
let ctx: Context;
let runtime: ProcessRuntime;
let pod: Pod;
const abort = new AbortController();

const text = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'kube-system' },
  spec: {
    hostNetwork: true,
    securityContext: { runAsUser: process.getuid?.(), runAsGroup: process.getgid?.() },
    containers: [
      {
        name: 'main',
        image: 'app:1',
        command: ['sleep', '$(HOW_LONG)'],
        workingDir: '/',
        env: [{ name: 'HOW_LONG', value: '300' }],
        livenessProbe: { exec: { command: ['true'] } },
      },
    ],
  },
});

const own = text.replace('"web"', '"own"');
const REFUSED = 'only what a manifest of this machine asks for can run as its process';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'binnacle-gate-'));
  const manifests = join(root, 'manifests');
  await mkdir(manifests, { mode: 0o700 });
  await writeFile(join(manifests, 'web.json'), text, { mode: 0o600 });
  pod = readManifest(text, { path: join(manifests, 'web.json'), nodeName: 'cp', seen: '' });
  ctx = { signal: abort.signal, clock: systemClock, logger: silentLogger };
  runtime = new ProcessRuntime(ctx, {
    directory: join(root, 'state'),
    version: '1',
    environment: { PATH: '/usr/bin:/bin' },
    manifests: { directory: manifests, nodeName: 'cp' },
  });
});
afterEach(async () => {
  for (const { id } of await runtime.listPodSandboxes(ctx)) await runtime.removePodSandbox(ctx, id);
  await rm(root, { recursive: true, force: true });
});

const sandboxOf = (more: Partial<PodSandboxConfig> = {}): PodSandboxConfig => ({
  metadata: { name: 'web-cp', namespace: 'kube-system', uid: pod.metadata.uid ?? '', attempt: 0 },
  hostname: 'web',
  logDirectory: join(root, 'logs'),
  labels: {},
  annotations: { 'kubernetes.io/config.source': 'file', 'kubernetes.io/config.hash': pod.metadata.uid ?? '' },
  hostNetwork: true,
  ...more,
});

const containerOf = (more: Partial<ContainerConfig> = {}): ContainerConfig => ({
  metadata: { name: 'main', attempt: 0 },
  image: 'app:1',
  command: ['sleep', '300'],
  args: [],
  workingDir: '/',
  env: { HOW_LONG: '300' },
  mounts: [],
  ports: [],
  logPath: 'main/0.log',
  limits: {},
  requests: {},
  runAsUser: process.getuid?.(),
  runAsGroup: process.getgid?.(),
  stdin: false,
  tty: false,
  labels: {},
  annotations: {},
  ...more,
});

test('what the manifest says runs, and its probe', async () => {
  const id = await runtime.createContainer(ctx, await runtime.runPodSandbox(ctx, sandboxOf()), containerOf());
  await runtime.startContainer(ctx, id);
  expect(await runtime.execSync(ctx, id, ['true'], 5)).toMatchObject({ exitCode: 0 });
});

test.each<[string, Partial<PodSandboxConfig['metadata']>]>([
  ['another name', { name: 'other-cp' }],
  ['another namespace', { namespace: 'default' }],
  ['an older content', { uid: 'f'.repeat(32) }],
])('a sandbox is refused to %s, whatever its annotations say', async (_, more) => {
  const refused = runtime.runPodSandbox(ctx, sandboxOf({ metadata: { ...sandboxOf().metadata, ...more } }));
  await expect(refused).rejects.toThrow(REFUSED);
  expect(await runtime.listPodSandboxes(ctx)).toEqual([]);
});

test.each<[string, (path: string) => Promise<void>]>([
  ['a link to a file elsewhere', (path) => symlink(join(root, 'own.json'), path)],
  ['a file everybody may write', (path) => writeFile(path, own).then(() => chmod(path, 0o666))],
  ['a hidden file', () => writeFile(join(root, 'manifests/.own.json'), own)],
  ['a file elsewhere', async () => undefined],
])('a sandbox is refused to %s', async (_, put) => {
  const path = join(root, 'manifests/own.json');
  await writeFile(join(root, 'own.json'), own);
  await put(path);
  const { uid = '' } = readManifest(own, { path, nodeName: 'cp', seen: '' }).metadata;
  const metadata = { name: 'own-cp', namespace: 'kube-system', uid, attempt: 0 };
  await expect(runtime.runPodSandbox(ctx, sandboxOf({ metadata }))).rejects.toThrow(REFUSED);
});

test.each<[string, () => Partial<ContainerConfig>]>([
  ['another command', () => ({ command: ['touch', join(root, 'owned')] })],
  ['further arguments', () => ({ args: ['1'] })],
  ['another user', () => ({ runAsUser: 12345 })],
  ['another group', () => ({ runAsGroup: 12345 })],
  ['another directory', () => ({ workingDir: root })],
  ['a foreign variable', () => ({ env: { HOW_LONG: '300', LD_PRELOAD: '/tmp/evil.so' } })],
  ['another value', () => ({ command: ['sleep', '1'], env: { HOW_LONG: '1' } })],
  ['a container of another name', () => ({ metadata: { name: 'debugger', attempt: 0 } })],
])('a container is refused with %s', async (_, more) => {
  const sandbox = await runtime.runPodSandbox(ctx, sandboxOf());
  const refused = runtime.createContainer(ctx, sandbox, containerOf(more()));
  await expect(refused).rejects.toThrow(REFUSED);
  expect(await runtime.listContainers(ctx)).toEqual([]);
});

test('a command that is no probe or hook is refused', async () => {
  const id = await runtime.createContainer(ctx, await runtime.runPodSandbox(ctx, sandboxOf()), containerOf());
  await runtime.startContainer(ctx, id);
  const refused = runtime.execSync(ctx, id, ['touch', join(root, 'owned')], 5);
  await expect(refused).rejects.toThrow('is no probe or hook of container main');
  await expect(access(join(root, 'owned'))).rejects.toThrow('ENOENT');
});
