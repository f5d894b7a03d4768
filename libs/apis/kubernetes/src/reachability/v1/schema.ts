import { type DefinitionSchema, type FieldType, own, schemaTable } from '@binnacle/apis-schema';
import { builtinSchemas } from '../../schemas/builtin-schemas.js';

const PACKAGE = 'dev.binnacle.networking.v1';
export const REACHABILITY_REVIEW = `${PACKAGE}.ReachabilityReview`;
const SPEC = `${REACHABILITY_REVIEW}Spec`;
const STATUS = `${REACHABILITY_REVIEW}Status`;
const END = `${PACKAGE}.ReachabilityEnd`;
const PATH = `${PACKAGE}.ReachabilityPath`;
const SIDE = `${PACKAGE}.ReachabilitySide`;
const RULE = `${PACKAGE}.ReachabilityRule`;

const TEXTS: Readonly<Record<string, string>> = {
  [REACHABILITY_REVIEW]:
    'ReachabilityReview asks whether network policies let one reach another, and which of them say so. It is only asked, and never kept.',
  [SPEC]: 'ReachabilityReviewSpec says who is to reach whom.',
  [STATUS]: 'ReachabilityReviewStatus is the answer.',
  [END]: 'ReachabilityEnd is somebody at one end: by namespace and one of pod, service and labels, or by ip alone.',
  [PATH]: 'ReachabilityPath is one connection that may be made.',
  [SIDE]: 'ReachabilitySide is what one end says to a connection.',
  [RULE]: 'ReachabilityRule is a rule that allows a connection.',
  allowed: 'Allowed is true where policies let it through.',
  egress: 'Egress is what the end that dials says.',
  from: 'From is a Pod, Pods of some labels, or an address.',
  incomplete: 'Incomplete is true where there are more paths than are told.',
  index: 'Index of the rule among those of its direction in the policy.',
  ingress: 'Ingress is what the end that accepts says.',
  ip: 'IP is an address of the cluster or beyond.',
  labels: 'Labels of Pods that need not be there.',
  message: 'Message says it in words.',
  more: 'More is how many other policies select the Pod, where not all are named.',
  namespace: 'Namespace of the Pod, the Service or the labels.',
  partly: 'Partly is true where some of the paths are allowed.',
  paths: 'Paths that a connection may take: one, or to each endpoint of a Service.',
  pod: 'Pod is the name of a Pod.',
  policies: 'Policies that select the Pod in this direction, the first 100 by name. They are of its namespace.',
  policy: 'Policy is the name of the policy.',
  port: 'Port that is dialled; of a path the one where it ends.',
  protocol: 'Protocol is TCP, UDP or SCTP; TCP where it is not said.',
  reason:
    'Reason is Outside (no Pod), HostNetwork, Itself, OwnNode, NotIsolated (no policy selects it), Rule (one allows it), NoRule (policies select it, and none of their rules allows it) or Withheld (you may not see what says so).',
  rule: 'Rule that allows it.',
  service: 'Service is the name of a Service.',
  spec: 'Spec says who is to reach whom.',
  status: 'Status is filled in by the server.',
  to: 'To is a Pod, a Service or an address.',
};

const { text, number, flag, object, listOf } = own;
const labels: FieldType = { kind: 'map', of: text };

const VALUES = {
  reason: ['Outside', 'HostNetwork', 'Itself', 'OwnNode', 'NotIsolated', 'Rule', 'NoRule', 'Withheld'],
};
const structure = own.structuresWith(VALUES);

const sides = { egress: object(SIDE), ingress: object(SIDE) };

const definitions: readonly DefinitionSchema[] = [
  {
    ...structure(REACHABILITY_REVIEW, {
      'apiVersion?': text,
      'kind?': text,
      'metadata?': object('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'),
      spec: object(SPEC),
      'status?': object(STATUS),
    }),
    gvk: { group: 'networking.binnacle.dev', version: 'v1', kind: 'ReachabilityReview' },
  },
  structure(SPEC, { from: object(END), to: object(END), port: number, 'protocol?': text }),
  structure(END, { 'namespace?': text, 'pod?': text, 'service?': text, 'labels?': labels, 'ip?': text }),
  structure(STATUS, {
    allowed: flag,
    'partly?': flag,
    message: text,
    'egress?': object(SIDE),
    'ingress?': object(SIDE),
    paths: listOf(object(PATH)),
    incomplete: flag,
  }),
  structure(PATH, { 'namespace?': text, 'pod?': text, ip: text, port: number, allowed: flag, ...sides }),
  structure(SIDE, {
    allowed: flag,
    reason: text,
    message: text,
    policies: listOf(text),
    'more?': number,
    'rule?': object(RULE),
  }),
  structure(RULE, { policy: text, index: number }),
];

/** The structure of the question and its answer, on top of Kubernetes' own. */
export const reachabilitySchemas = schemaTable('reachability', definitions, builtinSchemas, (name, field) =>
  field === undefined ? TEXTS[name] : name.startsWith(PACKAGE) ? TEXTS[field] : undefined,
);
