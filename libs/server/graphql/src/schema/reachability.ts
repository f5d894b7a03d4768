import type {
  ReachabilityEnd,
  ReachabilityPath,
  ReachabilityReviewStatus,
  ReachabilityRule,
  ReachabilitySide,
} from '@binnacle/apis-kubernetes/reachability/v1';
import { newInternalError } from '@binnacle/machinery-meta';
import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
} from 'graphql';
import { costs } from '../cost/field-cost.js';
import { parsing, POINTS } from '../cost/limits.js';
import type { GraphqlRequest, ReachabilityReading } from '../request.js';

const text = { type: GraphQLString };
const required = { type: new GraphQLNonNull(GraphQLString) };
const flag = { type: new GraphQLNonNull(GraphQLBoolean) };
const listOf = <T extends GraphQLOutputType>(type: T) => new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)));

const rule = new GraphQLObjectType<ReachabilityRule>({
  name: 'ReachabilityRule',
  description: 'A rule of a policy that allows a connection.',
  fields: { policy: required, index: { type: new GraphQLNonNull(GraphQLInt) } },
});

const side = new GraphQLObjectType<ReachabilitySide>({
  name: 'ReachabilitySide',
  description: 'What one end says to a connection, and which policies of its namespace select it.',
  fields: {
    allowed: flag,
    reason: required,
    message: required,
    policies: { type: listOf(GraphQLString) },
    more: { type: GraphQLInt, description: 'How many other policies select it, where not all are named.' },
    rule: { type: rule },
  },
});
const aSide = { type: new GraphQLNonNull(side) };

const path = new GraphQLObjectType<ReachabilityPath>({
  name: 'ReachabilityPath',
  description: 'One connection that may be made: of a Service to one of its endpoints.',
  fields: {
    namespace: text,
    pod: text,
    ip: required,
    port: { type: new GraphQLNonNull(GraphQLInt) },
    allowed: flag,
    egress: aSide,
    ingress: aSide,
  },
});

const answer = new GraphQLObjectType<ReachabilityReviewStatus>({
  name: 'Reachability',
  description: 'Whether network policies let one reach another, and which of them say so.',
  fields: {
    allowed: flag,
    partly: { type: new GraphQLNonNull(GraphQLBoolean), resolve: ({ partly = false }) => partly },
    message: required,
    egress: { type: side },
    ingress: { type: side },
    paths: { type: listOf(path) },
    incomplete: flag,
  },
});

const label = new GraphQLInputObjectType({
  name: 'ReachabilityLabel',
  fields: { key: required, value: required },
});

const end = new GraphQLInputObjectType({
  name: 'ReachabilityEnd',
  description: 'Somebody at one end: by namespace and one of pod, service and labels, or by ip alone.',
  fields: {
    namespace: text,
    pod: text,
    service: text,
    labels: { type: new GraphQLList(new GraphQLNonNull(label)) },
    ip: text,
  },
});

type Given<T> = { readonly [K in keyof T]?: T[K] | null };

interface EndArguments extends Given<Omit<ReachabilityEnd, 'labels'>> {
  readonly labels?: ReadonlyArray<{ readonly key: string; readonly value: string }> | null;
}

interface Arguments {
  readonly from: EndArguments;
  readonly to: EndArguments;
  readonly port: number;
  readonly protocol?: string | null;
}

/** What was left out is not asked about. */
function endOf({ labels, ...names }: EndArguments): ReachabilityEnd {
  const said = Object.fromEntries(Object.entries(names).filter(([, value]) => value));
  return { ...said, ...(labels && { labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])) }) };
}

/** What is read is decoded, compiled, compared and decided by. */
const PASSES = 4;

const anEnd = { type: new GraphQLNonNull(end) };

export const reachabilityField: GraphQLFieldConfig<undefined, GraphqlRequest, Arguments> = {
  type: new GraphQLNonNull(answer),
  description:
    'Whether network policies let one reach another, to who may see both. Of policies that you may not list, and of Pods of a Service that you may not get, no more is told.',
  args: { from: anEnd, to: anEnd, port: { type: new GraphQLNonNull(GraphQLInt) }, protocol: text },
  extensions: costs({ kind: 'search' }),
  resolve: (_, { from, to, port, protocol }, { ctx, reachability, budget }) => {
    budget.charge(POINTS.search);
    if (!reachability) throw newInternalError('nobody knows who reaches whom');
    const spec = { from: endOf(from), to: endOf(to), port, ...(protocol && { protocol }) };
    const onRead = ({ rows, bytes }: ReachabilityReading) => budget.charge(rows * POINTS.row + parsing(bytes) * PASSES);
    return reachability(ctx, spec, onRead);
  },
};
