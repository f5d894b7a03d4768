import type { Socket } from 'node:net';
import type { Context } from '@binnacle/machinery-context';
import { carriedAddress, type WireAddress } from '@binnacle/machinery-wire';
import type { ConnectionTable } from '../connections/connection-table.js';
import type { ConnectionView } from '../connections/flow.js';
import type { ListenerSpec } from '../plan/service-plan.js';
import { dial } from './dial.js';
import { askOnce } from './ask-once.js';
import type { TrialFailure, TrialReport, TrialRequest } from '../trial-report.js';

/** Longer than all endpoints of a Service are waited for. */
const TIMEOUT_MILLISECONDS = 4_500;
const CONNECT_MILLISECONDS = 1_000;

/** A port that is held open for a Service, and where. */
export interface HeldPort {
  readonly spec: Pick<ListenerSpec, 'servicePort' | 'protocol' | 'purpose' | 'host' | 'port'>;
  readonly place: WireAddress;
}

export interface TrialParts {
  /** Of the Service. Nothing else is ever dialled. */
  readonly held: readonly HeldPort[];
  readonly table: Pick<ConnectionTable, 'watch'>;
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '');

/** Whoever is led on to nobody is cut off. */
function failureOf(error: unknown, isReached: boolean, late: AbortSignal): TrialFailure {
  if (late.aborted) return isReached ? 'NoAnswer' : 'NoEndpoint';
  if (codeOf(error).startsWith('HPE_')) return 'NotHttp';
  return isReached ? 'Closed' : 'NoEndpoint';
}

interface Led {
  readonly view: ConnectionView;
  readonly reached: number;
}

/** One request to a Service by the port that is open for it, as a client of the cluster that is neither Pod nor node would make it. */
class Trial {
  private readonly began = performance.now();
  private readonly late = new AbortController();
  /** Whoever was led to an endpoint of the Service meanwhile. */
  private readonly led: Led[] = [];

  constructor(
    private readonly request: TrialRequest,
    private readonly port: HeldPort,
  ) {}

  async run({ clock, signal }: Context, table: TrialParts['table']): Promise<TrialReport> {
    const cancel = clock.after(TIMEOUT_MILLISECONDS, () => this.late.abort(new Error('too late')));
    const { host, port } = this.port.spec;
    const unwatch = table.watch(this.request.service, (view) => {
      if (carriedAddress(view.client.address) === carriedAddress(this.port.place.host))
        this.led.push({ view, reached: this.elapsed() });
    });
    try {
      return { asked: { address: host, port }, ...(await this.ask(AbortSignal.any([signal, this.late.signal]))) };
    } finally {
      unwatch();
      cancel();
    }
  }

  /** In milliseconds, to a tenth. */
  private elapsed(): number {
    return Math.round((performance.now() - this.began) * 10) / 10;
  }

  private async ask(signal: AbortSignal): Promise<TrialReport> {
    const socket = await this.connect().catch(() => undefined);
    if (!socket) return { failure: 'Refused' };
    const [connected, localPort] = [this.elapsed(), socket.localPort];
    const outcome = await this.exchange(socket, signal);
    const led = this.led.find(({ view }) => view.client.port === localPort);
    return { connected, ...(led && { endpoint: led.view.endpoint, reached: led.reached }), ...outcome(led) };
  }

  /** From the Service's own address: policies hold for it as for anybody whom they do not name. */
  private connect(): Promise<Socket> {
    const { place } = this.port;
    return dial(place, CONNECT_MILLISECONDS, place.host);
  }

  /** What came of it, given whom the request was led to. */
  private async exchange(socket: Socket, signal: AbortSignal): Promise<(led: Led | undefined) => TrialReport> {
    const [namespace, name] = this.request.service.split('/');
    try {
      const answer = await askOnce(socket, { host: `${name}.${namespace}`, path: this.request.path, signal });
      const answered = this.elapsed();
      return () => ({ answer, answered });
    } catch (error) {
      return (led) => ({ failure: failureOf(error, led !== undefined, this.late.signal) });
    }
  }
}

/** Sends one request to a Service and tells how far it got. Only ports that are held open for it are dialled. */
export async function tryService(
  ctx: Context,
  request: TrialRequest,
  { held, table }: TrialParts,
): Promise<TrialReport> {
  const isMeant = ({ spec: { servicePort, protocol, purpose } }: HeldPort) =>
    servicePort === request.servicePort && protocol === 'TCP' && purpose === 'ClusterIP';
  const port = held.find(isMeant);
  return port ? await new Trial(request, port).run(ctx, table) : { failure: 'NoAddress' };
}
