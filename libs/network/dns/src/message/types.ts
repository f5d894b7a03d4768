/** Numbers of the record types that this server knows by name (IANA "DNS parameters"). */
export const TYPE = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
} as const;

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'NS' | 'PTR' | 'SOA' | 'SRV' | 'TXT';

export const CLASS_IN = 1;
export const CLASS_ANY = 255;

export const RCODE = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  /** Needs EDNS, which carries its upper bits. */
  BADVERS: 16,
} as const;

export type Rcode = keyof typeof RCODE;

/** What a record holds, by its type. Addresses as text; names in full, without the dot at their end. */
interface RecordData {
  readonly A: string;
  readonly AAAA: string;
  readonly CNAME: string;
  readonly NS: string;
  readonly PTR: string;
  readonly TXT: string;
  readonly SRV: { readonly priority: number; readonly weight: number; readonly port: number; readonly target: string };
  readonly SOA: {
    readonly mname: string;
    readonly rname: string;
    readonly serial: number;
    readonly refresh: number;
    readonly retry: number;
    readonly expire: number;
    readonly minimum: number;
  };
}

export type ResourceRecord = {
  readonly [T in RecordType]: {
    readonly name: string;
    readonly type: T;
    /** Seconds. */
    readonly ttl: number;
    readonly data: RecordData[T];
  };
}[RecordType];

const NAMES = new Map<number, string>(Object.entries(TYPE).map(([name, number]) => [number, name]));

/** For people and metrics; `other` for a type that is not known here. */
export const typeName = (type: number): string => NAMES.get(type) ?? 'other';
