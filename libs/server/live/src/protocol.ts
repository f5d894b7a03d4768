import type { FollowRightsMessage, SubscribeMessage } from '@binnacle/machinery-live';
import { newBadRequest } from '@binnacle/machinery-meta';

/** What a reader asks to see and to keep seeing, with nothing left out. */
export interface SubscribeRequest extends Required<Omit<SubscribeMessage, 'resourceVersion'>> {
  /** Go on after this revision; undefined asks for a snapshot first. */
  readonly after: number | undefined;
}

const LONGEST = 4_096;

function fieldsOf(message: unknown): Readonly<Record<string, unknown>> {
  if (typeof message !== 'object' || message === null) throw newBadRequest('the message must be an object');
  return message as Readonly<Record<string, unknown>>;
}

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

function flagOf(message: Readonly<Record<string, unknown>>, field: string): boolean {
  const value = message[field] ?? false;
  if (typeof value !== 'boolean') throw newBadRequest(`${field} must be true or false`);
  return value;
}

function revisionOf(text: string): number | undefined {
  if (text === '') return undefined;
  const revision = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(revision)) throw newBadRequest(`invalid resourceVersion: ${text}`);
  return revision;
}

/** Reads a `followRights` message. Throws BadRequest for what is none. */
export function readFollowRights(message: unknown): FollowRightsMessage {
  const fields = fieldsOf(message);
  return { id: required(fields, 'id'), cluster: required(fields, 'cluster') };
}

/** Reads a `subscribe` message. Throws BadRequest for what is none. */
export function readSubscribe(message: unknown): SubscribeRequest {
  const fields = fieldsOf(message);
  return {
    id: required(fields, 'id'),
    cluster: required(fields, 'cluster'),
    group: textOf(fields, 'group'),
    version: required(fields, 'version'),
    resource: required(fields, 'resource'),
    namespace: textOf(fields, 'namespace'),
    labelSelector: textOf(fields, 'labelSelector'),
    fieldSelector: textOf(fields, 'fieldSelector'),
    keysOnly: flagOf(fields, 'keysOnly'),
    metadataOnly: flagOf(fields, 'metadataOnly'),
    after: revisionOf(textOf(fields, 'resourceVersion')),
  };
}
