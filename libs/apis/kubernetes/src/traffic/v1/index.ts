import type { KubeObject } from '@binnacle/machinery-meta';

/** An address and port as the cluster names them. */
export interface ConnectionPeer {
  address: string;
  port: number;
  /** The node it is on, where its address tells. */
  nodeName?: string;
}

export interface ConnectionSpec {
  protocol: string;
  /** Of the Service in its namespace. */
  serviceName: string;
  /** The name of the Service's port, or its number where it has none. */
  servicePort: string;
  /** Which of the Service's addresses was asked: ClusterIP, NodePort, ExternalIP or LoadBalancer. */
  purpose: string;
  /** Where the client asked. */
  asked: ConnectionPeer;
  client: ConnectionPeer;
  endpoint: ConnectionPeer;
}

export interface ConnectionStatus {
  /** From the client to the endpoint. */
  sentBytes: number;
  receivedBytes: number;
  /** Its endpoint gets no new connections. */
  draining: boolean;
}

/** A connection that stands, or over UDP a session, to a Service. It lives in the Service's namespace. */
export interface Connection extends KubeObject {
  spec: ConnectionSpec;
  status: ConnectionStatus;
}

/** What was carried since the proxy is there, what stands included. */
export interface TrafficTally {
  total: number;
  /** How often an endpoint could not be reached. */
  failed: number;
  sentBytes: number;
  receivedBytes: number;
}

export interface EndpointTraffic extends TrafficTally, ConnectionPeer {
  /** How many stand. */
  active: number;
}

export interface PortTraffic extends TrafficTally {
  /** The name of the Service's port, or its number where it has none. */
  name: string;
  protocol: string;
  active: number;
  /** Clients outside of the ranges of sources. */
  notAdmitted: number;
  /** Clients for whom no endpoint could be reached. */
  unanswered: number;
  /** Those there are, and those that something stands to; the sums above have the others too. */
  endpoints: EndpointTraffic[];
}

/** What a Service carries. Its name is the Service's. */
export interface ServiceTraffic extends KubeObject {
  ports: PortTraffic[];
}
