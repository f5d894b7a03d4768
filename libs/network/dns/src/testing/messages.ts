import dnsPacket, { type DecodedPacket, type Packet } from 'dns-packet';

/** The bytes of a question as a client of another make writes it. */
export function question(name: string, type: string, more: Packet = {}): Buffer {
  const flags = dnsPacket.RECURSION_DESIRED;
  return dnsPacket.encode({ type: 'query', id: 7, flags, questions: [{ type: type as 'A', name }], ...more });
}

/** EDNS of a client that takes datagrams of so many bytes. */
export const takes = (udpPayloadSize: number): Packet => ({
  additionals: [
    { type: 'OPT', name: '.', udpPayloadSize, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] },
  ],
});

/** What the client reads. */
export const decoded = (bytes: Buffer): DecodedPacket & { rcode: string } =>
  dnsPacket.decode(bytes) as DecodedPacket & { rcode: string };

/** Answers as `name type data`. */
export const lines = (records: Packet['answers']): string[] =>
  (records ?? []).map((record) => {
    const data = 'data' in record ? record.data : '';
    return `${record.name} ${record.type} ${typeof data === 'string' ? data : JSON.stringify(data)}`;
  });
