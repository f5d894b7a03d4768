import { cidrWarnings, fieldPath, ipWarnings } from '@binnacle/machinery-validation';
import type { Service, ServiceSpec } from '../index.js';

const SPEC = fieldPath('spec');
const OLD_HINTS = 'service.kubernetes.io/topology-aware-hints';
const HINTS = 'service.kubernetes.io/topology-mode';

const isHeadless = ({ type, clusterIP }: ServiceSpec): boolean => type === 'ClusterIP' && clusterIP === 'None';

function addressWarnings({ clusterIPs = [], externalIPs = [], loadBalancerIP, ...spec }: ServiceSpec): string[] {
  const list = (field: string, values: readonly string[], warn: typeof ipWarnings) =>
    values.flatMap((value, index) => warn(value, SPEC.child(field).index(index)));
  return [
    ...list('clusterIPs', clusterIPs, ipWarnings),
    ...list('externalIPs', externalIPs, ipWarnings),
    ...(loadBalancerIP ? ipWarnings(loadBalancerIP, SPEC.child('loadBalancerIP')) : []),
    ...list('loadBalancerSourceRanges', spec.loadBalancerSourceRanges ?? [], cidrWarnings),
  ];
}

function headlessWarnings({ loadBalancerIP, externalIPs = [], sessionAffinity = 'None' }: ServiceSpec): string[] {
  const ignored = { loadBalancerIP, externalIPs: externalIPs[0], SessionAffinity: sessionAffinity !== 'None' };
  return Object.entries(ignored).flatMap(([field, set]) =>
    set ? [`spec.${field} is ignored for headless services`] : [],
  );
}

function externalWarnings({ type, externalIPs = [], externalName }: ServiceSpec): string[] {
  const isAlias = type === 'ExternalName';
  const open = externalIPs.length > 0;
  return [
    ...(open && isAlias ? ['spec.externalIPs is ignored when spec.type is "ExternalName"'] : []),
    ...(open && !isAlias ? ['spec.externalIPs is deprecated and may no longer be implemented in some clusters'] : []),
    ...(externalName && !isAlias ? ['spec.externalName is ignored when spec.type is not "ExternalName"'] : []),
  ];
}

/** What a client should know of a Service that is valid. Behaves as kubernetes pkg/api/service GetWarningsForService. */
export function serviceWarnings({ metadata, spec = {} }: Service): string[] {
  const isOld = metadata.annotations?.[OLD_HINTS] !== undefined;
  const { externalIPs: _, ...closed } = spec;
  const old = spec.trafficDistribution === 'PreferClose';
  return [
    ...(isOld ? [`annotation ${OLD_HINTS} is deprecated, please use ${HINTS} instead`] : []),
    ...addressWarnings(spec),
    ...(isHeadless(spec) ? [...headlessWarnings(spec), ...externalWarnings(closed)] : externalWarnings(spec)),
    ...(old ? ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'] : []),
  ];
}
