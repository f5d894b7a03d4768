import { expect, test } from 'vitest';
import { isModifiedClick } from './modified-click.js';

const plain = { button: 0, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

test.each([
  [{}, false],
  [{ ctrlKey: true }, true],
  [{ metaKey: true }, true],
  [{ shiftKey: true }, true],
  [{ altKey: true }, true],
  [{ button: 1 }, true],
  [{ button: 2 }, false],
])('%j: %s', (held, modified) => expect(isModifiedClick({ ...plain, ...held })).toBe(modified));
