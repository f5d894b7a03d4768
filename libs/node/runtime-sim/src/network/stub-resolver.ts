import type { DnsClient, DnsMessage } from './dns-client.js';
import {
  candidates,
  hostsEntry,
  isLegalName,
  type NameFiles,
  type ResolverConfig,
  resolverConfig,
} from './name-files.js';

const DNS_PORT = 53;
/** What a server says that cannot tell: another is asked. */
const FAILED = new Set(['SERVFAIL', 'REFUSED', 'NOTIMP', 'FORMERR']);

/** A question as a program has it. */
export interface Lookup {
  readonly name: string;
  readonly type: string;
  /** Whether the search path is gone along. */
  readonly search: boolean;
  /** In place of those of the configuration. */
  readonly server?: string;
  readonly port?: number;
  readonly tcp?: boolean;
  readonly bufferSize?: number;
}

/** What came of it, from the last name that was asked for. */
export interface Found {
  readonly server: string;
  /** In full, without a dot at its end. */
  readonly name: string;
  readonly message: DnsMessage;
}

/** There is no such name, or nobody could be asked. */
export class NameError extends Error {}

/** What a container learns of a name. */
export interface Addresses {
  readonly addresses: readonly string[];
  /** The name it stands for, or itself in full; all of a line of `/etc/hosts`. */
  readonly names: readonly string[];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const hasRecords = ({ rcode, answers }: DnsMessage, type: string): boolean =>
  rcode === 'NOERROR' && answers.some((answer) => answer.type === type || type === 'ANY');

/** Finds names as a container's C library does: by `/etc/hosts`, and by the servers of `/etc/resolv.conf`. */
export class StubResolver {
  constructor(
    private readonly client: DnsClient,
    /** Those of the container where nobody says others. */
    private readonly own: () => NameFiles | Promise<NameFiles>,
  ) {}

  /** @throws NameError */
  async addresses(name: string, files?: NameFiles): Promise<Addresses> {
    const { hosts, resolvConf } = files ?? (await this.own());
    const entry = hostsEntry(hosts, name);
    if (entry) return { addresses: [entry.address], names: entry.names };
    const found = await this.searched({ name, type: 'A', search: true }, resolverConfig(resolvConf)).catch(
      (error: unknown) => {
        throw new NameError(`bad address '${name}' (${messageOf(error)})`);
      },
    );
    const { server, message } = found;
    const own = message.answers.filter(({ type }) => type === 'A');
    const why = FAILED.has(message.rcode) ? ` (${server}: ${message.rcode})` : '';
    if (own.length === 0) throw new NameError(`bad address '${name}'${why}`);
    return { addresses: own.map(({ data }) => data), names: [own[0]?.name.replace(/\.$/, '') ?? name] };
  }

  /** What the servers say, whatever that is. Rejects where none of them says anything. */
  async lookUp(wanted: Lookup, files?: NameFiles): Promise<Found> {
    const { resolvConf } = files ?? (await this.own());
    return await this.searched(wanted, resolverConfig(resolvConf));
  }

  /** The first name along the search path that has such records; the last answer where none has. */
  private async searched(wanted: Lookup, config: ResolverConfig): Promise<Found> {
    const { name, type, search } = wanted;
    const names = (search ? candidates(name, config) : [name.replace(/\.$/, '')]).filter(isLegalName);
    let last: Found | undefined;
    for (const each of names) {
      last = await this.askAll({ ...wanted, name: each }, config);
      if (hasRecords(last.message, type) || FAILED.has(last.message.rcode)) return last;
    }
    if (!last) throw new Error('it is not a legal name');
    return last;
  }

  /** Each server in turn, and all of them again. What one of them knows is what there is. */
  private async askAll(wanted: Lookup, config: ResolverConfig): Promise<Found> {
    const servers = wanted.server === undefined ? config.servers : [wanted.server];
    if (servers.length === 0) throw new Error('no name server is known');
    let [failure, refused]: [unknown, Found | undefined] = [undefined, undefined];
    for (let attempt = 0; attempt < config.attempts; attempt += 1) {
      for (const server of servers) {
        try {
          const found = await this.ask(wanted, server, config);
          if (!FAILED.has(found.message.rcode)) return found;
          refused = found;
        } catch (error) {
          failure = new Error(`${server}: ${messageOf(error)}`);
        }
      }
      if (refused) return refused;
    }
    throw failure;
  }

  private async ask({ name, type, port = DNS_PORT, tcp, bufferSize }: Lookup, server: string, config: ResolverConfig) {
    const { timeoutMilliseconds, useTcp } = config;
    const how = { tcp: tcp ?? useTcp, ...(bufferSize !== undefined && { bufferSize }) };
    const message = await this.client.ask({ server, port, name, type, timeoutMilliseconds, ...how });
    return { server, name, message };
  }
}
