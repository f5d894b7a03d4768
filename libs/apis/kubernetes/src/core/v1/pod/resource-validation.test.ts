import { fieldPath } from '@binnacle/machinery-validation';
import { describe, expect, it } from 'vitest';
import { validateAmount, validateContainerResourceName, validatePodResourceName } from './resource-validation.js';

const path = fieldPath('x');
const messages = (errors: readonly { message: string }[]): string[] => errors.map(({ message }) => message);

describe('an amount', () => {
  it.each<[reason: string, resource: string, amount: string | number, expected: string[]]>([
    ['may be nothing', 'cpu', 0, []],
    ['may be a fraction', 'cpu', '0.5', []],
    ['is not negative', 'cpu', '-1', ['Invalid value: "-1": must be greater than or equal to 0']],
    ['of Pods is whole', 'pods', '1500m', ['Invalid value: "1500m": must be an integer']],
    ['of devices is whole', 'example.com/gpu', '1.5', ['Invalid value: "1.5": must be an integer']],
    ['is a quantity', 'cpu', 'lots', [expect.stringContaining('quantities must match the regular expression')]],
  ])('%s', (_reason, resource, amount, expected) => {
    expect(messages(validateAmount(resource, amount, path))).toEqual(expected);
  });
});

describe('the name of a resource', () => {
  it.each([
    ['cpu', []],
    ['hugepages-2Mi', []],
    ['example.com/gpu', []],
    ['storage', ['Invalid value: "storage": must be a standard resource for containers']],
    ['requests.example.com/gpu', [expect.stringContaining("doesn't follow extended resource name standard")]],
  ])('%s for a container', (name, expected) => {
    expect(messages(validateContainerResourceName(name, path))).toEqual(expected);
  });

  it.each([
    ['memory', []],
    ['hugepages-1Gi', []],
    ['ephemeral-storage', ['Unsupported value: "ephemeral-storage": supported values: "cpu", "memory"']],
  ])('%s for a Pod', (name, expected) => {
    expect(messages(validatePodResourceName(name, path))).toEqual(expected);
  });
});
