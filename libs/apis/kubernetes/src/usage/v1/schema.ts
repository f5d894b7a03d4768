import { type DefinitionSchema, type FieldType, own, schemaTable } from '@binnacle/apis-schema';
import { builtinSchemas } from '../../schemas/builtin-schemas.js';

const PACKAGE = 'dev.binnacle.usage.v1';
export const NODE_USAGE = `${PACKAGE}.NodeUsage`;
export const POD_USAGE = `${PACKAGE}.PodUsage`;
export const WORKLOAD_USAGE = `${PACKAGE}.WorkloadUsage`;
const SERIES = `${PACKAGE}.UsageSeries`;
const WORKLOAD = `${PACKAGE}.UsageWorkload`;
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const GROUP = { group: 'usage.binnacle.dev', version: 'v1' };

const TEXTS: Readonly<Record<string, string>> = {
  [NODE_USAGE]: 'NodeUsage says what a Node has used within the last hour. It is measured and cannot be written.',
  [POD_USAGE]: 'PodUsage says what a Pod has used within the last hour. It is measured and cannot be written.',
  [WORKLOAD_USAGE]:
    'WorkloadUsage says what the Pods of a workload have used together within the last hour. It is measured and cannot be written.',
  [SERIES]: 'UsageSeries has one entry in each of its lists for each step in which was measured, the oldest first.',
  [WORKLOAD]: 'UsageWorkload names a workload.',
  apiVersion: 'APIVersion of the workload.',
  kind: 'Kind of the workload.',
  name: 'Name of the workload.',
  pods: 'Pods that use it: now, or in each step of a series.',
  series: 'Series of what was used over time.',
  step: 'Step is how long each step of the series is, such as 60s.',
  times: 'Times at which the steps begin, in seconds since the epoch.',
  timestamp: 'Timestamp of the last time it was measured.',
  usage: 'Usage of cpu and memory now; absent where it is not measured any more.',
  usageNanoCores: 'UsageNanoCores are means, in billionths of a core.',
  window: 'Window is how far back the series goes, such as 15m.',
  workingSetBytes: 'WorkingSetBytes are means, in bytes.',
  workload: 'Workload whose Pods are meant.',
};

const { text, time, number, object } = own;
const numbers = own.listOf(number);
const usage: FieldType = { kind: 'map', of: own.quantity };

const structure = own.structuresWith();

const head = { 'apiVersion?': text, 'kind?': text, 'metadata?': object(META) };
const measured = { window: text, step: text, timestamp: time, 'usage?': usage, series: object(SERIES) };

const definitions: readonly DefinitionSchema[] = [
  { ...structure(NODE_USAGE, { ...head, ...measured }), gvk: { ...GROUP, kind: 'NodeUsage' } },
  { ...structure(POD_USAGE, { ...head, ...measured }), gvk: { ...GROUP, kind: 'PodUsage' } },
  {
    ...structure(WORKLOAD_USAGE, { ...head, ...measured, workload: object(WORKLOAD), pods: number }),
    gvk: { ...GROUP, kind: 'WorkloadUsage' },
  },
  structure(SERIES, { times: numbers, usageNanoCores: numbers, workingSetBytes: numbers, 'pods?': numbers }),
  structure(WORKLOAD, { apiVersion: text, kind: text, name: text }),
];

/** The structure of what was used, on top of Kubernetes' own. */
export const usageSchemas = schemaTable('usage', definitions, builtinSchemas, (name, field) =>
  field === undefined ? TEXTS[name] : name.startsWith(PACKAGE) ? TEXTS[field] : undefined,
);
