import type { ResourceDefinition } from '@binnacle/apis-registry';
import { formatApiVersion, formatGroupResource } from '@binnacle/machinery-meta';
import { bases } from './bases.js';
import type { Case, Json } from '../case.js';

/** Where all objects of the corpus live that live in a namespace. */
export const NAMESPACE = 'compared';

/** A kind as the corpus speaks of it. */
export interface ComparedKind {
  readonly definition: ResourceDefinition;
  /** `deployments.apps` */
  readonly resource: string;
  /** The path of its collection. */
  readonly collection: string;
  /** A valid new object of that name. */
  draft(name: string): Json;
}

function collectionOf({ group, version, names, namespaced }: ResourceDefinition): string {
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
  return `${root}${namespaced ? `/namespaces/${NAMESPACE}` : ''}/${names.plural}`;
}

function contentOf(definition: ResourceDefinition, name: string): Json | undefined {
  const base = bases[`${definition.group}/${definition.version}/${definition.names.kind}`] ?? definition.example;
  return typeof base === 'function' ? base(name) : base;
}

/** Undefined for a kind that cannot be made by a client, or of which nothing is known to make it from. */
export function comparedKind(definition: ResourceDefinition): ComparedKind | undefined {
  if (!definition.verbs.includes('create') || !contentOf(definition, 'any')) return undefined;
  return {
    definition,
    resource: formatGroupResource({ group: definition.group, resource: definition.names.plural }),
    collection: collectionOf(definition),
    draft: (name) => {
      const { metadata, ...content } = structuredClone(contentOf(definition, name)) as Json;
      return {
        apiVersion: formatApiVersion(definition),
        kind: definition.names.kind,
        metadata: { name, ...(definition.namespaced && { namespace: NAMESPACE }), ...(metadata as Json | undefined) },
        ...content,
      };
    },
  };
}

/** The name that object goes by, which some kinds derive from their content. */
export const nameOf = (draft: Json): string => (draft.metadata as { name: string }).name;

export interface Sent {
  readonly method: string;
  readonly path: string;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes the cases of one section of one kind. */
export function caseMaker(section: string, resource: string): (name: string, sent: Sent) => Case {
  return (name, { method, path, body, headers = {} }) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const typed: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    return {
      section,
      resource,
      name,
      request: {
        method,
        path,
        headers: { ...typed, ...headers },
        ...(text !== undefined && { body: Buffer.from(text) }),
      },
    };
  };
}
