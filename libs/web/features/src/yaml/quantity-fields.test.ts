import type { YamlField } from '@binnacle/machinery-yaml';
import { expect, test } from 'vitest';
import { isQuantity } from './quantity-fields.js';

const field = (path: (string | number)[], text: string, type = 'string') =>
  ({ path, text, type }) as unknown as YamlField;
const limits = ['spec', 'containers', 0, 'resources', 'limits'];

test.each([
  [field([...limits, 'memory'], '64Mi'), true],
  [field([...limits, 'memory'], '64 MB'), false],
  [field([...limits, 'cpu'], '0.5', 'number'), true],
  [field(['spec', 'volumes', 0, 'emptyDir', 'sizeLimit'], 'lots'), false],
  [field(['metadata', 'labels', 'size'], 'lots'), true],
  [field(limits, '', 'map'), true],
  [field(['spec', 'containers', 0, 'image'], '64 MB'), true],
])('%j stands where it may: %s', (given, right) => {
  expect(isQuantity(given)).toBe(right);
});
