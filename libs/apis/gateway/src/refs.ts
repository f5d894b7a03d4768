import type { ResourceRef } from '@binnacle/machinery-meta';

export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

const ref = (plural: string, kind: string, namespaced = true): ResourceRef => ({
  group: GATEWAY_GROUP,
  version: 'v1',
  plural,
  kind,
  namespaced,
});

/** The resources of the Gateway API, version 1, as far as they are served here. */
export const gatewayRefs = {
  gatewayclasses: ref('gatewayclasses', 'GatewayClass', false),
  gateways: ref('gateways', 'Gateway'),
  httproutes: ref('httproutes', 'HTTPRoute'),
  grpcroutes: ref('grpcroutes', 'GRPCRoute'),
  referencegrants: ref('referencegrants', 'ReferenceGrant'),
} as const;

/** What the kinds are defined by. */
export const definitionsRef: ResourceRef = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
};
