import { type DefinitionSchema, own, schemaTable } from '@binnacle/apis-schema';
import { builtinSchemas } from '../../schemas/builtin-schemas.js';

const PACKAGE = 'dev.binnacle.networking.v1';
export const CONNECTION = `${PACKAGE}.Connection`;
export const SERVICE_TRAFFIC = `${PACKAGE}.ServiceTraffic`;
const PEER = `${PACKAGE}.ConnectionPeer`;
const SPEC = `${PACKAGE}.ConnectionSpec`;
const STATUS = `${PACKAGE}.ConnectionStatus`;
const PORT = `${PACKAGE}.PortTraffic`;
const ENDPOINT = `${PACKAGE}.EndpointTraffic`;
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const GROUP = { group: 'networking.binnacle.dev', version: 'v1' };

const TEXTS: Readonly<Record<string, string>> = {
  [CONNECTION]:
    'Connection is a TCP connection or a UDP session to a Service, while it stands. The proxy tells of it, and it cannot be written.',
  [SERVICE_TRAFFIC]:
    'ServiceTraffic counts what a Service carries since the proxy carries it. It has the name of the Service, and cannot be written.',
  [PEER]: 'ConnectionPeer is one end of a connection.',
  [SPEC]: 'ConnectionSpec says who is connected to whom.',
  [STATUS]: 'ConnectionStatus says what has been carried so far.',
  [PORT]: 'PortTraffic counts what one port of a Service carries.',
  [ENDPOINT]: 'EndpointTraffic counts what one endpoint is sent.',
  active: 'Active is how many stand.',
  address: 'Address as the cluster names it.',
  asked: 'Asked is where the client asked.',
  client: 'Client is who asked.',
  draining: 'Draining says that the endpoint gets no new connections.',
  endpoint: 'Endpoint is who is asked in the end.',
  endpoints:
    'Endpoints there are, and those that something stands to. What went to others before is in the sums of the port alone.',
  failed: 'Failed is how often an endpoint could not be reached.',
  name: 'Name of the port of the Service, or its number where it has none.',
  nodeName: 'NodeName is the node that the address is on, where it tells.',
  notAdmitted: 'NotAdmitted counts clients outside of the ranges of sources.',
  port: 'Port that belongs to the address.',
  ports: 'Ports of the Service that are open.',
  protocol: 'Protocol is TCP or UDP.',
  purpose: 'Purpose of the address that was asked: ClusterIP, NodePort, ExternalIP or LoadBalancer.',
  receivedBytes: 'ReceivedBytes went from endpoints to clients.',
  sentBytes: 'SentBytes went from clients to endpoints.',
  serviceName: 'ServiceName is the name of the Service.',
  servicePort: 'ServicePort is the name of the port of the Service, or its number where it has none.',
  spec: 'Spec says who is connected to whom.',
  status: 'Status says what has been carried so far.',
  total: 'Total is how many there have been.',
  unanswered: 'Unanswered counts clients for whom no endpoint could be reached.',
};

const { text, number, flag, object } = own;
const list = (name: string) => own.listOf(object(name));

const head = { 'apiVersion?': text, 'kind?': text, 'metadata?': object(META) };
const peer = { address: text, port: number, 'nodeName?': text };
const bytes = { sentBytes: number, receivedBytes: number };
const counts = { active: number, total: number, failed: number, ...bytes };
const VALUES = { protocol: ['TCP', 'UDP'], purpose: ['ClusterIP', 'NodePort', 'ExternalIP', 'LoadBalancer'] };

const structure = own.structuresWith(VALUES);

const definitions: readonly DefinitionSchema[] = [
  {
    ...structure(CONNECTION, { ...head, 'spec?': object(SPEC), 'status?': object(STATUS) }),
    gvk: { ...GROUP, kind: 'Connection' },
  },
  {
    ...structure(SERVICE_TRAFFIC, { ...head, 'ports?': list(PORT) }),
    gvk: { ...GROUP, kind: 'ServiceTraffic' },
  },
  structure(PEER, peer),
  structure(SPEC, {
    protocol: text,
    serviceName: text,
    servicePort: text,
    purpose: text,
    asked: object(PEER),
    client: object(PEER),
    endpoint: object(PEER),
  }),
  structure(STATUS, { ...bytes, draining: flag }),
  structure(PORT, {
    name: text,
    protocol: text,
    ...counts,
    notAdmitted: number,
    unanswered: number,
    endpoints: list(ENDPOINT),
  }),
  structure(ENDPOINT, { ...peer, ...counts }),
];

/** The structure of what Services carry, on top of Kubernetes' own. */
export const trafficSchemas = schemaTable('traffic', definitions, builtinSchemas, (name, field) =>
  field === undefined ? TEXTS[name] : name.startsWith(PACKAGE) ? TEXTS[field] : undefined,
);
