import type { Clock, Context, Logger } from '@binnacle/machinery-context';
import type { Permit, UserInfo } from '@binnacle/server-auth';
import type { CallerContext } from '@binnacle/server-registry';
import type { RequestLife } from './request-life.js';

/** The context of a request while it is not known who makes it: its signal is made for who asks for it. */
export class ArrivalContext implements Context {
  readonly clock: Clock;
  readonly logger: Logger;

  constructor(
    private readonly life: RequestLife,
    { clock, logger }: Pick<Context, 'clock' | 'logger'>,
  ) {
    this.clock = clock;
    this.logger = logger;
  }

  get signal(): AbortSignal {
    return this.life.signal;
  }

  get ending(): RequestLife {
    return this.life;
  }
}

/** Who makes a request, and what it is called. */
export interface Caller {
  readonly user: UserInfo;
  readonly client: string;
  readonly requestId: string | undefined;
  /** Set where the request is noted in the audit log. */
  readonly annotate?: ((key: string, value: string) => void) | undefined;
}

/** The context of a request whose caller is known. */
export class CallContext extends ArrivalContext implements CallerContext {
  readonly user: UserInfo;
  readonly client: string;
  readonly requestId?: string;
  readonly annotate?: (key: string, value: string) => void;
  /** What it was allowed, once that is known. */
  permit?: Permit;

  constructor(
    life: RequestLife,
    server: Pick<Context, 'clock' | 'logger'>,
    readonly cluster: string,
    { user, client, requestId, annotate }: Caller,
    readonly warn: (text: string) => void,
  ) {
    super(life, server);
    this.user = user;
    this.client = client;
    if (requestId !== undefined) this.requestId = requestId;
    if (annotate) this.annotate = annotate;
  }
}
