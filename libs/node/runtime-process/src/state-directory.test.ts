import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DiskReserve, isFull } from './disk-reserve.js';
import { type ContainerRecord, type SandboxRecord, StateDirectory } from './state-directory.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'binnacle-state-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const sandbox = (id: string): SandboxRecord => ({
  id,
  config: {
    metadata: { name: 'web', namespace: 'ns', uid: 'u', attempt: 0 },
    hostname: 'web',
    logDirectory: '/logs',
    labels: {},
    annotations: {},
    hostNetwork: true,
  },
  createdAt: 1,
  state: 'ready',
});
const container = (id: string, more: Partial<ContainerRecord> = {}): ContainerRecord => ({
  id,
  sandboxId: 's1',
  config: { metadata: { name: 'main', attempt: 0 } } as ContainerRecord['config'],
  logPath: '/logs/0.log',
  createdAt: 1,
  state: 'created',
  ...more,
});

describe('the state of a runtime', () => {
  test('is there for the next run, as it was written last', () => {
    const state = new StateDirectory(root);
    state.saveSandbox(sandbox('s1'));
    state.saveContainer(container('c1'));
    state.saveContainer(container('c1', { state: 'running', process: { pid: 7, startTime: '9' } }));
    const next = new StateDirectory(root);
    expect(next.loadSandboxes()).toEqual([sandbox('s1')]);
    expect(next.loadContainers(() => undefined)).toEqual([
      container('c1', { state: 'running', process: { pid: 7, startTime: '9' } }),
    ]);
  });

  test('is the business of its owner alone', () => {
    const state = new StateDirectory(root);
    state.saveContainer(container('c1'));
    const path = join(root, 'containers/c1');
    expect([statSync(path).mode & 0o777, statSync(join(path, 'record.json')).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  test.each<[string, string | undefined]>([
    ['is missing', undefined],
    ['was cut short', '{"id":"c1"'],
    ['is empty', ''],
    ['is of something else', '[]'],
    ['has no sandbox', JSON.stringify({ id: 'c1', config: {} })],
    ['has no config', JSON.stringify({ id: 'c1', sandboxId: 's1', config: null })],
    ['is null', 'null'],
  ])('where a record %s, what there is is put aside, and the rest goes on', (_, text) => {
    const state = new StateDirectory(root);
    state.saveContainer(container('c2'));
    mkdirSync(join(root, 'containers/c1'));
    writeFileSync(join(root, 'containers/c1/stdout.raw'), 'output');
    if (text !== undefined) writeFileSync(join(root, 'containers/c1/record.json'), text);
    const damaged: string[] = [];
    const loaded = new StateDirectory(root).loadContainers((id) => damaged.push(id));
    expect([loaded.map(({ id }) => id), damaged]).toEqual([['c2'], ['c1']]);
    expect(readFileSync(join(root, 'damaged/containers-c1/stdout.raw'), 'utf8')).toBe('output');
    expect(readdirSync(join(root, 'containers'))).toEqual(['c2']);
  });

  test('forgets what is removed, also twice', () => {
    const state = new StateDirectory(root);
    state.saveSandbox(sandbox('s1'));
    state.saveContainer(container('c1'));
    for (const remove of [() => state.removeSandbox('s1'), () => state.removeContainer('c1')]) {
      remove();
      remove();
    }
    expect([state.loadSandboxes(), state.loadContainers(() => undefined)]).toEqual([[], []]);
  });

  test('is not changed by a record that could not be written whole', () => {
    const state = new StateDirectory(root);
    state.saveContainer(container('c1'));
    writeFileSync(join(root, 'containers/c1/record.json.new'), '{"id":');
    expect(new StateDirectory(root).loadContainers(() => undefined)).toHaveLength(1);
  });
});

describe('a reserve', () => {
  const full = () => Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const path = () => join(root, 'reserve');
  const size = () => statSync(path(), { throwIfNoEntry: false })?.size;

  test('is given up for what must be written, and taken again', () => {
    const reserve = new DiskReserve(path());
    expect(size()).toBe(512 * 1024);
    const sizes: (number | undefined)[] = [];
    reserve.use(() => {
      sizes.push(size());
      if (sizes.length === 1) throw full();
    });
    expect([sizes, size()]).toEqual([[512 * 1024, undefined], 512 * 1024]);
  });

  test('that was given up already helps nobody: what failed is told', () => {
    const reserve = new DiskReserve(path());
    rmSync(path());
    let tries = 0;
    const write = () => {
      tries += 1;
      throw full();
    };
    expect(() => reserve.use(write)).toThrow('no space');
    expect(tries).toBe(1);
  });

  test('is not given up for other failures', () => {
    const reserve = new DiskReserve(path());
    const write = () => {
      throw Object.assign(new Error('not yours'), { code: 'EACCES' });
    };
    expect(() => reserve.use(write)).toThrow('not yours');
    expect(size()).toBe(512 * 1024);
  });

  test('of another size is made anew', () => {
    writeFileSync(path(), 'short');
    new DiskReserve(path());
    expect(size()).toBe(512 * 1024);
  });

  test.each([
    ['ENOSPC', true],
    ['EDQUOT', true],
    ['EIO', false],
    [undefined, false],
  ])('is there for %s: %s', (code, expected) => {
    expect(isFull(Object.assign(new Error(), { code }))).toBe(expected);
  });
});
