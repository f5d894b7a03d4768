import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigMap, Pod, Secret, Volume } from '@binnacle/apis-kubernetes/core/v1';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AttachedVolumes } from './attached-volumes.js';
import { DirectoryVolumes } from './directory-volumes.js';

const ctx = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns', uid: 'u' },
  spec: {
    volumes: [
      { name: 'settings', configMap: { name: 'settings' } },
      { name: 'scratch', emptyDir: {} },
    ],
    containers: [{ name: 'c', volumeMounts: [{ name: 'settings', mountPath: '/settings' }] }],
  },
};
let root = '';
let settings: ConfigMap | undefined;
const secret: Secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { key: 'c2VjcmV0' } };
let volumes: DirectoryVolumes;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'binnacle-volumes-'));
  volumes = new DirectoryVolumes({
    attached: new AttachedVolumes(),
    root,
    tokens: {
      token: async (_, of, { audience }) => `token of ${of.metadata.name} for ${audience}`,
      forget: () => undefined,
    },
    claims: {
      volumeOf: () => Promise.reject(new Error('there are no claims here')),
      attachmentOf: async () => undefined,
    },
    sources: { configMap: async () => settings, secret: async () => secret, services: () => [] },
    place: { hostIp: '127.0.0.1', nodeName: 'n', allocatable: {} },
  });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const configMap = (data: Record<string, string>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data,
});
const directory = () => volumes.mounts(pod, 'c', {})[0]?.hostPath ?? '';

test('a volume follows its ConfigMap: what changed, what is new and what is gone', async () => {
  settings = configMap({ a: 'one', b: 'two' });
  await volumes.prepare(ctx, pod);
  expect((await readdir(directory())).filter((name) => !name.startsWith('..')).sort()).toEqual(['a', 'b']);
  settings = configMap({ a: 'changed', c: 'new' });
  await volumes.refresh(ctx, pod);
  expect((await readdir(directory())).filter((name) => !name.startsWith('..')).sort()).toEqual(['a', 'c']);
  expect(await readFile(join(directory(), 'a'), 'utf8')).toBe('changed');
});

test('a volume whose ConfigMap is gone stays as it was', async () => {
  settings = configMap({ a: 'one' });
  await volumes.prepare(ctx, pod);
  settings = undefined;
  await expect(volumes.refresh(ctx, pod)).rejects.toThrow('configmap "settings" not found');
  expect(await readFile(join(directory(), 'a'), 'utf8')).toBe('one');
});

const podWith = (volume: Volume, more: object = {}, spec: object = {}): Pod => ({
  ...pod,
  spec: {
    volumes: [volume],
    containers: [{ name: 'c', volumeMounts: [{ name: volume.name, mountPath: '/v', ...more }] }],
    ...spec,
  },
});
const placeOf = (subject: Pod, env = {}) => volumes.mounts(subject, 'c', env)[0]?.hostPath ?? '';
const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);

