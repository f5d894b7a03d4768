import { expect, test } from 'vitest';
import { requestIdOf } from './request-id.js';

test('a change is called as its client calls the request, if that is short and prints', () => {
  expect(requestIdOf('create', { 'audit-id': 'my-request' })).toBe('my-request');
  for (const bad of ['', 'a b', 'ü', 'x'.repeat(65), 'a\u001fb']) {
    expect(requestIdOf('patch', { 'audit-id': bad })).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('requests that change something have names of their own, reads have none', () => {
  expect(requestIdOf('delete', {})).not.toBe(requestIdOf('delete', {}));
  for (const verb of ['get', 'list', 'watch']) expect(requestIdOf(verb, { 'audit-id': 'x' })).toBeUndefined();
});
