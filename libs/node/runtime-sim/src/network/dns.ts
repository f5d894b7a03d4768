export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'PTR' | 'SRV';

export interface DnsRecord {
  /** In full, with the dot at its end. */
  readonly name: string;
  readonly type: RecordType;
  /** As `dig` writes it: an address, a name, or `0 100 80 name.`. */
  readonly data: string;
}

/** What the cluster's DNS answers; `namespace` is where the asking Pod lives. */
export type RecordResolver = (name: string, type: RecordType, namespace: string) => readonly DnsRecord[];

export const noRecords: RecordResolver = () => [];
