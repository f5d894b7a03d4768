import type { NodeSelectorTerm, Toleration } from '@binnacle/apis-kubernetes/core/v1';
import { describeTaint, isTolerated, nodeMatcher } from '@binnacle/apis-kubernetes/core/v1/node-reading';
import { describe, expect, test } from 'vitest';
import { node } from '../testing/builders.js';
import { labelMatcher } from './selectors.js';

const one = node('n1', { labels: { disk: 'ssd', cores: '8', negative: '-3', text: 'x' } });
const where = (key: string, operator: string, ...values: string[]): NodeSelectorTerm => ({
  matchExpressions: [{ key, operator, values }] as NodeSelectorTerm['matchExpressions'],
});
const field = (operator: string, ...values: string[]): NodeSelectorTerm => ({
  matchFields: [{ key: 'metadata.name', operator, values }] as NodeSelectorTerm['matchFields'],
});

describe('a node is selected', () => {
  test.each<[string, NodeSelectorTerm[], boolean]>([
    ['by no term', [], false],
    ['by a term that says nothing', [{}], false],
    ['by a term with empty lists', [{ matchExpressions: [], matchFields: [] }], false],
    ['by one of two terms', [where('disk', 'In', 'hdd'), where('disk', 'In', 'ssd')], true],
    [
      'by every expression of a term',
      [
        {
          matchExpressions: [
            ...(where('disk', 'In', 'ssd').matchExpressions ?? []),
            ...(where('cores', 'Gt', '9').matchExpressions ?? []),
          ],
        },
      ],
      false,
    ],
    ['by its name', [field('In', 'n1', 'n2')], true],
    ['by not having a name', [field('NotIn', 'n1')], false],
    ['by name and label', [{ ...field('In', 'n1'), ...where('disk', 'Exists') }], true],
    ['by name and a label it lacks', [{ ...field('In', 'n1'), ...where('gone', 'Exists') }], false],
    ['by not having a label', [where('gone', 'DoesNotExist')], true],
    ['by not being among values, without the label', [where('gone', 'NotIn', 'a')], true],
    ['by a number above', [where('cores', 'Gt', '7')], true],
    ['by a number not above', [where('cores', 'Gt', '8')], false],
    ['by a number below', [where('negative', 'Lt', '0')], true],
    ['by comparing a text', [where('text', 'Gt', '0')], false],
    ['by comparing with a text', [where('cores', 'Gt', 'x')], false],
    ['by comparing a label it lacks', [where('gone', 'Lt', '5')], false],
    ['by an operator that is none', [where('disk', 'Like', 'ssd')], false],
    ['by an operator called as what every object has', [where('disk', 'constructor', 'ssd')], false],
    ['by an operator that is none beside one that is', [where('disk', 'Like', 'ssd'), where('disk', 'Exists')], true],
  ])('%s', (_, terms, selected) => expect(nodeMatcher(terms)(one)).toBe(selected));
});

describe('a selector of Pods', () => {
  test('that is not there matches none, an empty one all, one that cannot be read none', () => {
    expect([labelMatcher(undefined)({}), labelMatcher({})({ a: 'b' })]).toEqual([false, true]);
    expect(labelMatcher({ matchExpressions: [{ key: 'a', operator: 'constructor', values: ['b'] }] })({ a: 'b' })).toBe(
      false,
    );
    expect(labelMatcher({ matchExpressions: [{ key: 'a', operator: 'In', values: [] }] })({ a: 'b' })).toBe(false);
  });
});

describe('a taint', () => {
  const taint = { key: 'k', value: '5', effect: 'NoSchedule' };

  test.each<[Toleration, boolean]>([
    [{}, false],
    [{ operator: 'Exists' }, true],
    [{ operator: 'Exists', effect: 'NoSchedule' }, true],
    [{ operator: 'Exists', effect: 'NoExecute' }, false],
    [{ key: 'k', value: '5' }, true],
    [{ key: 'k', operator: 'Equal', value: '5' }, true],
    [{ key: 'k', operator: 'Equal', value: '6' }, false],
    [{ key: 'k' }, false],
    [{ key: 'j', operator: 'Exists' }, false],
    [{ key: 'k', operator: 'Gt', value: '4' }, true],
    [{ key: 'k', operator: 'Gt', value: '5' }, false],
    [{ key: 'k', operator: 'Lt', value: '6' }, true],
    [{ key: 'k', operator: 'Lt', value: '-6' }, false],
    [{ key: 'k', operator: 'Gt', value: '04' }, false],
    [{ key: 'k', operator: 'Gt', value: '' }, false],
    [{ key: 'k', operator: 'Gt', value: '-99999999999999999999' }, true],
    [{ key: 'k', operator: 'Is', value: '5' } as Toleration, false],
  ])('is tolerated by %j: %s', (toleration, tolerated) => expect(isTolerated(taint, [toleration])).toBe(tolerated));

  test('is tolerated where one of several does', () => {
    expect(
      isTolerated(taint, [
        { key: 'j', operator: 'Exists' },
        { key: 'k', operator: 'Exists' },
      ]),
    ).toBe(true);
    expect(isTolerated(taint, [])).toBe(false);
    expect(isTolerated({ key: 'k', effect: 'NoSchedule' }, [{ key: 'k', value: '' }])).toBe(true);
  });

  test('is shown as upstream shows it', () => {
    expect([describeTaint(taint), describeTaint({ key: 'k', effect: 'x' })]).toEqual(['{k: 5}', '{k: }']);
  });
});
