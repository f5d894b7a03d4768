import { ANNOTATION_OOM_SCORE_ADJ } from '@binnacle/apis-kubernetes/well-known';
import { expect, test } from 'vitest';
import { oomScoreOf } from './oom-score.js';

const score = (text: string) =>
  oomScoreOf({ apiVersion: 'v1', kind: 'Pod', metadata: { annotations: { [ANNOTATION_OOM_SCORE_ADJ]: text } } });

test('a manifest says how readily its processes are ended, within what the kernel knows', () => {
  expect(['-997', '800', '0', '-1000'].map(score)).toEqual([-997, 800, 0, -1000]);
  expect(['1001', '', 'never', '1e3', '--1', '5\n6'].map(score)).toEqual(Array.from({ length: 6 }, () => undefined));
  expect(oomScoreOf(undefined)).toBeUndefined();
});
