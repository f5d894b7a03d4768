import { expect, test } from 'vitest';
import { groupEvents } from './group-events.js';

const event = (uid: string, reason: string, pod: string) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: uid, uid },
  reason,
  message: 'Node is not ready',
  involvedObject: { kind: 'Pod', namespace: 'a', name: pod },
});

test('what is said of many is said once, where the latest of them stands', () => {
  const groups = groupEvents([
    event('1', 'NodeNotReady', 'x'),
    event('2', 'BackOff', 'x'),
    event('3', 'NodeNotReady', 'y'),
    event('4', 'NodeNotReady', 'y'),
  ]);
  expect(groups.map(({ latest, objects }) => [latest.metadata.uid, objects])).toEqual([
    ['1', 2],
    ['2', 1],
  ]);
});
