import { formatMicroTime, type Clock } from '@binnacle/machinery-context';
import type { StatusError } from '@binnacle/machinery-meta';
import type { AuditEvent, EventUser, ObjectReference, PendingEvent, RawBody, ResponseStatus } from './event.js';
import type { Asked, AuditLevel, AuditStage, Verdict } from './policy.js';
import { isSecretBody, notedUri } from './secret-bodies.js';

/** A request, as the audit log tells of it. */
export interface AuditSubject extends Omit<Asked, 'user'> {
  readonly auditId: string;
  /** The raw path and query. */
  readonly url: string;
  readonly cluster: string;
  readonly user: EventSubject;
  /** Who really asks, where they ask as another. */
  readonly impersonator?: EventSubject | undefined;
  /** The verb by which they may, where that is for certain acts only. */
  readonly constraint?: string | undefined;
  readonly sourceIPs: readonly string[];
  readonly userAgent: string;
}

export interface EventSubject {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export const CLUSTER_ANNOTATION = 'binnacle.dev/cluster';
const TRUNCATED = 'audit.k8s.io/truncated';
/** Bytes of a body from which on it is left out of its event, as upstream's --audit-log-truncate-max-event-size. */
const LARGEST_BODY = 100 * 1024;
/** Annotations of one request, and characters of one. */
const MOST_ANNOTATIONS = 64;
const LONGEST_ANNOTATION = 10 * 1024;
const LONGEST_AGENT = 1024;

const userOf = ({ name, uid, groups, extra }: EventSubject): EventUser => ({
  username: name,
  ...(uid !== undefined && { uid }),
  groups,
  ...(extra && { extra }),
});

function referenceOf({ resource }: Omit<Asked, 'user'>): ObjectReference | undefined {
  if (!resource) return undefined;
  const { group, version, resource: plural, subresource, namespace, name } = resource;
  return {
    resource: plural,
    ...(namespace && { namespace }),
    ...(name && { name }),
    ...(group && { apiGroup: group }),
    apiVersion: version,
    ...(subresource && { subresource }),
  };
}

function failureOf({ code, message, reason, details }: StatusError): ResponseStatus {
  return { metadata: {}, status: 'Failure', message, reason, ...(details && { details }), code };
}

type Emit = (pending: PendingEvent) => void;

/** One request while it is served: what becomes of it is told stage by stage. */
export class AuditedRequest {
  readonly level: AuditLevel;
  private readonly received: string;
  private readonly annotations: Record<string, string>;
  private readonly bodiesAreSecret: boolean;
  private request: RawBody | undefined;
  private response: RawBody | undefined;
  private failure: ResponseStatus | undefined;
  private code: number | undefined;
  private isOver = false;

  constructor(
    private readonly subject: AuditSubject,
    private readonly verdict: Verdict,
    private readonly clock: Clock,
    private readonly emit: Emit,
  ) {
    this.level = verdict.level;
    this.received = formatMicroTime(clock.now());
    this.annotations = { [CLUSTER_ANNOTATION]: subject.cluster };
    this.bodiesAreSecret = isSecretBody({ ...subject, user: subject.user });
    this.tell('RequestReceived');
  }

  /** The first value of a key stays. */
  annotate(key: string, value: string): void {
    if (key in this.annotations || Object.keys(this.annotations).length >= MOST_ANNOTATIONS) return;
    this.annotations[key] = value.slice(0, LONGEST_ANNOTATION);
  }

  /** Its body, as it came. */
  asked(bytes: Buffer | undefined, contentType: string): void {
    if (bytes && this.notes('Request')) this.request = this.kept({ bytes: [bytes], contentType });
  }

  /** The status it is answered with; some answers are written where no framework sees it. */
  responds(code: number): void {
    this.code = code;
  }

  /** Its answer's body, as it goes. */
  answered(bytes: readonly (string | Buffer)[], contentType: string): void {
    if (this.notes('RequestResponse')) this.response = this.kept({ bytes, contentType });
  }

  /** An answer has begun that goes on. */
  started(code: number): void {
    this.tell('ResponseStarted', { metadata: {}, code });
  }

  failed(status: StatusError): void {
    this.failure ??= failureOf(status);
  }

  /** Something threw what nobody meant to answer. */
  panicked(status: StatusError): void {
    if (this.isOver) return;
    this.isOver = true;
    this.tell('Panic', failureOf(status));
  }

  /** Its answer is over, however it ended. Only the first call counts. */
  complete(code: number): void {
    if (this.isOver) return;
    this.isOver = true;
    this.tell('ResponseComplete', this.failure ?? { metadata: {}, code: this.code ?? code });
    this.request = undefined;
    this.response = undefined;
  }

  private notes(level: 'Request' | 'RequestResponse'): boolean {
    return !this.bodiesAreSecret && (this.level === 'RequestResponse' || this.level === level);
  }

  private kept(body: RawBody): RawBody | undefined {
    if (body.bytes.reduce((sum, part) => sum + part.length, 0) <= LARGEST_BODY) return body;
    this.annotate(TRUNCATED, 'true');
    return undefined;
  }

  private tell(stage: AuditStage, responseStatus?: ResponseStatus): void {
    const { omitStages, omitManagedFields } = this.verdict;
    if (omitStages.has(stage)) return;
    const event = this.eventAt(stage, responseStatus);
    const { request, response } = this;
    this.emit({ event, omitManagedFields, ...(request && { request }), ...(response && { response }) });
  }

  private eventAt(stage: AuditStage, responseStatus: ResponseStatus | undefined): AuditEvent {
    const { auditId, url, path, verb, user, impersonator, constraint, sourceIPs, userAgent } = this.subject;
    const objectRef = referenceOf(this.subject);
    return {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: this.level,
      auditID: auditId,
      stage,
      requestURI: notedUri(url, path),
      verb,
      user: userOf(impersonator ?? user),
      ...(impersonator && { impersonatedUser: userOf(user) }),
      ...(constraint && { authenticationMetadata: { impersonationConstraint: constraint } }),
      sourceIPs,
      userAgent: userAgent.slice(0, LONGEST_AGENT),
      ...(objectRef && { objectRef }),
      ...(responseStatus && { responseStatus }),
      requestReceivedTimestamp: this.received,
      stageTimestamp: formatMicroTime(this.clock.now()),
      annotations: { ...this.annotations },
    };
  }
}
