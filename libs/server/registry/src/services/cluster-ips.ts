import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { newInternalError } from '@binnacle/machinery-meta';
import { fieldPath, invalid as invalidField } from '@binnacle/machinery-validation';
import { invalid } from '../failures.js';
import { type RequestContext, unhurried } from '../request-context.js';
import type { Values } from './allocator.js';
import type { Claimant } from './claims.js';

const HEADLESS = 'None';
export const SERVICE = { group: '', names: { plural: 'services', kind: 'Service' } };

/** The addresses a Service holds. */
export function clusterIpsOf(service: Service): string[] {
  const { type, clusterIP, clusterIPs } = service.spec ?? {};
  if (type === 'ExternalName') return [];
  const all = clusterIPs?.length ? clusterIPs : clusterIP ? [clusterIP] : [];
  return all.filter((ip) => ip !== '' && ip !== HEADLESS);
}

function refuse(service: Service, why: string): Error {
  const value = service.spec?.clusterIPs ?? [];
  const error = invalidField(fieldPath('spec', 'clusterIPs'), value, why);
  return invalid(SERVICE, service.metadata.name ?? '', [error]);
}

type Options = { readonly claimant: Claimant; readonly dryRun: boolean };

/** Claims the addresses a Service names, or one for a Service that names none. Answers what it claimed. */
export async function claimClusterIps(
  ctx: RequestContext,
  addresses: Values,
  service: Service,
  held: readonly string[],
  options: Options,
): Promise<string[]> {
  const { spec } = service;
  if (!spec || spec.type === 'ExternalName' || spec.clusterIP === HEADLESS) return [];
  const wanted = clusterIpsOf(service);
  if (wanted.length === 0) return [await claimAny(ctx, addresses, service, options)];
  spec.clusterIP = wanted[0] ?? '';
  spec.clusterIPs = wanted;
  const claimed: string[] = [];
  try {
    for (const ip of wanted.filter((address) => !held.includes(address))) {
      await claimNamed(ctx, addresses, service, ip, options);
      claimed.push(ip);
    }
  } catch (error) {
    if (!options.dryRun) for (const ip of claimed) await addresses.claims.release(unhurried(ctx), ip);
    throw error;
  }
  return claimed;
}

async function claimNamed(
  ctx: RequestContext,
  addresses: Values,
  service: Service,
  ip: string,
  { claimant, dryRun }: Options,
): Promise<void> {
  // What is only tried takes nothing from anybody, and upstream does not look.
  const tried = dryRun && addresses.contains(ip);
  const outcome = tried ? 'claimed' : await addresses.claim(ctx, ip, claimant, dryRun);
  if (outcome === 'taken') throw refuse(service, `failed to allocate IP ${ip}: provided IP is already allocated`);
  if (outcome === 'outOfRange') {
    const range = `The range of valid IPs is ${addresses}`;
    throw refuse(service, `failed to allocate IP ${ip}: the provided IP (${ip}) is not in the valid range. ${range}`);
  }
}

async function claimAny(ctx: RequestContext, addresses: Values, { spec }: Service, options: Options): Promise<string> {
  const { claimant, dryRun } = options;
  const ip = dryRun ? addresses.dummy : await addresses.claimAny(ctx, claimant);
  if (ip === undefined) throw newInternalError('failed to allocate a serviceIP: range is full');
  if (spec) {
    spec.clusterIP = ip;
    spec.clusterIPs = [ip];
  }
  return ip;
}
