import { formatTime, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  type Attributes,
  type Change,
  type ChangeType,
  type Key,
  splitResource,
  type StoredObject,
} from '@binnacle/server-storage';
import { derivedUid } from '../derived-uid.js';
import { changedFields } from './changed-fields.js';

/** Where changes are found, as a `Key` says it. */
export const CHANGES = 'history.binnacle.dev/changes';
/** Changes of cluster-scoped objects live there, as Events about them do. */
export const CLUSTER_NAMESPACE = 'default';

/** What made a change. */
export const VERBS = { ADDED: 'create', MODIFIED: 'update', DELETED: 'delete' } satisfies Record<ChangeType, string>;

export function typeOfVerb(verb: string): ChangeType | undefined {
  return (Object.keys(VERBS) as ChangeType[]).find((type) => VERBS[type] === verb);
}

/** What is read of an object that was changed. */
interface Body {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: { readonly uid?: string };
}

const parse = ({ body }: StoredObject): Body => JSON.parse(body.toString()) as Body;

export function namespaceOfChange({ namespace }: Pick<Key, 'namespace'>): string {
  return namespace || CLUSTER_NAMESPACE;
}

/** Of an update; whoever creates or deletes changes everything. */
function fieldsOf({ type, previous }: Change, after: Body): { fields: readonly string[]; moreFields?: number } {
  if (type !== 'MODIFIED' || !previous) return { fields: [] };
  const { paths, more } = changedFields(parse(previous), after);
  return { fields: paths, ...(more > 0 && { moreFields: more }) };
}

function specOf(change: Change): Record<string, unknown> {
  const { type, object, previous, actor, time } = change;
  const { key, revision } = object;
  const body = parse(object);
  const { apiVersion = '', kind = '', metadata } = body;
  return {
    revision,
    ...(previous && { replaces: previous.revision }),
    time: new Date(time).toISOString(),
    verb: VERBS[type],
    ...splitResource(key.resource),
    apiVersion,
    kind,
    ...(key.namespace && { namespace: key.namespace }),
    name: key.name,
    ...(metadata.uid && { uid: metadata.uid }),
    user: actor.user,
    ...(actor.groups && { groups: actor.groups }),
    userAgent: actor.client,
    ...(actor.requestId && { requestID: actor.requestId }),
    ...fieldsOf(change, body),
  };
}

/** The Change that a client is shown for an entry of the log. Of what objects hold it has their paths only, no values. */
export function changeObject(change: Change, incarnation: string): UnstructuredObject {
  const { object, time } = change;
  const metadata = {
    name: String(object.revision),
    namespace: namespaceOfChange(object.key),
    uid: derivedUid('change', incarnation, object.revision),
    creationTimestamp: formatTime(time),
  };
  return {
    apiVersion: 'history.binnacle.dev/v1',
    kind: 'Change',
    metadata,
    spec: specOf(change),
  } as UnstructuredObject;
}

/** What a change is found by, as if it were stored. */
export type ChangeHead = Omit<StoredObject, 'body'>;

/** `fields` is what it is selected by. */
export function changeHead({ object: { key, revision } }: Change, fields: Attributes['fields']): ChangeHead {
  const { cluster } = key;
  const named = { cluster, resource: CHANGES, namespace: namespaceOfChange(key), name: String(revision) };
  return { key: named, revision, attributes: { labels: {}, fields } };
}
