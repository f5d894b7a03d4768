import dnsPacket, { type Answer } from 'dns-packet';
import { plainLabels } from '../message/names.js';
import type { ResourceRecord } from '../message/types.js';

const MOST_RECORDS = 64;

function recordOf(answer: Answer): ResourceRecord[] {
  const { name, type } = answer;
  if ((type !== 'A' && type !== 'AAAA' && type !== 'CNAME') || !plainLabels(name)) return [];
  const { data, ttl = 0 } = answer;
  return type !== 'CNAME' || plainLabels(data) ? [{ name, type, ttl, data }] : [];
}

/** The addresses that a message answers with, and the names they stand behind; none where it cannot be read. */
export function addressesIn(message: Buffer): ResourceRecord[] {
  try {
    return (dnsPacket.decode(message).answers ?? []).slice(0, MOST_RECORDS).flatMap(recordOf);
  } catch {
    return [];
  }
}
