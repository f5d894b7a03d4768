import type { Context } from '@binnacle/machinery-context';
import type { WireAddress } from '@binnacle/machinery-wire';
import type { Query } from '../message/query.js';
import { RCODE, type ResourceRecord } from '../message/types.js';
import type { Client, Outside } from '../server/responder.js';
import { addressesIn } from './addresses-in.js';
import type { AnswerCache } from './answer-cache.js';
import { exchange } from './exchange.js';
import type { ForwardConfig } from './forward-config.js';
import { nameQuestion } from './name-question.js';
import type { NameServer } from './name-server.js';
import { answerTo, type RawAnswer } from './raw-answer.js';
import type { WaitingBounds } from './waiting-bounds.js';

export interface ForwarderParts {
  /** Those of the forwarders of all clusters. */
  readonly cache: AnswerCache;
  readonly bounds: WaitingBounds;
  /** Tells the answers of this cluster from those of others. */
  readonly cluster: string;
  readonly place: (server: NameServer) => Promise<WireAddress>;
}

/** How long each server is waited for; with three of them that is less than clients wait. */
const SERVER_MILLISECONDS = 1_500;
const NOBODY: ForwardConfig = { upstreams: [], stubDomains: new Map() };
const LARGEST_MESSAGE = 65_535;

/** Asks others about names that are not the cluster's. */
export class Forwarder implements Outside {
  private config = NOBODY;
  /** Answers under an earlier configuration are not given any more. */
  private generation = 0;
  private readonly asking = new Map<string, Promise<RawAnswer | undefined>>();

  constructor(
    private readonly ctx: Context,
    private readonly parts: ForwarderParts,
  ) {}

  configure(config: ForwardConfig): void {
    this.config = config;
    this.generation += 1;
  }

  get isOpen(): boolean {
    return this.config.upstreams.length > 0;
  }

  covers(labels: readonly string[]): boolean {
    return this.serversFor(labels).length > 0;
  }

  async forward(query: Query, client: Client, limit: number): Promise<Buffer | undefined> {
    const found = await this.answer(query, client);
    return found && answerTo(query, found.answer, found.age, limit);
  }

  async addresses(name: string, type: number, client: Client): Promise<readonly ResourceRecord[]> {
    const query = nameQuestion(name, type);
    const message = query && (await this.forward(query, client, LARGEST_MESSAGE));
    return message ? addressesIn(message) : [];
  }

  /** Those of the longest stub domain that a name lies in, else those for all. */
  private serversFor(labels: readonly string[]): readonly NameServer[] {
    const { stubDomains, upstreams } = this.config;
    if (stubDomains.size === 0) return upstreams;
    for (let at = 0; at < labels.length; at += 1) {
      const servers = stubDomains.get(labels.slice(at).join('.'));
      if (servers) return servers;
    }
    return upstreams;
  }

  private async answer(query: Query, client: Client): Promise<{ answer: RawAnswer; age: number } | undefined> {
    const key = this.keyOf(query);
    const known = this.parts.cache.get(key);
    if (known) return known;
    const leave = this.parts.bounds.enter(client.address);
    if (!leave) return undefined;
    const answer = await this.once(key, query).finally(leave);
    return answer && { answer, age: 0 };
  }

  /** Everybody who asks the same meanwhile waits for one answer. */
  private once(key: string, query: Query): Promise<RawAnswer | undefined> {
    const running = this.asking.get(key);
    if (running) return running;
    const asking = this.askAll(query)
      .then((answer) => {
        if (answer) this.parts.cache.set(key, answer);
        return answer;
      })
      .finally(() => this.asking.delete(key));
    this.asking.set(key, asking);
    return asking;
  }

  /** Each server in turn, until one can tell. */
  private async askAll(query: Query): Promise<RawAnswer | undefined> {
    let last: RawAnswer | undefined;
    for (const server of this.serversFor(query.labels)) {
      const answer = await this.ask(server, query);
      if (answer && answer.rcode !== RCODE.SERVFAIL && answer.rcode !== RCODE.REFUSED) return answer;
      last = answer ?? last;
    }
    return last;
  }

  private async ask(server: NameServer, query: Query): Promise<RawAnswer | undefined> {
    try {
      return await exchange(this.ctx, await this.parts.place(server), query, SERVER_MILLISECONDS);
    } catch (error) {
      this.ctx.logger.debug('a server of names did not answer', { server: server.ip, port: server.port, error });
      return undefined;
    }
  }

  private keyOf({ labels, type, class: kind, edns, checkingDisabled }: Query): string {
    const flags = `${edns?.dnssecOk ? 'd' : ''}${checkingDisabled ? 'c' : ''}`;
    // A label may hold any byte: only lengths tell where it ends.
    const name = labels.map((label) => `${label.length}:${label}`).join('');
    return `${this.parts.cluster}/${this.generation}/${kind}/${type}/${flags}/${name}`;
  }
}
