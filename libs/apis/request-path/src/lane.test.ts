import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  brokenAt,
  FAULT_CODES,
  fault,
  type Fault,
  gravest,
  lanePassage,
  type Stage,
  stagePassage,
  type Stop,
} from './index.js';

const stop = (faults: readonly Fault[] = [], then?: Stop): Stop => ({
  kind: 'pod',
  text: 'x',
  faults,
  ...(then && { then }),
});
const stage = (stops: readonly Stop[], faults: readonly Fault[] = []): Stage => ({ kind: 'pods', stops, faults });
const BREAK = fault('podIsGone');
const PART = fault('someNotReady');
const DOUBT = fault('undeclaredPort');
const NOTE = fault('noSelector');

describe('a step', () => {
  test.each([
    ['is open with nothing to say of it', stage([stop()]), 'open'],
    ['is open with what is only worth knowing', stage([stop([NOTE])], [NOTE]), 'open'],
    ['is in doubt by one of its stops', stage([stop(), stop([DOUBT])]), 'doubt'],
    ['is partly open while one stop is', stage([stop(), stop([BREAK])]), 'part'],
    ['is broken where no stop is open', stage([stop([BREAK]), stop([BREAK])]), 'broken'],
    ['is broken as a whole', stage([stop()], [BREAK]), 'broken'],
    ['is partly open as a whole', stage([stop()], [PART]), 'part'],
    ['is broken behind a stop', stage([stop([], stop([BREAK]))]), 'broken'],
    ['is unknown with nothing to be seen', { ...stage([]), unseen: 'refused' as const }, 'unknown'],
    [
      'is unknown where all that is seen is broken, and not all is seen',
      { ...stage([stop([BREAK])]), unseen: 'loading' as const },
      'unknown',
    ],
    ['is open by what is seen of Pods', { ...stage([stop()]), unseen: 'refused' as const }, 'open'],
    [
      'is unknown where its only stop is not seen',
      { ...stage([stop()]), kind: 'certificate' as const, unseen: 'refused' as const },
      'unknown',
    ],
    ['with nothing in it breaks nothing', stage([]), 'open'],
  ])('%s', (_, given, passage) => expect(stagePassage(given)).toBe(passage));
});

describe('a way', () => {
  const anyFault = fc.constantFrom(BREAK, PART, DOUBT, NOTE);
  const anyStage = fc
    .tuple(fc.array(fc.array(anyFault, { maxLength: 2 }), { maxLength: 3 }), fc.array(anyFault, { maxLength: 1 }))
    .map(([stops, faults]) =>
      stage(
        stops.map((each) => stop(each)),
        faults,
      ),
    );

  test('is as its worst step, and breaks where the first breaks', () => {
    fc.assert(
      fc.property(fc.array(anyStage, { maxLength: 5 }), (stages) => {
        const lane = { id: 'x', stages };
        const passages = stages.map(stagePassage);
        expect(lanePassage(lane) === 'broken').toBe(passages.includes('broken'));
        expect(brokenAt(lane)).toBe(passages.indexOf('broken'));
        if (lanePassage(lane) === 'open') expect(passages.every((each) => each === 'open')).toBe(true);
      }),
    );
  });
});

test('each fault has its gravity, and of several the gravest counts', () => {
  for (const code of FAULT_CODES) expect(['break', 'part', 'doubt', 'note']).toContain(fault(code).level);
  expect(gravest([NOTE, BREAK, PART])).toBe('break');
  expect(gravest([NOTE, DOUBT])).toBe('doubt');
  expect(gravest([])).toBeUndefined();
});
