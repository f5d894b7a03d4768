import { expect, test } from 'vitest';
import { combine, type Connection, EMPTY_VIEW, type Knowledge, knowledgeOf, type LiveView } from '../index.js';

const live: Connection = { state: 'live', since: 5, asOf: 5, paused: false, pausedAt: 0 };
const view = (fields: Partial<LiveView>): LiveView => ({ ...EMPTY_VIEW, phase: 'live', asOf: 10, ...fields });
const error = { code: 403, message: 'no' };

test.each<[string, LiveView, Partial<Connection>, Partial<Knowledge>]>([
  ['all is here and the line is heard', view({}), {}, { certainty: 'current' }],
  ['nothing is here yet', view({ phase: 'loading' }), {}, { certainty: 'loading' }],
  ['the line is silent', view({}), { state: 'reconnecting', asOf: 20 }, { certainty: 'stale', asOf: 20 }],
  ['the server does not give it at the moment', view({ phase: 'stale' }), {}, { certainty: 'stale', asOf: 10 }],
  ['the reader has paused', view({}), { paused: true, pausedAt: 30 }, { certainty: 'held', asOf: 30 }],
  ['it was opened while paused', view({ asOf: 40 }), { paused: true, pausedAt: 30 }, { certainty: 'held', asOf: 40 }],
  ['it may not be seen', view({ phase: 'denied', error }), {}, { certainty: 'refused', error }],
  ['there is no such kind', view({ phase: 'absent' }), {}, { certainty: 'absent' }],
])('when %s', (_, given, connection, known) => {
  expect(knowledgeOf(given, { ...live, ...connection })).toMatchObject(known);
});

const known = (certainty: Knowledge['certainty'], asOf = 0): Knowledge => ({ certainty, asOf });

test.each<[Knowledge[], Knowledge]>([
  [[known('current', 9), known('current', 7)], known('current', 7)],
  [[known('current'), known('loading')], known('loading')],
  [[known('loading'), known('refused')], known('loading')],
  [[known('current'), { ...known('refused'), error }], { ...known('partial'), error }],
  [[known('refused'), known('refused')], known('refused')],
  [[known('stale', 3), known('held', 1), known('stale', 2)], known('stale', 2)],
  [[known('current'), known('held', 4)], known('held', 4)],
  [[known('current', 1), known('absent')], known('current', 1)],
  [[known('absent')], known('absent')],
])('together %#', (all, together) => {
  expect(combine(all)).toEqual(together);
});
