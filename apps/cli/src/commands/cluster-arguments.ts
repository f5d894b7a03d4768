import { isDns1123Label } from '@binnacle/machinery-validation';
import { ConfigError } from '@binnacle/process-config';

/** As many as a cluster has addresses of Pods for. */
const MOST_NODES = 8;

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const BYTES: Readonly<Record<string, number>> = { '': 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** A name the server would take; throws a ConfigError otherwise. */
export function clusterName(name: string): string {
  const [complaint] = isDns1123Label(name);
  if (complaint) throw new ConfigError(`"${name}" is no name of a cluster: ${complaint}; give another, such as lab`);
  return name;
}

/** `3` */
export function nodeCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count <= MOST_NODES) return count;
  throw new ConfigError(`--nodes must be a whole number up to ${MOST_NODES}, not "${text}"`);
}

/** `7d`, `12h`, `30m`, `90s`: in seconds. */
export function ageOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(number) * (SECONDS[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new ConfigError(`--age must be a time such as 7d, 12h or 30m, not "${text}"`);
}

/** `8Gi`, `500Mi`: in bytes. */
export function sizeOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})((?:[KMGT]i)?)$/.exec(text) ?? [];
  const bytes = Number(number) * (BYTES[unit] ?? 0);
  if (bytes > 0) return bytes;
  throw new ConfigError(`--size must be a size such as 8Gi or 500Mi, not "${text}"`);
}
