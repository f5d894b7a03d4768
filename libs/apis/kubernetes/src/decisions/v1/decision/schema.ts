import { type DefinitionSchema, type FieldType, ownFields, schemaTable } from '@binnacle/apis-schema';
import { builtinSchemas } from '../../../schemas/builtin-schemas.js';
import { DECISION_RESULTS } from '../../record/index.js';
import { TEXTS } from './texts.js';

const PACKAGE = 'dev.binnacle.scheduling.v1';
export const DECISION = `${PACKAGE}.Decision`;
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const GROUP = { group: 'scheduling.binnacle.dev', version: 'v1' };

const text: FieldType = { kind: 'scalar', scalar: 'string' };
const number: FieldType = { kind: 'scalar', scalar: 'int64' };
const double: FieldType = { kind: 'scalar', scalar: 'double' };
const flag: FieldType = { kind: 'scalar', scalar: 'bool' };
const time: FieldType = { kind: 'scalar', scalar: 'time' };
const part = (name: string): FieldType => ({ kind: 'object', name: `${DECISION}${name}` });
const list = (of: FieldType): FieldType => ({ kind: 'list', of, wrapped: false });

const VALUES = { result: DECISION_RESULTS };
const fieldsOf = (types: Readonly<Record<string, FieldType>>) => ownFields(types, VALUES);

const head = { 'apiVersion?': text, 'kind?': text, 'metadata?': { kind: 'object', name: META } } as const;

const PARTS: Readonly<Record<string, Readonly<Record<string, FieldType>>>> = {
  Spec: {
    podName: text,
    podUID: text,
    schedulerName: text,
    attempt: number,
    queuedTime: time,
    queuedBy: text,
    'queuedByObject?': text,
    revision: number,
  },
  Status: {
    result: text,
    'nodeName?': text,
    'message?': text,
    time,
    durationMicroseconds: number,
    nodes: number,
    feasibleNodes: number,
    rejections: list(part('Rejection')),
    'moreRejections?': number,
    bestNodes: list(part('NodeScore')),
    'preemption?': part('Preemption'),
    nodeDetail: flag,
  },
  Rejection: { plugin: text, reason: text, nodes: number, exampleNodes: list(text), 'unresolvable?': flag },
  NodeScore: { node: text, total: double, plugins: list(part('PluginScore')) },
  PluginScore: { plugin: text, raw: double, score: double, weight: double, weighted: double },
  Preemption: { 'node?': text, victims: list(part('Victim')), 'moreVictims?': number, 'message?': text },
  Victim: { namespace: text, name: text, 'priority?': number },
  Refusal: { plugin: text, reasons: list(text), unresolvable: flag },
  Column: { plugin: text, weight: double, raw: list(double), scores: list(double) },
};

const definitions: readonly DefinitionSchema[] = [
  {
    name: DECISION,
    freeForm: false,
    gvk: { ...GROUP, kind: 'Decision' },
    fields: fieldsOf({ ...head, 'spec?': part('Spec'), 'status?': part('Status') }),
  },
  {
    name: `${DECISION}Nodes`,
    freeForm: false,
    gvk: { ...GROUP, kind: 'DecisionNodes' },
    fields: fieldsOf({
      ...head,
      names: list(text),
      refusals: list(part('Refusal')),
      verdicts: list(number),
      columns: list(part('Column')),
    }),
  },
  ...Object.entries(PARTS).map(([name, types]) => ({
    name: `${DECISION}${name}`,
    freeForm: false,
    fields: fieldsOf(types),
  })),
];

/** The structure of Decisions, on top of Kubernetes' own. */
export const decisionSchemas = schemaTable('decisions', definitions, builtinSchemas, (name, field) => {
  if (!name.startsWith(PACKAGE)) return undefined;
  const kind = name.slice(DECISION.length);
  return field === undefined ? TEXTS[kind]?.[''] : TEXTS[kind]?.[field];
});
