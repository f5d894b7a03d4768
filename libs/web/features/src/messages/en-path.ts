import type { FaultCode, Passage, StageKind, StopKind } from '@binnacle/apis-request-path';

const steps = {
  entry: 'Request',
  ingress: 'Ingress',
  certificate: 'Certificate',
  address: 'Address',
  port: 'Port',
  service: 'Service',
  target: 'Target port',
  pods: 'Pods',
  external: 'Outside',
} satisfies Record<StageKind, string>;

const stops = {
  host: 'host and path',
  ingressAddress: 'class',
  certificate: 'Secret',
  name: 'DNS name',
  clusterIP: 'cluster IP',
  nodePort: 'on every node',
  loadBalancer: 'load balancer',
  externalIP: 'external IP',
  port: 'of the Service',
  service: 'selects',
  targetPort: 'at the Pods',
  pod: 'Pod',
  endpoint: 'endpoint',
  container: 'container',
  external: 'another name',
  other: 'no Service',
} satisfies Record<StopKind, string>;

const passages = {
  open: 'Open',
  part: 'Open in part',
  doubt: 'Looks wrong',
  broken: 'Broken',
  unknown: 'Not all may be seen',
} satisfies Record<Passage, string>;

const faults = {
  noLoadBalancer:
    'No load balancer has given it an address yet{class, select, none {.} other {. The class {class} would have to.}}',
  loadBalancerError: 'The load balancer says of this port: {error}.',
  sourceRanges: 'Only clients from {ranges} are let in at the load balancer.',
  localNodes: 'Only nodes with a ready Pod answer here (externalTrafficPolicy: Local).',
  headlessPort: 'It is headless: clients reach the Pods themselves and must ask at port {target}, not at {port}.',
  externalNameAddress: '{name} is an address. An ExternalName has to be a name; most clients find nothing by it.',
  externalNamePort: 'Ports are not translated here: clients must ask at the port that the other name serves.',
  noSelector: 'It has no selector: somebody else writes its endpoints.',
  noSelectorNoEndpoints: 'It has no selector, and nobody has written endpoints for it.',
  selectsNothing: 'No Pod of this namespace has the labels {selector}.',
  selectsAlmost:
    'No Pod has all the labels that it selects. {pod} has {has, select, none {no label {key}} other {{key}={has}}}, and {key}={wants} is selected.',
  noPodReady: '{total, plural, one {The only Pod is not ready.} other {None of # Pods is ready.}}',
  someNotReady: '{ready} of {total, plural, one {# Pod} other {# Pods}} take requests.',
  noPortOfThatName:
    'No container has a port named {port} ({protocol}){has, select, none {, and none says at which it listens.} other {. They have {has}.}}',
  someHaveNoPortOfThatName:
    '{count} of {total, plural, one {# Pod} other {# Pods}} have no port named {port} ({protocol}), and get no requests. All have {has}.',
  portOtherProtocol: 'The port named {port} is not of {protocol}. The containers have {has}.',
  undeclaredPort:
    'No container says that it listens at {port}; they say {has}. Ports need not be declared, but probably nobody answers here.',
  podUnscheduled: 'No node has been found for it.',
  podWaiting: 'It does not run: {status}.',
  podEnded: 'It has ended: {status}.',
  podTerminating: 'It is being deleted, and gets no new requests.',
  podNotReady: 'It is not ready{containers, select, none {.} other {: {containers} does not answer its probe.}}',
  podHasNoEndpoint: 'It is ready, and no endpoint leads to it. The controller manager makes them.',
  podIsGone: 'An endpoint leads to a Pod that is not there any more.',
  policyRefuses: 'Network policies let nobody in at {port}: {policies}.',
  policyLimits: 'Network policies let only some in at {port}: {policies}.',
  policiesUnseen: 'You may not see network policies; one of them may refuse requests here.',
  noClass:
    'It has no class, so nobody serves it. {default, select, none {There is no default class either.} other {The default class {default} is given only to those that are made after it.}}',
  classMissing: 'There is no IngressClass {class}.',
  noIngressAddress:
    'Nobody has given it an address yet. {class, select, none {No controller seems to serve it.} other {No controller of the class {class} seems to run.}}',
  serviceMissing: 'There is no Service {name} in {namespace}.',
  servicePortMissing: '{asked} is no port of the Service. It has {has}.',
  notAService: 'It leads to something that is no Service; only its controller knows where that goes.',
  secretMissing: 'There is no Secret of type kubernetes.io/tls with this name.',
  secretUnnamed: 'No Secret is named: the controller shows a certificate of its own.',
  secretIncomplete: 'The Secret has no {key}.',
  certificateUnreadable: 'The certificate or its key cannot be read.',
  certificateKey: 'The key beside it belongs to another certificate.',
  certificateExpired: 'It has ended, on {time}.',
  certificateNotYet: 'It is not valid before {time}.',
  certificateSoon: '{days, plural, =0 {It ends within a day.} one {It ends in # day.} other {It ends in # days.}}',
  certificateOtherHost: 'It is not for {host}. It is for {names, select, none {no name at all} other {{names}}}.',
  shadowed: 'An earlier rule has the same host and path, and takes all of its requests.',
} satisfies Record<FaultCode, string>;

/** What is said of the way of requests. */
export const pathing = {
  path: {
    title: 'The way of a request',
    none: 'No rule leads anywhere',
    steps,
    stops,
    passages,
    faults,
    brokenAt: 'Broken at: {step}',
    at: '{step} {stop}',
    atSeveral: '{step} ({count})',
    pending: 'no address yet',
    anyNode: 'any node:{port}',
    unnamed: 'none named',
    refused: 'You may not see what stands here',
    loading: 'Loading',
    nothing: 'nothing',
    more: '{count, plural, one {# more} other {# more}}',
    fewer: 'Fewer',
    traffic: '{active} open · {total} so far · {bytes}',
    failed: '{failed, plural, one {# found nobody} other {# found nobody}}',
    connections: 'Connected now',
    noConnections: 'Nobody is connected',
    columns: {
      client: 'Who asks',
      asked: 'Asked at',
      ledTo: 'Led to',
      carried: 'Sent / received',
      since: 'Since',
    },
    purposes: {
      ClusterIP: 'cluster IP',
      NodePort: 'node port',
      ExternalIP: 'external IP',
      LoadBalancer: 'load balancer',
    },
    trial: {
      path: 'Try it: GET',
      send: 'Send',
      underWay: 'Under way',
      asked: 'The proxy took it at',
      reached: 'led it to',
      answered: 'answered with',
      arrived: 'It got there',
      failures: {
        NoAddress: 'Nothing is open at the Service’s own address for this port.',
        Refused: 'Nobody listens at the Service’s own address.',
        NoEndpoint:
          'The proxy took it, and could reach no endpoint: there is none, it does not listen, or a policy drops it.',
        NoAnswer: 'The endpoint did not answer in time: it hangs, or a policy drops what is sent to it.',
        Closed: 'The endpoint took it, and hung up.',
        NotHttp: 'The endpoint answered with something that is not HTTP.',
      },
    },
    draining: 'gets no new ones',
    stepsOf: 'Steps of {lane}',
  },
};
