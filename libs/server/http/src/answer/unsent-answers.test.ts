import { expect, it } from 'vitest';
import { UnsentAnswers } from './unsent-answers.js';

const MEGABYTE = 1024 * 1024;

it('bounds what waits for one slow reader, and nobody else', () => {
  const unsent = new UnsentAnswers(3 * MEGABYTE);
  const first = unsent.begin('slow', 2 * MEGABYTE);
  expect(() => unsent.begin('slow', 2 * MEGABYTE)).toThrow('too many answers are waiting');
  unsent.begin('slow', 1024);
  unsent.begin('other', 2 * MEGABYTE);
  first();
  unsent.begin('slow', 5 * MEGABYTE);
});

it('counts small answers as well, of which there can be many', () => {
  const unsent = new UnsentAnswers(MEGABYTE);
  for (let at = 0; at < 16; at += 1) unsent.begin('slow', 64 * 1024);
  expect(() => unsent.begin('slow', 64 * 1024)).toThrow('too many answers are waiting');
});

it('tells before an answer is made whether there is room for it', () => {
  const unsent = new UnsentAnswers(MEGABYTE);
  unsent.refuseIfFull('slow', 2 * MEGABYTE);
  const first = unsent.begin('slow', 64 * 1024);
  unsent.refuseIfFull('slow', MEGABYTE - 64 * 1024);
  expect(() => unsent.refuseIfFull('slow', MEGABYTE)).toThrow('too many answers are waiting');
  first();
  unsent.refuseIfFull('slow', MEGABYTE);
});
