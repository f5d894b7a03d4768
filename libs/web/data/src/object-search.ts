import { clusterPrefix } from '@binnacle/machinery-meta';
import { call } from './http.js';

/** Where an object is, and nothing of what it holds. */
export interface FoundObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

interface SearchedKind {
  /** Its list in the GraphQL schema. */
  readonly field: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** What else somebody calls it. */
  readonly words: readonly string[];
}

/** Kinds whose objects are found by name from anywhere. */
const SEARCHED: readonly SearchedKind[] = [
  { field: 'deployments', apiVersion: 'apps/v1', kind: 'Deployment', words: ['deploy'] },
  { field: 'services', apiVersion: 'v1', kind: 'Service', words: ['svc'] },
  { field: 'nodes', apiVersion: 'v1', kind: 'Node', words: ['no'] },
  { field: 'configMaps', apiVersion: 'v1', kind: 'ConfigMap', words: ['cm'] },
  { field: 'pods', apiVersion: 'v1', kind: 'Pod', words: ['po'] },
];
/** Of each kind so many that begin with what was typed, and so many that hold it. */
const FETCHED = 20;
const MAX_WORDS = 8;

interface Condition {
  readonly path?: string;
  readonly like?: string;
  readonly and?: readonly Condition[];
  readonly or?: readonly Condition[];
}

interface Page {
  readonly nodes: readonly { readonly metadata: { readonly name: string; readonly namespace?: string | null } }[];
}

export interface SearchOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, Condition>>;
}

/** What remains to be found in names once a word has said which kind is meant. */
function nameWords({ kind, field, words }: SearchedKind, typed: readonly string[]): string[] {
  const called = [kind, field, ...words].map((name) => name.toLowerCase());
  return typed.filter((word) => !called.includes(word));
}

function holds(word: string): Condition {
  const like = `*${word}*`;
  return {
    or: [
      { path: 'metadata.name', like },
      { path: 'metadata.namespace', like },
    ],
  };
}

/** One operation for all kinds; the server looks through its own lists and answers names only. */
export function searchOperation(text: string): SearchOperation | undefined {
  const typed = text
    .toLowerCase()
    .split(/[\s/*]+/)
    .filter(Boolean)
    .slice(0, MAX_WORDS);
  if (typed.length === 0) return undefined;
  const lists = SEARCHED.flatMap((searched, index) => {
    const words = nameWords(searched, typed);
    const begins = words.length === 1 ? [{ path: 'metadata.name', like: `${words[0]}*` }] : [];
    const filters: readonly Condition[] = [...begins, { and: words.map(holds) }];
    return filters.map((filter, at) => ({ alias: `k${index}_${at}`, field: searched.field, filter }));
  });
  const parameters = lists.map(({ alias }) => `$${alias}: Filter`).join(', ');
  const fields = lists.map(
    ({ alias, field }) =>
      `${alias}: ${field}(filter: $${alias}, first: ${FETCHED}) { nodes { metadata { name namespace } } }`,
  );
  return {
    query: `query Find(${parameters}) { ${fields.join(' ')} }`,
    variables: Object.fromEntries(lists.map(({ alias, filter }) => [alias, filter])),
  };
}

export interface Found {
  readonly objects: readonly FoundObject[];
  /** There are more than were sent. */
  readonly more: boolean;
}

/** The objects of an answer, each once. A kind that may not be read is left out. */
export function readFound(data: Readonly<Record<string, Page | null>>): Found {
  const found = new Map<string, FoundObject>();
  for (const [alias, page] of Object.entries(data)) {
    const searched = SEARCHED[Number(/^k(\d+)_/.exec(alias)?.[1])];
    if (!searched) continue;
    const { apiVersion, kind } = searched;
    for (const { metadata } of page?.nodes ?? []) {
      const object = { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name };
      found.set(`${kind}/${object.namespace}/${object.name}`, object);
    }
  }
  const more = Object.values(data).some((page) => page?.nodes.length === FETCHED);
  return { objects: [...found.values()], more };
}

interface Answer {
  readonly data?: Readonly<Record<string, Page | null>> | null;
  readonly errors?: readonly { readonly message: string }[];
}

/**
 * Finds objects by words of their names, namespaces and kinds.
 * @throws StatusError, UnreachableError, or an Error with what the server says where nothing could be searched.
 */
export async function searchObjects(cluster: string, text: string, signal?: AbortSignal): Promise<Found> {
  const operation = searchOperation(text);
  if (!operation) return { objects: [], more: false };
  const path = `${clusterPrefix(cluster)}/graphql`;
  const answer = await call<Answer>(path, { method: 'POST', body: operation, ...(signal && { signal }) });
  if (!answer.data) throw new Error(answer.errors?.[0]?.message ?? 'the server answered nothing');
  return readFound(answer.data);
}
