import { type DefinitionSchema, type FieldType, own, ownFields, schemaTable } from '@binnacle/apis-schema';
import { builtinSchemas } from '../../schemas/builtin-schemas.js';

const PACKAGE = 'io.k8s.metrics.pkg.apis.metrics.v1beta1';
export const NODE_METRICS = `${PACKAGE}.NodeMetrics`;
export const POD_METRICS = `${PACKAGE}.PodMetrics`;
const CONTAINER_METRICS = `${PACKAGE}.ContainerMetrics`;
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const GROUP = { group: 'metrics.k8s.io', version: 'v1beta1' };

const TEXTS: Readonly<Record<string, string>> = {
  [NODE_METRICS]: 'NodeMetrics says what a Node uses now. It is measured when it is asked for.',
  [POD_METRICS]: 'PodMetrics says what the containers of a Pod use now. It is measured when it is asked for.',
  [CONTAINER_METRICS]: 'ContainerMetrics says what a container uses.',
  containers: 'Containers that run.',
  name: 'Name of the container.',
  timestamp: 'Timestamp of the end of the time over which was measured.',
  usage: 'Usage of cpu and memory.',
  window: 'Window is the time over which was measured.',
};

const { text, time, quantity, object } = own;
const usage: FieldType = { kind: 'map', of: quantity };

const head = { 'apiVersion?': text, 'kind?': text, 'metadata?': object(META), timestamp: time, window: text };

const definitions: readonly DefinitionSchema[] = [
  {
    name: NODE_METRICS,
    freeForm: false,
    gvk: { ...GROUP, kind: 'NodeMetrics' },
    fields: ownFields({ ...head, usage }),
  },
  {
    name: POD_METRICS,
    freeForm: false,
    gvk: { ...GROUP, kind: 'PodMetrics' },
    fields: ownFields({ ...head, containers: own.listOf(object(CONTAINER_METRICS)) }),
  },
  { name: CONTAINER_METRICS, freeForm: false, fields: ownFields({ name: text, usage }) },
];

/** The structure of metrics, on top of Kubernetes' own. */
export const metricsSchemas = schemaTable('metrics', definitions, builtinSchemas, (name, field) =>
  field === undefined ? TEXTS[name] : name.startsWith(PACKAGE) ? TEXTS[field] : undefined,
);
