import { type Query, readQuery } from '../message/query.js';
import { type Asked, type Reply, writeReply } from '../message/reply.js';
import { CLASS_ANY, CLASS_IN, type Rcode, type ResourceRecord, TYPE } from '../message/types.js';
import { isAboveAddresses } from '../zone/addresses.js';
import type { ClusterZone } from '../zone/cluster-zone.js';
import type { ZoneAnswer } from '../zone/zone-answer.js';

export type Transport = 'udp' | 'tcp';

/** Who asks. */
export interface Client {
  readonly address: string;
  readonly transport: Transport;
}

/** Where names beside the cluster's are asked about. */
export interface Outside {
  /** Whether any name may be asked about. */
  readonly isOpen: boolean;
  /** Whether there is somebody to ask about a name. */
  covers(labels: readonly string[]): boolean;
  /** The message that answers, of at most `limit` bytes; undefined where nobody has answered. */
  forward(query: Query, client: Client, limit: number): Promise<Buffer | undefined>;
  /** The addresses of a name, and the names it stands for; none where nobody has answered. `type` is A or AAAA. */
  addresses(name: string, type: number, client: Client): Promise<readonly ResourceRecord[]>;
}

/** Is told of every question that was answered. */
export interface DnsObserver {
  answered(query: Pick<Query, 'type'>, client: Client, rcode: Rcode, bytes: number): void;
}

const SMALLEST_DATAGRAM = 512;
/** What a client says it takes is believed up to here. */
const LARGEST_DATAGRAM = 4096;
const LARGEST_MESSAGE = 65_535;
/** A name may stand for another, and that for a third. */
const MOST_ALIASES = 8;

function limitOf({ edns }: Pick<Query, 'edns'>, { transport }: Client): number {
  if (transport === 'tcp') return LARGEST_MESSAGE;
  return Math.min(Math.max(edns?.payloadSize ?? 0, SMALLEST_DATAGRAM), LARGEST_DATAGRAM);
}

/** What is never answered: whole zones, and other classes than the internet's. */
function refusal(query: Query): Rcode | undefined {
  if (query.class !== CLASS_IN && query.class !== CLASS_ANY) return 'REFUSED';
  return query.type === TYPE.AXFR || query.type === TYPE.IXFR ? 'REFUSED' : undefined;
}

const labelsOf = (name: string): string[] => name.toLowerCase().split('.');

/** What the cluster's names lead to, aliases followed; `outside` is one that leads away. */
interface Followed {
  readonly rcode: Rcode;
  readonly answers: readonly ResourceRecord[];
  readonly additionals?: readonly ResourceRecord[];
  readonly outside?: string;
}

/** Answers messages: from the cluster's zone, else from outside where somebody is asked there. */
export class Responder {
  private turn = 0;

  constructor(
    private readonly zone: ClusterZone,
    private readonly outside: Outside,
    private readonly observer: DnsObserver,
  ) {}

  /** Undefined for what is not to be answered. */
  respond(bytes: Buffer, client: Client): Buffer | undefined | Promise<Buffer | undefined> {
    const read = readQuery(bytes);
    if (!read) return undefined;
    if ('bad' in read) return this.reply({ ...read.bad, type: 0 }, client, { rcode: read.bad.rcode });
    const { query } = read;
    const refused = refusal(query);
    if (refused) return this.reply(query, client, { rcode: refused });
    const known = this.zone.lookup(query.labels, query.type);
    return known ? this.fromZone(query, client, known) : this.fromOutside(query, client);
  }

  private fromZone(query: Query, client: Client, known: ZoneAnswer): Buffer | Promise<Buffer> {
    const followed = this.follow(query, known);
    const { outside } = followed;
    const isAddress = query.type === TYPE.A || query.type === TYPE.AAAA;
    if (outside === undefined || !isAddress || !this.outside.covers(labelsOf(outside)))
      return this.reply(query, client, this.zoneReply(query, followed));
    return this.outside.addresses(outside, query.type, client).then((found) => {
      const answers = [...followed.answers, ...found];
      return this.reply(query, client, this.zoneReply(query, { ...followed, answers }));
    });
  }

  private fromOutside(query: Query, client: Client): Buffer | Promise<Buffer> {
    if (this.outside.covers(query.labels)) {
      return this.outside.forward(query, client, limitOf(query, client)).then((answer) => {
        if (!answer) return this.reply(query, client, { rcode: 'SERVFAIL', recursionAvailable: true });
        return answer;
      });
    }
    // Where nobody else is asked there are no other names. Programs would not look further along their search path if refused.
    const isAbove = query.labels.length === 0 || isAboveAddresses(query.labels);
    const rcode = isAbove ? 'NOERROR' : 'NXDOMAIN';
    return this.reply(query, client, this.zoneReply(query, { rcode, answers: [] }));
  }

  private follow(query: Query, known: ZoneAnswer): Followed {
    if (known.kind === 'no name') return { rcode: 'NXDOMAIN', answers: [] };
    const answers = [...this.inTurn(known.answers)];
    const { additionals, alias } = known;
    if (alias === undefined || query.type === TYPE.CNAME || query.type === TYPE.ANY)
      return { rcode: 'NOERROR', answers, ...(additionals && { additionals }) };
    return this.followAlias(query, answers, alias);
  }

  private followAlias({ type }: Query, answers: ResourceRecord[], first: string): Followed {
    let alias: string | undefined = first;
    for (let hops = 0; alias !== undefined && hops < MOST_ALIASES; hops += 1) {
      const next = this.zone.lookup(labelsOf(alias), type);
      if (!next) return { rcode: 'NOERROR', answers, outside: alias };
      // The code is that of the last name (RFC 6604).
      if (next.kind === 'no name') return { rcode: 'NXDOMAIN', answers };
      answers.push(...this.inTurn(next.answers));
      alias = next.alias;
    }
    return { rcode: 'NOERROR', answers };
  }

  /** Another one first each time, for clients that take the first. */
  private inTurn(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
    if (records.length < 2) return records;
    this.turn = (this.turn + 1) % LARGEST_MESSAGE;
    const at = this.turn % records.length;
    return [...records.slice(at), ...records.slice(0, at)];
  }

  private zoneReply({ labels }: Query, { rcode, answers, additionals }: Followed): Reply {
    const authorities = answers.length === 0 || rcode !== 'NOERROR' ? [this.zone.authority(labels)] : [];
    const { isOpen: recursionAvailable } = this.outside;
    return {
      rcode,
      authoritative: true,
      recursionAvailable,
      answers,
      authorities,
      ...(additionals && { additionals }),
    };
  }

  private reply(asked: Asked & Pick<Query, 'type'>, client: Client, reply: Reply): Buffer {
    const bytes = writeReply(asked, reply, limitOf(asked, client));
    this.observer.answered(asked, client, reply.rcode, bytes.length);
    return bytes;
  }
}
