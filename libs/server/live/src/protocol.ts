import { newBadRequest, type Status } from '@binnacle/machinery-meta';

/** What a client asks to see and to keep seeing. */
export interface SubscribeRequest {
  /** Chosen by the client; every message about this subscription carries it. */
  readonly id: string;
  readonly cluster: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  /** Go on after this revision; undefined asks for a snapshot first. */
  readonly after: number | undefined;
}

export type SubscribeAnswer = { readonly ok: true } | { readonly error: Status };

/** What the server sends. `snapshot` and `changes` carry whole objects. */
export type LiveEvent = 'snapshot' | 'changes' | 'relist' | 'bookmark';

const LONGEST = 4_096;

function textOf(message: Readonly<Record<string, unknown>>, field: string): string {
  const value = message[field] ?? '';
  if (typeof value !== 'string' || value.length > LONGEST) throw newBadRequest(`${field} must be a string`);
  return value;
}

function required(message: Readonly<Record<string, unknown>>, field: string): string {
  const value = textOf(message, field);
  if (value === '') throw newBadRequest(`${field} is required`);
  return value;
}

function revisionOf(text: string): number | undefined {
  if (text === '') return undefined;
  const revision = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(revision)) throw newBadRequest(`invalid resourceVersion: ${text}`);
  return revision;
}

/** Reads a `subscribe` message. Throws BadRequest for what is none. */
export function readSubscribe(message: unknown): SubscribeRequest {
  if (typeof message !== 'object' || message === null) throw newBadRequest('the message must be an object');
  const fields = message as Readonly<Record<string, unknown>>;
  return {
    id: required(fields, 'id'),
    cluster: required(fields, 'cluster'),
    group: textOf(fields, 'group'),
    version: required(fields, 'version'),
    resource: required(fields, 'resource'),
    namespace: textOf(fields, 'namespace'),
    labelSelector: textOf(fields, 'labelSelector'),
    fieldSelector: textOf(fields, 'fieldSelector'),
    after: revisionOf(textOf(fields, 'resourceVersion')),
  };
}
