import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { node } from '@binnacle/testing-fixtures';
import { beforeEach, expect, test } from 'vitest';
import { AttachedVolumes } from './attached-volumes.js';

let clock: FakeClock;
let abort: AbortController;
let attached: AttachedVolumes;
let reports: string[][];
beforeEach(() => {
  [clock, abort, attached, reports] = [new FakeClock(0), new AbortController(), new AttachedVolumes(), []];
  attached.onChange(() => reports.push(attached.inUse));
});

const require = (pod: string, volume: string) =>
  attached.require({ clock, signal: abort.signal, logger: silentLogger }, pod, volume);
/** What the node's object says. */
const told = (volumesInUse: string[], names: string[]) =>
  attached.update(node({ status: { volumesInUse, volumesAttached: names.map((name) => ({ name, devicePath: '' })) } }));
const state = (waiting: Promise<void>) =>
  Promise.race([waiting.then(() => 'there'), new Promise((resolve) => setImmediate(() => resolve('waits')))]);

test('a volume is said to be in use, and waited for until it is both attached and known to be in use', async () => {
  const waiting = require('p', 'a');
  expect(reports).toEqual([['a']]);
  told([], ['a']);
  expect(await state(waiting)).toBe('waits');
  told(['a'], ['b']);
  expect(await state(waiting)).toBe('waits');
  told(['a'], ['a']);
  expect(await state(waiting)).toBe('there');
  expect(await state(require('q', 'a'))).toBe('there');
  expect(reports).toHaveLength(1);
});

test('it is in use until the last of its Pods is over', () => {
  void require('p', 'b').catch(() => undefined);
  void require('q', 'b').catch(() => undefined);
  void require('p', 'a').catch(() => undefined);
  attached.release('p');
  expect(attached.inUse).toEqual(['b']);
  attached.release('q');
  attached.release('q');
  expect(reports).toEqual([['b'], ['a', 'b'], ['b'], []]);
});

test('it is not waited for for ever, nor once its Pod is to go', async () => {
  const late = require('p', 'a');
  clock.step(123_000);
  await expect(late).rejects.toThrow('context deadline exceeded');
  const gone = require('q', 'a');
  abort.abort(new Error('the Pod is being stopped'));
  await expect(gone).rejects.toThrow('the Pod is being stopped');
  await expect(require('r', 'a')).rejects.toThrow('the Pod is being stopped');
});
