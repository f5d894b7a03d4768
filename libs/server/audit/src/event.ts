import type { AuditLevel, AuditStage } from './policy.js';

/** Who asks, as events say it. */
export interface EventUser {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface ObjectReference {
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly apiGroup?: string;
  readonly apiVersion: string;
  readonly subresource?: string;
}

export interface ResponseStatus {
  readonly metadata: Record<string, never>;
  readonly code: number;
  readonly status?: 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: unknown;
}

/** An Event of audit.k8s.io/v1, as it is written: a JSON object. */
export interface AuditEvent {
  readonly kind: 'Event';
  readonly apiVersion: 'audit.k8s.io/v1';
  readonly level: AuditLevel;
  readonly auditID: string;
  readonly stage: AuditStage;
  readonly requestURI: string;
  readonly verb: string;
  readonly user: EventUser;
  readonly impersonatedUser?: EventUser;
  readonly authenticationMetadata?: { readonly impersonationConstraint: string };
  readonly sourceIPs: readonly string[];
  readonly userAgent: string;
  readonly objectRef?: ObjectReference;
  readonly responseStatus?: ResponseStatus;
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
  /** With six fractional digits. */
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A body as it came or goes, which is read only when its event is written. */
export interface RawBody {
  readonly bytes: readonly (string | Buffer)[];
  readonly contentType: string;
}

/** An event that waits to be written. */
export interface PendingEvent {
  readonly event: Omit<AuditEvent, 'requestObject' | 'responseObject'>;
  readonly request?: RawBody;
  readonly response?: RawBody;
  readonly omitManagedFields: boolean;
}

/** What it holds in memory besides its bodies, in bytes: about that. */
const EVENT_BYTES = 2 * 1024;

const lengthOf = (body: RawBody | undefined): number => (body?.bytes ?? []).reduce((sum, part) => sum + part.length, 0);

export const sizeOf = ({ request, response }: PendingEvent): number =>
  EVENT_BYTES + lengthOf(request) + lengthOf(response);

type Tree = Record<string, unknown>;

function withoutOwners(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { metadata, items } = value as { metadata?: Tree; items?: unknown };
  if (typeof metadata === 'object' && metadata) delete metadata.managedFields;
  if (Array.isArray(items)) for (const item of items) withoutOwners(item);
  return value;
}

/** A body as JSON, which most YAML that programs send is; nothing where it is none. */
function read(body: RawBody | undefined, omitManagedFields: boolean): unknown {
  if (!body || !/json|yaml/.test(body.contentType)) return undefined;
  try {
    const value: unknown = JSON.parse(body.bytes.map(String).join(''));
    return omitManagedFields ? withoutOwners(value) : value;
  } catch {
    return undefined;
  }
}

/** The event, its bodies read. */
export function finished({ event, request, response, omitManagedFields }: PendingEvent): AuditEvent {
  const [requestObject, responseObject] = [read(request, omitManagedFields), read(response, omitManagedFields)];
  return {
    ...event,
    ...(requestObject !== undefined && { requestObject }),
    ...(responseObject !== undefined && { responseObject }),
  };
}
