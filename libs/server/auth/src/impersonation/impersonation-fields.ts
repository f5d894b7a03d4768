import type { IncomingHttpHeaders } from 'node:http';
import {
  IMPERSONATION_PROTOCOL,
  type ImpersonationField,
  isImpersonatedName,
  MOST_IMPERSONATED_GROUPS,
} from '@binnacle/machinery-live';
import { newBadRequest } from '@binnacle/machinery-meta';

/** Of the field as it is written in a protocol: names and groups of the greatest length fit. */
const LONGEST_PROTOCOL = 32 * 1024;

function isField(value: unknown): value is ImpersonationField {
  const { user, groups } = (value ?? {}) as { user?: unknown; groups?: unknown };
  const isList = Array.isArray(groups) && groups.length <= MOST_IMPERSONATED_GROUPS;
  return isImpersonatedName(user) && isList && groups.every(isImpersonatedName);
}

/**
 * The headers that say the same as a field of a handshake, so that both are checked alike; none where there is no field.
 * @throws StatusError BadRequest for anything but `{user, groups}`.
 */
export function impersonationHeaders(field: unknown): IncomingHttpHeaders {
  if (field === undefined || field === null) return {};
  if (!isField(field)) throw newBadRequest('impersonate must be {"user": "name", "groups": ["name"]}');
  return { 'impersonate-user': field.user, ...(field.groups.length > 0 && { 'impersonate-group': [...field.groups] }) };
}

function fieldOf(protocol: string): unknown {
  try {
    const text = Buffer.from(protocol.slice(IMPERSONATION_PROTOCOL.length), 'base64url').toString();
    // What cannot be read is not nobody.
    return (JSON.parse(text) as unknown) ?? {};
  } catch {
    return {};
  }
}

/**
 * The headers of a request with what its WebSocket offers in place of them. Whoever sends headers says it there.
 * @throws StatusError BadRequest for an offer that cannot be read, or two.
 */
export function withOfferedImpersonation(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return headers;
  const offered = headers['sec-websocket-protocol'];
  if (!offered?.includes(IMPERSONATION_PROTOCOL)) return headers;
  if (offered.length > LONGEST_PROTOCOL) throw newBadRequest('the protocols that are offered are too long');
  const ours = offered.split(',').flatMap((protocol) => {
    const trimmed = protocol.trim();
    return trimmed.startsWith(IMPERSONATION_PROTOCOL) ? [trimmed] : [];
  });
  const [only, ...more] = ours;
  if (only === undefined) return headers;
  if (more.length > 0 || headers['impersonate-user'] !== undefined)
    throw newBadRequest('impersonation is asked for twice');
  return { ...headers, ...impersonationHeaders(fieldOf(only)) };
}
