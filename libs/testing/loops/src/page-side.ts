import type { ResourceRef, TransportAnswer, TransportRequest } from '@binnacle/client-rest';
import { type Context, silentLogger, withSignal } from '@binnacle/machinery-context';
import type {
  FollowRightsMessage,
  ServerEvent,
  ServerMessages,
  SubscribeAnswer,
  SubscribeMessage,
} from '@binnacle/machinery-live';
import { type KubeObject, StatusError } from '@binnacle/machinery-meta';
import { systemClock } from '@binnacle/process-lifecycle';
import { type LiveAccess, type LiveAttempt, LiveSession } from '@binnacle/server-live';
import { type CallerContext, withPermit } from '@binnacle/server-registry';
import { InProcessApi } from './in-process-api.js';
import { Objects } from './objects.js';
import type { Identity } from './serve.js';

const PAGE: Identity = { commonName: 'kubernetes-admin', organizations: ['system:masters'] };

/** What a page is told of its line to the server. */
export interface LineHandlers {
  connected(): void;
  disconnected(): void;
  heard(): void;
  message<E extends ServerEvent>(event: E, message: ServerMessages[E]): void;
}

function accessOf({ parts }: InProcessApi, ctx: Context, { commonName, organizations = [] }: Identity): LiveAccess {
  const certificate = { authorized: true, commonName, organizations };
  const { access } = parts;
  return {
    identify: async (cluster) => {
      const user = await access.authenticate(ctx, { headers: {}, method: 'GET', cluster, certificate });
      return { ...ctx, cluster, user, client: commonName, warn: () => undefined };
    },
    authorize: async (caller: CallerContext, { verb, ...target }: LiveAttempt) => {
      const resource = { ...target, subresource: '', rest: '' };
      const info = { cluster: caller.cluster, path: '/socket.io', verb, resource };
      const request = { ctx: caller, method: 'GET', info, query: new URLSearchParams(), headers: {} };
      return withPermit(caller, await access.authorize(request));
    },
    followRights: (caller, changed) => parts.notices.once(caller, caller.user, caller.cluster, changed),
  };
}

/** A page's live line to an API server in the same process: the protocol as it is served, without a socket. */
export class InProcessLine {
  private handlers: LineHandlers | undefined;
  private session: LiveSession | undefined;
  private isCut = false;

  constructor(
    private readonly api: InProcessApi,
    private readonly ctx: Context,
    private readonly as: Identity,
  ) {}

  start(handlers: LineHandlers): void {
    this.handlers = handlers;
    this.open();
  }

  subscribe(message: SubscribeMessage): Promise<SubscribeAnswer> {
    return this.asked((session, answer) => session.subscribe(message, answer));
  }

  followRights(message: FollowRightsMessage): Promise<SubscribeAnswer> {
    return this.asked((session, answer) => session.followRights(message, answer));
  }

  unsubscribe(id: string): void {
    this.session?.unsubscribe({ id });
  }

  reopen(): void {
    this.close();
    this.open();
  }

  stop(): void {
    this.close();
  }

  /** As when a cable is pulled: nothing comes until it is mended, and the page is told. */
  cut(): void {
    this.isCut = true;
    this.close();
  }

  mend(): void {
    this.isCut = false;
    this.open();
  }

  private asked(
    open: (session: LiveSession, answer: (answer: SubscribeAnswer) => void) => Promise<void>,
  ): Promise<SubscribeAnswer> {
    const { session } = this;
    if (!session) return Promise.resolve({ error: new StatusError(504, 'Timeout', 'the line is cut').toStatus() });
    return new Promise((resolve) => void open(session, resolve));
  }

  private open(): void {
    if (this.isCut || this.session) return;
    // Told later, as a socket would: who begins a line does not expect it to be there at once.
    setTimeout(() => {
      if (this.isCut || this.session) return;
      this.session = this.begin();
      this.handlers?.connected();
    });
  }

  private begin(): LiveSession {
    return new LiveSession(this.api.parts.registry, accessOf(this.api, this.ctx, this.as), {
      send: (event, { text }) => {
        this.handlers?.heard();
        this.handlers?.message(event, JSON.parse(text) as ServerMessages[typeof event]);
      },
      backlog: () => 0,
      drop: () => this.reopen(),
    });
  }

  private close(): void {
    if (!this.session) return;
    this.session.close();
    this.session = undefined;
    this.handlers?.disconnected();
  }
}

function requestOf(path: string, { method = 'GET', headers, body }: RequestInit): TransportRequest {
  const given = Object.fromEntries(new Headers(headers).entries());
  return { method, path, headers: given, streaming: false, ...(typeof body === 'string' && { body }) };
}

async function responseOf(answer: TransportAnswer): Promise<Response> {
  const type = answer.header('content-type') ?? 'application/json';
  const text = await answer.text();
  return new Response([204, 304].includes(answer.status) ? null : text, {
    status: answer.status,
    headers: { 'content-type': type },
  });
}

/** A server in the process of the page that is shown: real requests and a real live line, at the time of the machine. */
export class PageSide {
  readonly requests: TransportRequest[] = [];

  private constructor(
    readonly ctx: Context,
    readonly api: InProcessApi,
    private readonly abort: AbortController,
  ) {}

  static async start(): Promise<PageSide> {
    const abort = new AbortController();
    const ctx: Context = { signal: abort.signal, clock: systemClock, logger: silentLogger };
    return new PageSide(ctx, await InProcessApi.start(ctx), abort);
  }

  /** The objects of a kind, as the administrator writes and reads them. */
  objects<T extends KubeObject>(ref: ResourceRef, namespace?: string): Objects<T> {
    return new Objects<T>(this.ctx, this.api.client(), ref, namespace);
  }

  line(as: Identity = PAGE): InProcessLine {
    return new InProcessLine(this.api, this.ctx, as);
  }

  /** `fetch` as a page that came from this server has it. */
  fetch(as: Identity = PAGE): (path: string, init?: RequestInit) => Promise<Response> {
    const transport = this.api.transport(as);
    return async (path, init = {}) => {
      const request = requestOf(path, init);
      this.requests.push(request);
      const within = init.signal ? withSignal(this.ctx, init.signal) : this.ctx;
      return responseOf(await transport.send(within, request));
    };
  }

  end(): void {
    this.abort.abort(new Error('the page is closed'));
  }
}