describe('files have the modes the Pod asks for, whatever our umask', () => {
  let before = 0;
  beforeEach(() => {
    before = process.umask(0o077);
    settings = configMap({ a: 'one', b: 'two' });
  });
  afterEach(() => void process.umask(before));

  const items = [
    { key: 'a', path: 'a', mode: 0o600 },
    { key: 'b', path: 'dir/b' },
  ];
  test.each<[string, Volume, Record<string, string>, object?]>([
    ['a Secret', { name: 'v', secret: { secretName: 's' } }, { key: '644' }],
    ['a Secret of a mode', { name: 'v', secret: { secretName: 's', defaultMode: 0o400 } }, { key: '400' }],
    ['items', { name: 'v', configMap: { name: 'm', defaultMode: 0o444, items } }, { a: '600', 'dir/b': '444' }],
    [
      'a projection',
      {
        name: 'v',
        projected: {
          defaultMode: 0o440,
          sources: [
            { secret: { name: 's', items: [{ key: 'key', path: 'key', mode: 0o400 }] } },
            { configMap: { name: 'm', items: [{ key: 'a', path: 'a' }] } },
            { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
          ],
        },
      },
      { key: '400', a: '440', name: '440' },
    ],
    [
      'a Secret shared with a group',
      { name: 'v', secret: { secretName: 's', defaultMode: 0o400 } },
      { key: '440' },
      { securityContext: { fsGroup: 1234 } },
    ],
  ])('%s', async (_, volume, modes, spec = {}) => {
    const subject = podWith(volume, {}, spec);
    await volumes.prepare(ctx, subject);
    for (const [path, mode] of Object.entries(modes)) expect(await modeOf(join(placeOf(subject), path))).toBe(mode);
  });

  test("an empty one is everybody's in the Pod, and nobody else comes near", async () => {
    const subject = podWith({ name: 'v', emptyDir: {} });
    await volumes.prepare(ctx, subject);
    expect(await modeOf(placeOf(subject))).toBe('777');
    expect(await modeOf(join(root, 'pods'))).toBe('700');
  });

  test('a mode that changes is followed', async () => {
    const subject = podWith({ name: 'v', secret: { secretName: 's', defaultMode: 0o400 } });
    await volumes.prepare(ctx, subject);
    await volumes.refresh(ctx, podWith({ name: 'v', secret: { secretName: 's', defaultMode: 0o444 } }));
    expect(await modeOf(join(placeOf(subject), 'key'))).toBe('444');
  });
});

describe('the writer', () => {
  test('changes all files at once, and nothing where nothing changed', async () => {
    settings = configMap({ a: 'one' });
    await volumes.prepare(ctx, pod);
    const first = await readlink(join(directory(), '..data'));
    await volumes.refresh(ctx, pod);
    expect(await readlink(join(directory(), '..data'))).toBe(first);
    settings = configMap({ a: 'two' });
    await volumes.refresh(ctx, pod);
    expect(await readlink(join(directory(), '..data'))).not.toBe(first);
    expect(await readdir(directory())).not.toContain(first);
    expect(await readlink(join(directory(), 'a'))).toBe('..data/a');
  });

  test('takes over what an earlier release wrote', async () => {
    settings = configMap({ a: 'one' });
    await mkdir(directory(), { recursive: true });
    await writeFile(join(directory(), 'a'), 'old');
    await writeFile(join(directory(), 'gone'), 'old');
    await volumes.prepare(ctx, pod);
    expect(await readFile(join(directory(), 'a'), 'utf8')).toBe('one');
    expect(await readdir(directory())).not.toContain('gone');
  });

  test.each([
    '../../../escape',
    'a/../../../b',
    '/etc/passwd',
    '..data',
    '..',
    '',
    'a//b',
    './a',
    `${'x'.repeat(300)}`,
  ])('refuses the path %j', async (path) => {
    settings = configMap({ a: 'one' });
    const subject = podWith({ name: 'v', configMap: { name: 'm', items: [{ key: 'a', path }] } });
    await expect(volumes.prepare(ctx, subject)).rejects.toThrow('invalid path');
  });
});

describe('a part of a volume', () => {
  const scratch = { name: 'v', emptyDir: {} };

  test('is made where it is missing', async () => {
    const subject = podWith(scratch, { subPath: 'a/b' });
    await volumes.prepare(ctx, subject);
    expect((await stat(placeOf(subject))).isDirectory()).toBe(true);
  });

  test.each(['/etc', '../..', '../../../../../../../..'])('never lies behind a link to %s', async (target) => {
    await volumes.prepare(ctx, podWith(scratch));
    await symlink(target, join(placeOf(podWith(scratch)), 'x'));
    for (const subPath of ['x', 'x/y'])
      expect(() => placeOf(podWith(scratch, { subPath }))).toThrow('leads out of its volume');
  });

  test('never lies above it', async () => {
    await volumes.prepare(ctx, podWith(scratch));
    expect(() => placeOf(podWith(scratch, { subPath: '../../x' }))).toThrow("must not contain '..'");
    const subject = podWith(scratch, { subPathExpr: '$(UP)' });
    expect(() => placeOf(subject, { UP: '../..' })).toThrow("must not contain '..'");
  });

  test('may be used by whoever may use the volume', async () => {
    const subject = podWith(scratch, { subPath: 'a/b' });
    await volumes.prepare(ctx, subject);
    expect((await stat(placeOf(subject))).mode & 0o777).toBe(0o777);
  });

  test('is named by variables that have a value', async () => {
    const subject = podWith(scratch, { subPathExpr: 'of-$(NAME)/$$(NAME)' });
    await volumes.prepare(ctx, subject);
    expect(placeOf(subject, { NAME: 'me' })).toMatch(/of-me\/\$\(NAME\)$/);
    expect(() => placeOf(podWith(scratch, { subPathExpr: '$(B)$(A)$(B)' }), { C: 'x' })).toThrow(
      'missing value for A, B',
    );
    expect(() => placeOf(podWith(scratch, { subPathExpr: '$(A)' }), { A: '/tmp' })).toThrow(
      'error SubPath `/tmp` must not be an absolute path',
    );
  });
});

test('a file of an emptyDir is read, and nothing beyond it', async () => {
  settings = configMap({ a: 'one' });
  await volumes.prepare(ctx, pod);
  const scratch = join(root, 'pods', 'u', 'volumes', 'scratch');
  await writeFile(join(scratch, 'vars'), "A='one'");
  await writeFile(join(root, 'outside'), 'secret');
  await symlink(join(root, 'outside'), join(scratch, 'link'));
  expect(await volumes.read(pod, 'scratch', 'vars')).toBe("A='one'");
  await expect(volumes.read(pod, 'scratch', 'link')).rejects.toThrow('link leads out of its volume');
  await expect(volumes.read(pod, 'scratch', '../../../../outside')).rejects.toThrow('leads out of its volume');
  await expect(volumes.read(pod, 'settings', 'a')).rejects.toThrow('cannot find the volume "settings"');
  await expect(volumes.read(pod, 'scratch', '.')).rejects.toThrow();
});

describe('a volume with a token', () => {
  const access = (mode?: number): Volume => ({
    name: 'v',
    projected: {
      sources: [
        { serviceAccountToken: { path: 'token', audience: 'vault' } },
        { configMap: { name: 'settings', items: [{ key: 'a', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
      ],
      ...(mode !== undefined && { defaultMode: mode }),
    },
  });
  const modeOf = async (subject: Pod) => (await stat(join(placeOf(subject), 'token'))).mode & 0o777;
  const as = (subject: Pod, securityContext: object): Pod => ({
    ...subject,
    spec: { containers: [], ...subject.spec, securityContext },
  });

  test('holds it beside the certificate and the namespace', async () => {
    settings = configMap({ a: 'certificate' });
    const subject = podWith(access());
    await volumes.prepare(ctx, subject);
    const read = (file: string) => readFile(join(placeOf(subject), file), 'utf8');
    expect(await Promise.all(['token', 'ca.crt', 'namespace'].map(read))).toEqual([
      'token of p for vault',
      'certificate',
      'ns',
    ]);
    expect(volumes.mounts(subject, 'c', {})[0]?.readonly).toBe(true);
  });

  test('has the mode of its volume, and is private where the containers have a user or a group', async () => {
    settings = configMap({ a: 'certificate' });
    const subjects = [
      podWith(access(0o444)),
      as(podWith(access()), { runAsUser: 7 }),
      as(podWith(access()), { fsGroup: 7 }),
    ];
    const modes: number[] = [];
    for (const subject of subjects) {
      await volumes.prepare(ctx, subject);
      modes.push(await modeOf(subject));
    }
    expect(modes).toEqual([0o444, 0o600, 0o640]);
  });
});
