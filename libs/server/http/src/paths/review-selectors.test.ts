import { expect, test } from 'vitest';
import { reviewedSelectors } from './review-selectors.js';

const IGNORED = 'ignored due to parse error';

test('selectors are what a list would be asked with', () => {
  const fieldSelector = { rawSelector: 'spec.nodeName=a' };
  const labelSelector = { requirements: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] };
  expect(reviewedSelectors({ fieldSelector, labelSelector })).toEqual({
    fieldSelector: 'spec.nodeName=a',
    labelSelector: 'app in (a,b)',
    errors: [],
  });
  const requirements = [
    { key: 'metadata.name', operator: 'In', values: ['a,b'] },
    { key: 'spec.nodeName', operator: 'NotIn', values: ['c'] },
  ];
  expect(reviewedSelectors({ fieldSelector: { requirements } }).fieldSelector).toBe(
    'metadata.name=a\\,b,spec.nodeName!=c',
  );
  expect(reviewedSelectors({})).toEqual({ errors: [] });
});

test('what is not understood is left out, and said', () => {
  const odd = { key: 'a', operator: 'Exists' };
  const known = { key: 'b', operator: 'In', values: ['c'] };
  expect(reviewedSelectors({ fieldSelector: { requirements: [odd, known] } })).toEqual({
    fieldSelector: 'b=c',
    errors: [`spec.resourceAttributes.fieldSelector partially ${IGNORED}`],
  });
  const newer = { key: 'a', operator: 'Gt', values: ['1'] };
  expect(reviewedSelectors({ labelSelector: { requirements: [newer] } })).toEqual({
    errors: [`spec.resourceAttributes.labelSelector ${IGNORED}`],
  });
  expect(reviewedSelectors({ fieldSelector: { requirements: [odd] }, labelSelector: { rawSelector: 'a=(' } })).toEqual({
    errors: [`spec.resourceAttributes.fieldSelector ${IGNORED}`, `spec.resourceAttributes.labelSelector ${IGNORED}`],
  });
});
