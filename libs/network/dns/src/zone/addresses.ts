import { isIPv4, isIPv6 } from 'node:net';

const HEX_DIGITS = 32;

/** An IPv6 address in one way of writing, for comparing; of several that mean the same all are equal. */
export function canonical(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

function reversedV6(nibbles: readonly string[]): string | undefined {
  if (nibbles.length !== HEX_DIGITS || !nibbles.every((nibble) => /^[0-9a-f]$/.test(nibble))) return undefined;
  const digits = [...nibbles].reverse().join('');
  return canonical((digits.match(/.{4}/g) ?? []).join(':'));
}

/** The address that a name of `in-addr.arpa` or `ip6.arpa` asks about; undefined where it asks about none in full. */
export function reversedAddress(labels: readonly string[]): string | undefined {
  const [family, root] = labels.slice(-2);
  if (root !== 'arpa') return undefined;
  const rest = labels.slice(0, -2);
  if (family === 'ip6') return reversedV6(rest);
  const address = [...rest].reverse().join('.');
  return family === 'in-addr' && isIPv4(address) ? address : undefined;
}

/** Whether a name lies where addresses are looked up by. */
export const isReverse = (labels: readonly string[]): boolean =>
  labels.at(-1) === 'arpa' && ['in-addr', 'ip6'].includes(labels.at(-2) ?? '');

/** Whether addresses lie below a name, which is there itself as long as it is not one of them in full. */
export function isAboveAddresses(labels: readonly string[]): boolean {
  const [most, part] = labels.at(-2) === 'ip6' ? [HEX_DIGITS, /^[0-9a-f]$/] : [4, /^\d{1,3}$/];
  const rest = labels.slice(0, -2);
  return isReverse(labels) && rest.length < most && rest.every((label) => part.test(label));
}

/** The address that is written with dashes, as the names of Pods are; undefined where none is. */
export function dashedAddress(label: string): string | undefined {
  const v4 = label.replaceAll('-', '.');
  if (isIPv4(v4)) return v4;
  const v6 = label.replaceAll('-', ':');
  return isIPv6(v6) ? canonical(v6) : undefined;
}
