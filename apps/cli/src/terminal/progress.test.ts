import { FakeClock } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { Progress } from './progress.js';

function progress(isTTY: boolean) {
  const clock = new FakeClock();
  let text = '';
  const out = { isTTY, write: (more: string) => ((text += more), true) } as unknown as NodeJS.WriteStream;
  return { clock, progress: new Progress(out, clock), told: () => text };
}

test('a step is told when it is done, with the time it took', async () => {
  const { clock, progress: steps, told } = progress(false);
  expect(await steps.step('Starting', async () => (clock.step(1_240), 'up'))).toBe('up');
  expect(told()).toBe('  ✓ Starting (1.2 s)\n');
  clock.step(760);
  expect(steps.elapsedSeconds).toBe(2);
});

test('a step that fails is told as that, and its failure goes on', async () => {
  const { progress: steps, told } = progress(false);
  await expect(steps.step('Starting', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(told()).toBe('  ✗ Starting (0.0 s)\n');
});

test('on a terminal it is told from its beginning, and written over', async () => {
  const { progress: steps, told } = progress(true);
  let during = '';
  await steps.step('Starting', async () => void (during = told()));
  expect(during).toBe('  … Starting');
  expect(told()).toBe('  … Starting\r\u001b[K  ✓ Starting (0.0 s)\n');
});
