import type { Soon } from '@binnacle/machinery-context';
import type { StatusError } from '@binnacle/machinery-meta';
import type { Auditor, AuditSubject } from '@binnacle/server-audit';
import { ANONYMOUS, type UserInfo } from '@binnacle/server-auth';
import type { Peer } from '../request/api-request.js';
import { auditIdOf, REQUEST_ID_HEADER } from '../request/request-id.js';
import { sourceAddresses } from '../request/source-addresses.js';
import type { RequestTarget } from '../request/request-targets.js';
import type { Arrival, EnteredRequest } from './request-door.js';
import { said } from './said-headers.js';
import { toStatusError } from './status.filter.js';

interface Known {
  readonly target: RequestTarget;
  readonly peer: Peer;
  readonly user: UserInfo;
}

/** Finds out who makes a request; `proved` hears who it really is. */
export type Identify = (proved?: (user: UserInfo) => void) => Soon<UserInfo>;

/** Opens the event of each request and closes it with the answer. */
export class RequestAuditing {
  constructor(private readonly auditor: Auditor) {}

  /** Waits where a log that must be whole has no room. */
  begin(request: EnteredRequest, arrival: Arrival): Soon<void> {
    const room = this.auditor.room();
    if (!room) return this.open(request, arrival);
    return room.then(() => this.open(request, arrival));
  }

  /** The same, noting who is not let in: as nobody, or as whoever may not act as another. */
  identifying(request: EnteredRequest, known: Omit<Known, 'user'>, identify: Identify): () => Soon<UserInfo> {
    let user = ANONYMOUS;
    const refused = (error: unknown): never => {
      this.refused(request, { ...known, user }, toStatusError(error));
      throw error;
    };
    return () => {
      try {
        const found = identify((proved) => (user = proved));
        return found instanceof Promise ? found.catch(refused) : found;
      } catch (error) {
        return refused(error);
      }
    };
  }

  private refused(request: EnteredRequest, known: Known, status: StatusError): void {
    const audited = this.auditor.begin(subjectOf(request, known, auditIdOf(request.headers)));
    audited?.failed(status);
    audited?.complete(status.code);
  }

  private open(request: EnteredRequest, arrival: Arrival): void {
    const id = auditIdOf(request.headers);
    const audited = this.auditor.begin(subjectOf(request, arrival, id));
    if (!audited) return;
    request.audited = audited;
    // What the request makes is kept under the name that the log has it by.
    request.headers[REQUEST_ID_HEADER] = id;
    said(request)[REQUEST_ID_HEADER] = id;
    const answer = request.entered?.raw;
    arrival.life.release(() => audited.complete(answer?.statusCode ?? 0));
  }
}

function subjectOf(request: EnteredRequest, { target: { info }, peer, user }: Known, auditId: string): AuditSubject {
  const { cluster, path, verb, resource } = info;
  return {
    auditId,
    url: request.url,
    cluster,
    path,
    verb,
    ...(resource && { resource }),
    user,
    impersonator: user.impersonator?.user,
    constraint: user.impersonator?.constraint,
    sourceIPs: sourceAddresses(request.headers, peer),
    userAgent: request.headers['user-agent'] ?? '',
  };
}

export const auditingBy = (auditor: Auditor | undefined): RequestAuditing | undefined =>
  auditor && new RequestAuditing(auditor);
