import {
  type FieldError,
  type FieldPath,
  forbidden,
  isDns1123Label,
  isPathSegmentName,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { wellFormed, validateSupported } from '@binnacle/apis-registry';
import { validateContainerResourceName } from '../../../core/v1/pod/resource-validation.js';
import type { MetricIdentifier, MetricSpec } from '../index.js';
import { validateReference, type VersionRule } from './reference-validation.js';
import { has, validateOneMeasure, validateOneValue, validateTarget } from './target-validation.js';

type Sources = Omit<MetricSpec, 'type'>;
type Source = keyof Sources;

/** The field of each type, in the order in which they are looked at. */
const FIELDS: readonly (readonly [type: string, source: Source])[] = [
  ['Object', 'object'],
  ['External', 'external'],
  ['Pods', 'pods'],
  ['Resource', 'resource'],
  ['ContainerResource', 'containerResource'],
];
const TYPES = FIELDS.map(([type]) => type).sort();

function validateIdentifier(metric: MetricIdentifier | undefined, path: FieldPath): FieldError[] {
  const at = path.child('name');
  return metric?.name ? wellFormed(metric.name, at, isPathSegmentName) : [required(at, 'must specify a metric name')];
}

type Rules = {
  readonly [K in Source]: (source: NonNullable<Sources[K]>, at: FieldPath, rule: VersionRule) => FieldError[];
};

function validateContainer(
  { name, container }: NonNullable<Sources['containerResource']>,
  at: FieldPath,
): FieldError[] {
  const resource = name
    ? validateContainerResourceName(name, at.child('name'))
    : [required(at.child('name'), 'must specify a resource name')];
  const missing = required(at.child('container'), 'must specify a container');
  return [...resource, ...(container ? wellFormed(container, at.child('container'), isDns1123Label) : [missing])];
}

const RULES: Rules = {
  object: ({ describedObject, metric, target }, at, rule) => [
    ...validateReference(describedObject, at.child('describedObject'), rule),
    ...validateIdentifier(metric, at.child('metric')),
    ...validateTarget(target, at.child('target')),
    ...(has(target, 'value') || has(target, 'averageValue')
      ? []
      : [required(at.child('target', 'averageValue'), 'must set either a target value or averageValue')]),
  ],
  external: ({ metric, target }, at) => [
    ...validateIdentifier(metric, at.child('metric')),
    ...validateTarget(target, at.child('target')),
    ...validateOneValue(target, at.child('target')),
  ],
  pods: ({ metric, target }, at) => [
    ...validateIdentifier(metric, at.child('metric')),
    ...validateTarget(target, at.child('target')),
    ...(has(target, 'averageValue')
      ? []
      : [required(at.child('target', 'averageValue'), 'must specify a positive target averageValue')]),
  ],
  resource: ({ name, target }, at) => [
    ...(name ? [] : [required(at.child('name'), 'must specify a resource name')]),
    ...validateTarget(target, at.child('target')),
    ...validateOneMeasure(target, at.child('target')),
  ],
  containerResource: (source, at) => [
    ...validateContainer(source, at),
    ...validateTarget(source.target, at.child('target')),
    ...validateOneMeasure(source.target, at.child('target')),
  ],
};

function validateType(type: string, path: FieldPath): FieldError[] {
  const errors = type === '' ? [required(path, 'must specify a metric source type')] : [];
  return [...errors, ...validateSupported(type, path, TYPES)];
}

/** The source that the type says, and no other. An unknown type is told twice, as upstream does. */
function validateExpected(metric: MetricSpec, present: readonly Source[], path: FieldPath): FieldError[] {
  const expected = FIELDS.find(([type]) => type === metric.type)?.[1];
  const errors = expected ? [] : [notSupported(path.child('type'), metric.type ?? '', TYPES)];
  if (expected && !metric[expected])
    errors.push(required(path.child(expected), 'must populate information for the given metric source'));
  if (present.length === 1) return errors;
  const others = present.filter((source) => source !== expected);
  return [
    ...errors,
    ...others.map((source) => forbidden(path.child(source), 'must populate the given metric source only')),
  ];
}

/** Behaves as kubernetes validateMetricSpec: of several sources the first is looked at. */
export function validateMetric(metric: MetricSpec, path: FieldPath, rule: VersionRule): FieldError[] {
  const present = FIELDS.map(([, source]) => source).filter((source) => metric[source]);
  const [first] = present;
  const judge = first && (RULES[first] as (source: unknown, at: FieldPath, rule: VersionRule) => FieldError[]);
  return [
    ...validateType(metric.type ?? '', path.child('type')),
    ...(judge ? judge(metric[first as Source], path.child(first as Source), rule) : []),
    ...validateExpected(metric, present, path),
  ];
}
