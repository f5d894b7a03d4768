import { CATCH_ALL, type FlowSchema } from '@binnacle/apis-kubernetes/flowcontrol/v1';
import type { FlowRequest, FlowUser } from '../types.js';
import { matchesFlowSchema } from './rules.js';

/** A client asks the same few things again and again; who asks ever new ones is looked up anew. */
const REMEMBERED = 500;

function keyOf({ cluster, verb, resource, path = '' }: FlowRequest): string {
  if (!resource) return `${verb} ${path}`;
  const { group, resource: plural, subresource, namespace } = resource;
  return `${cluster} ${verb} ${group}/${plural}/${subresource} ${namespace}`;
}

function inOrder(a: FlowSchema, b: FlowSchema): number {
  const difference = (a.spec?.matchingPrecedence ?? 0) - (b.spec?.matchingPrecedence ?? 0);
  if (difference !== 0) return difference;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}

/** Finds the schema of a request under one configuration, and remembers it for whoever asks. */
export class Classifier<T> {
  private readonly schemas: readonly FlowSchema[];
  private readonly fallback: T;
  private readonly known = new WeakMap<FlowUser, Map<string, T>>();

  /** `make` says what is made of the schema found; one of the schemas is the catch-all. */
  constructor(
    schemas: readonly FlowSchema[],
    private readonly make: (schema: FlowSchema, request: FlowRequest) => T,
  ) {
    this.schemas = [...schemas].sort(inOrder);
    const fallback = this.schemas.find(({ metadata }) => metadata.name === CATCH_ALL);
    if (!fallback) throw new Error(`there is no FlowSchema ${CATCH_ALL}`);
    this.fallback = make(fallback, { user: { name: '', groups: [] }, cluster: '', verb: '' });
  }

  classify(request: FlowRequest): T {
    let answers = this.known.get(request.user);
    if (!answers) this.known.set(request.user, (answers = new Map()));
    const key = keyOf(request);
    const known = answers.get(key);
    if (known) return known;
    if (answers.size >= REMEMBERED) answers.clear();
    const found = this.find(request);
    answers.set(key, found);
    return found;
  }

  private find(request: FlowRequest): T {
    const schema = this.schemas.find((candidate) => matchesFlowSchema(request, candidate));
    return schema ? this.make(schema, request) : this.fallback;
  }
}
