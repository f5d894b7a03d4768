import type { ServicePort } from '@binnacle/apis-kubernetes/core/v1';

/** What a backend speaks: HTTP/1.1, or HTTP/2 for gRPC; with an S over TLS. */
export type BackendProtocol = 'HTTP' | 'HTTPS' | 'GRPC' | 'GRPCS';

/** A port of a Service to which requests are sent, and how. */
export interface BackendSpec {
  /** Says all of it, so that two of one id are one. */
  readonly id: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: ServicePort;
  readonly protocol: BackendProtocol;
}

export const isSecure = (protocol: BackendProtocol): boolean => protocol.endsWith('S');

/** Whether it is spoken to by HTTP/2. */
export const isMultiplexed = (protocol: BackendProtocol): boolean => protocol.startsWith('GRPC');
