import { expect, test, vi } from 'vitest';
import { Drafts } from './drafts.js';

class FakeStorage {
  readonly items = new Map<string, string>();
  full = false;
  get length(): number {
    return this.items.size;
  }
  key = (index: number) => [...this.items.keys()][index] ?? null;
  getItem = (key: string) => this.items.get(key) ?? null;
  removeItem = (key: string) => void this.items.delete(key);
  setItem(key: string, value: string): void {
    if (this.full) throw new Error('QuotaExceededError');
    this.items.set(key, value);
  }
}

const draft = (kind = 'ConfigMap') => ({
  base: { apiVersion: 'v1', kind, metadata: { name: 'a', uid: 'u' } },
  text: 'half a word',
});

test('a draft is there for the next page, and after a reload', () => {
  const storage = new FakeStorage();
  new Drafts(storage).write('main/u', draft());
  const reloaded = new Drafts(storage);
  expect(reloaded.read('main/u')).toEqual(draft());
  expect(reloaded.read('other/u')).toBeUndefined();
  reloaded.write('main/u', undefined);
  expect(new Drafts(storage).read('main/u')).toBeUndefined();
});

test('a Secret is never written down, and kept while the page lives', () => {
  const storage = new FakeStorage();
  const drafts = new Drafts(storage);
  drafts.write('main/u', draft('Secret'));
  expect(drafts.read('main/u')).toEqual(draft('Secret'));
  expect(storage.items.size).toBe(0);
});

test('a full or strange storage loses nothing', () => {
  const storage = new FakeStorage();
  storage.full = true;
  const drafts = new Drafts(storage);
  drafts.write('main/u', draft());
  expect(drafts.read('main/u')).toEqual(draft());
  storage.items.set('binnacle.draft.main/x', 'not JSON');
  expect(drafts.read('main/x')).toBeUndefined();
});

test('a page that is left to be come back to is known as such only from then on', () => {
  const drafts = new Drafts(undefined);
  const load = vi.fn(() => expect(drafts.returning).toBe(true));
  expect(drafts.returning).toBe(false);
  drafts.leave(load);
  expect(load).toHaveBeenCalledTimes(1);
  drafts.forgetAll();
  expect(drafts.returning).toBe(false);
});

test('who signs out leaves none behind', () => {
  const storage = new FakeStorage();
  storage.setItem('binnacle.logs', '{}');
  const drafts = new Drafts(storage);
  drafts.write('main/u', draft());
  drafts.write('main/v', draft('Secret'));
  drafts.forgetAll();
  expect([drafts.read('main/u'), drafts.read('main/v')]).toEqual([undefined, undefined]);
  expect([...storage.items.keys()]).toEqual(['binnacle.logs']);
});
