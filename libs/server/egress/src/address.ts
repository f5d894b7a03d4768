import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';

/** A server that cannot be asked where it is said to be. */
export class NoAddress extends Error {}

/** Where nobody's webhook or issuer lives: metadata services of clouds, and addresses that are everybody's or nobody's. */
const forbidden = new BlockList();
forbidden.addSubnet('0.0.0.0', 8);
forbidden.addSubnet('169.254.0.0', 16);
forbidden.addSubnet('224.0.0.0', 3);
// Of Alibaba Cloud and of Azure, which are not link-local.
forbidden.addAddress('100.100.100.200');
forbidden.addAddress('168.63.129.16');
// The link-local ones as NAT64 writes them.
forbidden.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
forbidden.addAddress('::', 'ipv6');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addSubnet('fd00:ec2::', 32, 'ipv6');
forbidden.addSubnet('ff00::', 8, 'ipv6');

export function isForbiddenAddress(address: string): boolean {
  return forbidden.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Refuses an address written out; a name is looked at when it is resolved. @throws NoAddress */
export function checkLiteral(host: string): void {
  if (isIP(host) !== 0 && isForbiddenAddress(host)) throw new NoAddress(`nobody may be asked at ${host}`);
}

/** Resolves names, and refuses those that lead to an address nobody may be asked at. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    const addresses = error ? [] : found.filter(({ address }) => !isForbiddenAddress(address));
    const [first] = addresses;
    if (error || !first) {
      const why = error ?? new NoAddress(`${hostname} leads to no address that may be asked`);
      callback(why, '', 4);
    } else if (options.all) (callback as unknown as (error: null, all: typeof found) => void)(null, addresses);
    else callback(null, first.address, first.family);
  });
};
