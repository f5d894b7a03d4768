import type { ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { describe, expect, test } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { sheetOf } from '../testing/kind-sheet.js';
import { text } from '../testing/render.js';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { QuotaPanel } from './quota-panel.js';
import { quotaRows } from './quota-rows.js';

const quota = (hard: object, used: object, spec: object = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'shop' },
    spec: { hard, ...spec },
    status: { hard, used },
  }) as unknown as ResourceQuota & UnstructuredObject;
const HARD = { pods: '10', 'requests.cpu': '2', 'limits.memory': '1Gi', 'count/jobs.batch': '0' };
const USED = { pods: '9', 'requests.cpu': '500m', 'limits.memory': '2Gi', 'count/jobs.batch': '0' };

describe('how much of a quota is used', () => {
  test('is told of the fullest first', () => {
    expect(quotaRows(quota(HARD, USED)).map(({ name, share, standing }) => [name, share, standing])).toEqual([
      ['limits.memory', 2, 'over'],
      ['count/jobs.batch', 1, 'over'],
      ['pods', 0.9, 'near'],
      ['requests.cpu', 0.25, 'free'],
    ]);
  });

  test('is nothing while it has not been counted', () => {
    const fresh = { ...quota(HARD, {}), status: undefined } as unknown as ResourceQuota;
    expect(
      quotaRows(fresh).every(({ share, used, standing }) => share === 0 && used === '' && standing === 'free'),
    ).toBe(true);
  });

  test('is said in words, not in colour alone', () => {
    const page = text(<QuotaPanel object={quota(HARD, USED)} around={NO_SURROUNDINGS} />);
    expect(page).toContain('limits.memory 2Gi of 1Gi nothing is left');
    expect(page).toContain('pods 9 of 10 nearly used up');
    expect(page).toContain('requests.cpu 500m of 2 25% used');
  });

  test.each(LOCALES)('is said in %s', (locale) => {
    expect(text(<QuotaPanel object={quota({}, {})} around={NO_SURROUNDINGS} />, { locale })).not.toBe('');
  });
});

test.each([
  [USED, 'warn Exhausted limits.memory: 2Gi of 1Gi used.'],
  [{ pods: '9' }, 'warn NearlyExhausted pods: 9 of 10 used.'],
  [{ pods: '1' }, 'ok Free'],
])('a quota stands as its fullest part: %j', (used, status) => {
  expect(sheetOf('resourcequotas', quota(HARD, used) as unknown as KubeObject).status).toBe(status);
});

test('a quota says which objects count', () => {
  const matchExpressions = [{ scopeName: 'PriorityClass', operator: 'In', values: ['high', 'low'] }];
  const scoped = quota(HARD, USED, { scopes: ['BestEffort'], scopeSelector: { matchExpressions } });
  expect(sheetOf('resourcequotas', scoped as unknown as KubeObject).facts['Counts only']).toBe(
    'BestEffort PriorityClass In high,low',
  );
});
