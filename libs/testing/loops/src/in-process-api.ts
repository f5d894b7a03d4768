import {
  type KubeClient,
  kubeClientOver,
  type Transport,
  type TransportAnswer,
  TransportError,
  type TransportRequest,
} from '@binnacle/client-rest';
import { type Context, withSignal } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER, newInternalError, StatusError } from '@binnacle/machinery-meta';
import {
  type ApiServerConfig,
  type ApiServerParts,
  composeApiServer,
  type StreamAnswer,
  type UpgradeAnswer,
} from '@binnacle/server-http';
import { createSystemObjects, systemContext } from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { Activity } from './activity.js';
import { HeldStream } from './held-stream.js';
import { type Identity, piecesOf, serve, transported } from './serve.js';

const ADMIN: Identity = { commonName: 'kubernetes-admin', organizations: ['system:masters'] };
/** No port is opened, so nobody is shown these. */
const NO_TLS = { cert: '', key: '', clientCa: '' };
/** A rule that relies on a controller which does not run beside the one that is driven: nobody makes accounts. */
const WITHOUT_ACCOUNTS = ['ServiceAccount'];

export interface InProcessOptions {
  /** PEM; without it no tokens are issued. */
  readonly serviceAccountKey?: string;
  /** Pods need their account, which somebody must make. */
  readonly accounts?: boolean;
}

/** What befalls a request instead of being served: a StatusError is its answer, any other error breaks its connection. */
export type Mishap = (request: TransportRequest) => Error | undefined;

/**
 * A real API server over the memory store, in this process and without a port: authentication, authorization, admission,
 * validation and storage as in production, at the time of the context's clock.
 */
export class InProcessApi {
  readonly activity = new Activity();
  private readonly streams = new Map<HeldStream, TransportRequest>();
  private mishap: Mishap = () => undefined;
  private held: RegExp | undefined;
  private lost: ((request: TransportRequest) => boolean) | undefined;

  private life = new AbortController();
  private served: ApiServerParts;

  private constructor(
    private readonly ctx: Context,
    private readonly config: ApiServerConfig,
    readonly storage: MemoryStorage,
  ) {
    this.served = composeApiServer(withSignal(ctx, this.life.signal), config);
  }

  static async start(ctx: Context, options: InProcessOptions = {}): Promise<InProcessApi> {
    const storage = new MemoryStorage();
    const { serviceAccountKey, accounts = false } = options;
    const keys = serviceAccountKey && { serviceAccountKeys: { signingKey: serviceAccountKey } };
    const disableAdmission = accounts ? [] : WITHOUT_ACCOUNTS;
    const api = new InProcessApi(
      ctx,
      { storage, host: '127.0.0.1', port: 0, tls: NO_TLS, disableAdmission, ...keys },
      storage,
    );
    await storage.createCluster(ctx, DEFAULT_CLUSTER);
    await createSystemObjects(systemContext(ctx, DEFAULT_CLUSTER), api.parts.registry);
    return api;
  }

  get parts(): ApiServerParts {
    return this.served;
  }

  /** Answers under way that are streams. */
  get openStreams(): number {
    return this.streams.size;
  }

  /** Ends the server with all that it serves, and starts another over the same store: what the first knew is lost. */
  restart(): void {
    this.life.abort(new TransportError('the server has ended'));
    this.breakWatches();
    this.life = new AbortController();
    this.served = composeApiServer(withSignal(this.ctx, this.life.signal), this.config);
  }

  /** Requests as somebody; the administrator where it is not said who. */
  transport(as: Identity = ADMIN): Transport {
    const send = (ctx: Context, request: TransportRequest) =>
      this.activity.during(`${request.method} ${request.path}`, () => this.send(ctx, request, as));
    return { send, close: async () => undefined };
  }

  client(as: Identity = ADMIN): KubeClient {
    return kubeClientOver(this.transport(as), { userAgent: as.commonName });
  }

  /** From now on requests may end otherwise; what was said last counts. */
  befall(mishap: Mishap): void {
    this.mishap = mishap;
  }

  /** From now on what matches is done, and its answer lost on the way. Undefined ends that. */
  loseAnswers(lost: ((request: TransportRequest) => boolean) | undefined): void {
    this.lost = lost;
  }

  /** Breaks every watch, as a restart of the server does. */
  breakWatches(): void {
    for (const stream of this.streams.keys()) stream.break(new TransportError('the connection broke'));
  }

  /** Holds up the watches, open or to come, whose paths match: their readers learn nothing new. Undefined lets all go. */
  hold(paths: RegExp | undefined): void {
    this.held = paths;
    for (const [stream, { path }] of this.streams) stream.hold(paths?.test(path) ?? false);
  }

  /** Gives up the history, so that who goes on from the past is told to list anew. */
  async forgetHistory(): Promise<void> {
    const now = await this.storage.revision(this.ctx, DEFAULT_CLUSTER);
    await this.storage.compact(this.ctx, DEFAULT_CLUSTER, now);
  }

  private async send(caller: Context, request: TransportRequest, as: Identity): Promise<TransportAnswer> {
    caller.signal.throwIfAborted();
    const failure = this.mishap(request);
    const failed = failure && !(failure instanceof StatusError);
    try {
      if (failure) throw failure;
      const signal = AbortSignal.any([this.ctx.signal, this.life.signal, caller.signal]);
      const answer = await serve(withSignal(this.ctx, signal), this.parts, request, as);
      if (this.lost?.(request)) throw new TransportError('the connection broke before the answer came');
      if ('body' in answer) return transported(answer, () => piecesOf(answer.body));
      const stream = this.open(answer, request, signal);
      return transported(answer, () => stream);
    } catch (error) {
      if (error instanceof TransportError || caller.signal.aborted) throw error;
      if (failed) throw new TransportError('the connection broke', { cause: error });
      const status = error instanceof StatusError ? error : newInternalError(error);
      return transported({ status: status.code }, () => piecesOf([JSON.stringify(status.toStatus())]));
    }
  }

  private open(answer: StreamAnswer | UpgradeAnswer, request: TransportRequest, signal: AbortSignal): HeldStream {
    if ('upgrade' in answer) throw new Error('there is no connection to be upgraded');
    const leaving = new AbortController();
    const stream = new HeldStream(this.activity, () => leaving.abort(new Error('the client has gone')));
    stream.hold(this.held?.test(request.path) ?? false);
    this.streams.set(stream, request);
    const ends = AbortSignal.any([signal, leaving.signal]);
    const sink = { unjoined: true, write: (chunk: Buffer | string) => stream.push(chunk) };
    answer
      .stream(sink, ends)
      .then(
        () => stream.end(),
        (error: Error) => stream.break(error),
      )
      .finally(() => this.streams.delete(stream));
    return stream;
  }
}
