import type { MetricSpec, MetricStatus, MetricTarget } from '../../v2/index.js';

type Fields = Record<string, unknown>;

/** A field of version 1, where it stands in version 2, and whether version 1 cannot leave an amount out. */
interface Field {
  readonly name: string;
  readonly path: readonly string[];
  readonly amount?: boolean;
}

type Source = Exclude<keyof MetricSpec, 'type'>;
type FieldsBySource = Readonly<Record<Source, readonly Field[]>>;

const field = (name: string, ...path: string[]): Field => ({ name, path });
const amount = (name: string, ...path: string[]): Field => ({ name, path, amount: true });
const metricName = field('metricName', 'metric', 'name');
const selector = field('selector', 'metric', 'selector');

/** In the order in which upstream writes them. */
const SPEC: FieldsBySource = {
  object: [
    field('target', 'describedObject'),
    metricName,
    amount('targetValue', 'target', 'value'),
    selector,
    field('averageValue', 'target', 'averageValue'),
  ],
  pods: [metricName, amount('targetAverageValue', 'target', 'averageValue'), selector],
  resource: [
    field('name', 'name'),
    field('targetAverageUtilization', 'target', 'averageUtilization'),
    field('targetAverageValue', 'target', 'averageValue'),
  ],
  containerResource: [
    field('name', 'name'),
    field('targetAverageUtilization', 'target', 'averageUtilization'),
    field('targetAverageValue', 'target', 'averageValue'),
    field('container', 'container'),
  ],
  external: [
    metricName,
    field('metricSelector', 'metric', 'selector'),
    field('targetValue', 'target', 'value'),
    field('targetAverageValue', 'target', 'averageValue'),
  ],
};

const STATUS: FieldsBySource = {
  object: [
    field('target', 'describedObject'),
    metricName,
    amount('currentValue', 'current', 'value'),
    selector,
    field('averageValue', 'current', 'averageValue'),
  ],
  pods: [metricName, amount('currentAverageValue', 'current', 'averageValue'), selector],
  resource: [
    field('name', 'name'),
    field('currentAverageUtilization', 'current', 'averageUtilization'),
    amount('currentAverageValue', 'current', 'averageValue'),
  ],
  containerResource: [
    field('name', 'name'),
    field('currentAverageUtilization', 'current', 'averageUtilization'),
    amount('currentAverageValue', 'current', 'averageValue'),
    field('container', 'container'),
  ],
  external: [
    metricName,
    field('metricSelector', 'metric', 'selector'),
    amount('currentValue', 'current', 'value'),
    field('currentAverageValue', 'current', 'averageValue'),
  ],
};

const SOURCES = Object.keys(SPEC) as Source[];

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function valueAt(source: Fields, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isFields(value) ? value[name] : undefined), source);
}

function put(source: Fields, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) source[name] = value;
  else {
    const inner = isFields(source[name]) ? source[name] : {};
    put(inner, rest, value);
    source[name] = inner;
  }
}

function sourceToV1(source: Fields, fields: readonly Field[]): Fields {
  const pairs = fields.map(({ name, path, amount: always }) => [
    name,
    valueAt(source, path) ?? (always ? '0' : undefined),
  ]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function sourceFromV1(source: Fields, fields: readonly Field[]): Fields {
  const made: Fields = {};
  for (const { name, path } of fields) {
    const value = source[name];
    if (value !== undefined && value !== null) put(made, path, value);
  }
  return made;
}

type Convert = (source: Fields, fields: readonly Field[], of: Source) => Fields;

function convert(metric: object, fields: FieldsBySource, one: Convert): Fields {
  const { type, ...sources } = metric as Fields;
  const present = SOURCES.filter((source) => isFields(sources[source]));
  const pairs = present.map((source) => [source, one(sources[source] as Fields, fields[source], source)]);
  return { type, ...Object.fromEntries(pairs) };
}

/** Which of its measures counts, which version 1 does not say. */
function targetType(source: Source, { value, averageValue, averageUtilization }: Partial<MetricTarget>): string {
  switch (source) {
    case 'object':
      return averageValue === undefined ? 'Value' : 'AverageValue';
    case 'external':
      return value === undefined ? 'AverageValue' : 'Value';
    default:
      return averageUtilization === undefined ? 'AverageValue' : 'Utilization';
  }
}

const specFromV1: Convert = (source, fields, of) => {
  const made = sourceFromV1(source, fields);
  const target = { ...(made.target as Partial<MetricTarget> | undefined) };
  // A value of nothing beside a mean is only there because version 1 cannot leave it out.
  if (of === 'object' && target.averageValue !== undefined && target.value === '0') delete target.value;
  return { ...made, target: { type: targetType(of, target), ...target } };
};

export const metricToV1 = (metric: MetricSpec): Fields => convert(metric, SPEC, sourceToV1);
export const metricFromV1 = (metric: Fields): MetricSpec => convert(metric, SPEC, specFromV1) as unknown as MetricSpec;
export const statusToV1 = (status: MetricStatus): Fields => convert(status, STATUS, sourceToV1);
export const statusFromV1 = (status: Fields): MetricStatus =>
  convert(status, STATUS, (source, fields) => ({
    current: {},
    ...sourceFromV1(source, fields),
  })) as unknown as MetricStatus;
