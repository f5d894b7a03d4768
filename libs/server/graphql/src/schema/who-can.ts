import type { WhoCanGrant, WhoCanStatus, WhoCanSubject } from '@binnacle/apis-kubernetes/who-can/v1';
import { newInternalError } from '@binnacle/machinery-meta';
import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
} from 'graphql';
import { costs } from '../cost/field-cost.js';
import { POINTS } from '../cost/limits.js';
import type { GraphqlRequest } from '../request.js';

const text = { type: GraphQLString };
const required = { type: new GraphQLNonNull(GraphQLString) };
const listOf = <T extends GraphQLObjectType>(type: T) => new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)));

const grant = new GraphQLObjectType<WhoCanGrant>({
  name: 'WhoCanGrant',
  description: 'A binding, and the role it gives.',
  fields: { kind: required, name: required, namespace: text, roleKind: required, roleName: required },
});

const subject = new GraphQLObjectType<WhoCanSubject>({
  name: 'WhoCanSubject',
  description: 'Somebody, and by which bindings they may.',
  fields: { apiGroup: text, kind: required, name: required, namespace: text, by: { type: listOf(grant) } },
});

const answer = new GraphQLObjectType<WhoCanStatus>({
  name: 'WhoCan',
  description: 'Who may do something, and who could give the right to, as far as you may list bindings.',
  fields: {
    subjects: { type: listOf(subject) },
    couldGrant: { type: listOf(subject) },
    incomplete: { type: new GraphQLNonNull(GraphQLBoolean) },
    evaluationError: text,
  },
});

interface Arguments {
  readonly verb: string;
  readonly group?: string | null;
  readonly resource?: string | null;
  readonly subresource?: string | null;
  readonly namespace?: string | null;
  readonly name?: string | null;
  readonly path?: string | null;
}

/** What was left out is not asked about. */
function specOf({ verb, path, group, resource, subresource, namespace, name }: Arguments) {
  if (path) return { nonResourceAttributes: { verb, path } };
  const given = { group, resource, subresource, namespace, name };
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  return { resourceAttributes: { verb, ...said } };
}

export const whoCanField: GraphQLFieldConfig<undefined, GraphqlRequest, Arguments> = {
  type: new GraphQLNonNull(answer),
  description: 'Who may do something to objects, or to a path.',
  args: { verb: required, group: text, resource: text, subresource: text, namespace: text, name: text, path: text },
  extensions: costs({ kind: 'read' }),
  resolve: (_, args, { ctx, whoCan, budget }) => {
    budget.charge(POINTS.read);
    if (!whoCan) throw newInternalError('nobody knows who may do what');
    return whoCan(ctx, specOf(args));
  },
};
