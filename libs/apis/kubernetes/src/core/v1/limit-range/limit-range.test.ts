import { rehearseCreate } from '@binnacle/apis-registry';
import { describe, expect, it } from 'vitest';
import type { LimitRange, LimitRangeItem } from '../index.js';
import { limitRanges } from './definition.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);
const range = (...limits: LimitRangeItem[]): LimitRange => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'l', namespace: 'default' },
  spec: { limits },
});
const made = (...limits: LimitRangeItem[]) => rehearseCreate(limitRanges, range(...limits));
const errorsOf = (...limits: LimitRangeItem[]) => texts(made(...limits).errors);

describe('limits of containers', () => {
  it('that are not said are the most, and requests the limits or else the least', () => {
    const { object } = made({ type: 'Container', max: { cpu: '2' }, min: { cpu: '1', memory: '1Mi' } });
    expect(object.spec?.limits[0]).toMatchObject({
      default: { cpu: '2' },
      defaultRequest: { cpu: '2', memory: '1Mi' },
    });
  });

  it('keep what is said', () => {
    const { object } = made({
      type: 'Container',
      max: { cpu: '3' },
      default: { cpu: '2' },
      defaultRequest: { cpu: '1' },
    });
    expect(object.spec?.limits[0]).toMatchObject({ default: { cpu: '2' }, defaultRequest: { cpu: '1' } });
  });

  it('are of Containers only', () => {
    expect(made({ type: 'Pod', max: { cpu: '2' } }).object.spec?.limits[0]).toEqual({ type: 'Pod', max: { cpu: '2' } });
  });
});

describe('a LimitRange', () => {
  it.each<[string, LimitRangeItem[]]>([
    ['nothing', []],
    ['Pods', [{ type: 'Pod', max: { cpu: '2' }, min: { cpu: '1' }, maxLimitRequestRatio: { cpu: '2' } }]],
    ['containers', [{ type: 'Container', max: { cpu: '2' }, default: { cpu: '1' }, defaultRequest: { cpu: '500m' } }]],
    ['claims', [{ type: 'PersistentVolumeClaim', max: { storage: '10Gi' }, min: { storage: '1Gi' } }]],
    ['what others know', [{ type: 'example.com/widgets', max: { 'requests.cpu': '1' } }]],
    ['several', [{ type: 'Pod' }, { type: 'Container' }]],
  ])('may limit %s', (_what, limits) => {
    expect(errorsOf(...limits)).toEqual([]);
  });

  it.each<[string, LimitRangeItem, string, string]>([
    ['types nobody knows', { type: 'Widget' }, 'type', 'must be a standard limit type or fully qualified'],
    [
      'types that are no names',
      { type: 'a b/c' },
      'type',
      'prefix part a lowercase RFC 1123 subdomain must consist of',
    ],
    [
      'claims without bounds',
      { type: 'PersistentVolumeClaim', default: { storage: '1Gi' } },
      'limits',
      'either minimum or maximum storage value is required, but neither was provided',
    ],
    ['Pods by default', { type: 'Pod', default: { cpu: '1' } }, 'default', "may not be specified when `type` is 'Pod'"],
    ['requests of Pods', { type: 'Pod', defaultRequest: { cpu: '1' } }, 'defaultRequest', 'may not be specified when'],
    [
      'storage of Pods',
      { type: 'Pod', max: { storage: '1' } },
      'max[storage]',
      'must be a standard resource for containers',
    ],
    [
      'ratios below one',
      { type: 'Pod', maxLimitRequestRatio: { cpu: '0.5' } },
      'maxLimitRequestRatio[cpu]',
      'is less than 1',
    ],
    [
      'by ratios that the bounds exclude',
      { type: 'Pod', min: { cpu: '1' }, max: { cpu: '2' }, maxLimitRequestRatio: { cpu: '3' } },
      'maxLimitRequestRatio[cpu]',
      'ratio 3 is greater than max/min = 2.000000',
    ],
    [
      'what cannot be overcommitted',
      { type: 'Container', default: { 'example.com/gpu': '2' }, defaultRequest: { 'example.com/gpu': '1' } },
      'defaultRequest[example.com/gpu]',
      'default value 2 must equal to defaultRequest value 1 in example.com/gpu',
    ],
  ])('may not limit %s', (_what, item, field, why) => {
    expect(errorsOf(item)).toEqual([expect.stringContaining(`spec.limits[0].${field}: `)]);
    expect(errorsOf(item)[0]).toContain(why);
  });

  it.each<[Partial<LimitRangeItem>, string]>([
    [{ min: { cpu: '3' }, max: { cpu: '2' } }, 'min[cpu]: Invalid value: "3": min value 3 is greater than max value 2'],
    [
      { min: { cpu: '2' }, max: { cpu: '9' }, defaultRequest: { cpu: '1' } },
      'defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1',
    ],
    [
      { max: { cpu: '1' }, default: { cpu: '1' }, defaultRequest: { cpu: '2' } },
      'defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than max value 1',
    ],
    [
      { default: { cpu: '1' }, defaultRequest: { cpu: '2' } },
      'defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than default limit value 1',
    ],
    [
      { min: { cpu: '2' }, default: { cpu: '1' } },
      'default[cpu]: Invalid value: "2": min value 2 is greater than default value 1',
    ],
    [
      { max: { cpu: '1' }, default: { cpu: '2' } },
      'default[cpu]: Invalid value: "1": default value 2 is greater than max value 1',
    ],
  ])('refuses %j', (bounds, expected) => {
    expect(errorsOf({ type: 'Container', ...bounds })).toContain(`spec.limits[0].${expected}`);
  });

  it('says each type once', () => {
    expect(errorsOf({ type: 'Pod' }, { type: 'Pod' })).toEqual(['spec.limits[1].type: Duplicate value: "Pod"']);
  });

  it('does not look at whether amounts are below nothing, as upstream', () => {
    expect(errorsOf({ type: 'Pod', min: { cpu: '-1' } })).toEqual([]);
  });
});
