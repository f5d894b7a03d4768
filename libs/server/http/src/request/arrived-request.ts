import type { IncomingHttpHeaders } from 'node:http';
import type { Upgrade } from '@binnacle/process-streams';
import type { Permit } from '@binnacle/server-auth';
import type { ApiRequest, KnownRequest, Peer } from './api-request.js';
import type { CallContext } from './call-context.js';
import type { RequestInfo } from './request-info.js';
import type { RequestTarget } from './request-targets.js';

/**
 * A request on its way in. It is one object from the door to its answer, which learns on the way what it did not know: copies with a
 * member more are what a small read would spend much of its time on.
 */
export class ArrivedRequest implements KnownRequest {
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  body?: Buffer;
  initialized?: () => void;
  willAnswer?: (bytes: number) => void;
  connection?: Upgrade;

  constructor(
    readonly ctx: CallContext,
    readonly method: string,
    { info, query }: RequestTarget,
    readonly headers: IncomingHttpHeaders,
    readonly peer: Peer,
  ) {
    this.info = info;
    this.query = query;
  }

  /** The same, as one that may be made. */
  permitted(permit: Permit): PermittedRequest {
    this.ctx.permit = permit;
    return this as PermittedRequest;
  }
}

export type PermittedRequest = ArrivedRequest & ApiRequest;
