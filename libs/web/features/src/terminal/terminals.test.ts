import { runningPod } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { containersOf, defaultContainer, waitingFor } from './pod-containers.js';
import { meaningOf } from './screen-keys.js';
import { TerminalList } from './terminals.js';
import { wordsOf } from './words-of.js';

const pod = runningPod('n', '10.244.0.1', {
  spec: {
    containers: [
      { name: 'app', image: 'i' },
      { name: 'side', image: 'i' },
    ],
    initContainers: [{ name: 'first', image: 'i' }],
  },
});

test('the containers of a Pod, and the one that is meant where none is named', () => {
  expect(containersOf(pod).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'app container',
    'side container',
    'first init',
  ]);
  expect(defaultContainer(pod)).toBe('app');
  const annotated = (container: string) => ({
    ...pod,
    metadata: { ...pod.metadata, annotations: { 'kubectl.kubernetes.io/default-container': container } },
  });
  expect(defaultContainer(annotated('side'))).toBe('side');
  expect(defaultContainer(annotated('gone'))).toBe('app');
  expect(waitingFor(pod, 'unheard-of')).toBe('Pending');
});

test('a command in words', () => {
  expect(wordsOf('sh')).toEqual(['sh']);
  expect(wordsOf(`  cat "a b" 'c d' e"f `)).toEqual(['cat', 'a b', 'c d', 'e"f']);
  expect(wordsOf('echo ""')).toEqual(['echo', '']);
});

test('closing one wants the next', () => {
  const list = new TerminalList();
  const at = { pod: { namespace: 'd', name: 'p' }, container: 'c', command: 'sh' };
  for (let count = 0; count < 3; count += 1) list.open(at);
  list.close(2);
  expect(list.store.get().wanted.id).toBe(3);
  list.close(3);
  expect(list.store.get().wanted.id).toBe(1);
  list.close(1);
  expect(list.store.get()).toMatchObject({ open: [], wanted: { id: 0 } });
});

test.each([
  ['a letter', { key: 'c' }, false, 'input'],
  ['an interrupt', { key: 'c', ctrlKey: true }, false, 'input'],
  ['a copy of what is selected', { key: 'c', ctrlKey: true }, true, 'copy'],
  ['a copy', { key: 'C', ctrlKey: true, shiftKey: true }, false, 'copy'],
  ['a paste', { key: 'v', ctrlKey: true }, false, 'page'],
  ['the other paste', { key: 'Insert', shiftKey: true }, false, 'page'],
  ['what a Mac does', { key: 'c', metaKey: true }, true, 'page'],
  ['a word back', { key: 'b', altKey: true }, false, 'input'],
  ['the way out', { key: 'F6' }, false, 'page'],
])('%s', (_, key, isSelected, meaning) => {
  const none = { ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };
  expect(meaningOf({ ...none, ...key }, isSelected)).toBe(meaning);
});
