import { type DefinitionSchema, own, schemaTable } from '@binnacle/apis-schema';
import { builtinSchemas } from '../../schemas/builtin-schemas.js';

const PACKAGE = 'dev.binnacle.networking.v1';
export const REQUEST_TRIAL = `${PACKAGE}.RequestTrial`;
const SPEC = `${REQUEST_TRIAL}Spec`;
const STATUS = `${REQUEST_TRIAL}Status`;
const PEER = `${PACKAGE}.TrialPeer`;

const TEXTS: Readonly<Record<string, string>> = {
  [REQUEST_TRIAL]:
    'RequestTrial sends one request to a Service and tells how far it got. It is only asked, and never kept; it takes the right to get services/proxy.',
  [SPEC]: 'RequestTrialSpec says what is asked of which Service.',
  [STATUS]: 'RequestTrialStatus tells how far the request got. Times are milliseconds since it began.',
  [PEER]: 'TrialPeer is where a step of the way was.',
  address: 'Address as the cluster names it.',
  answeredMilliseconds: 'AnsweredMilliseconds is when the answer was there.',
  asked: 'Asked is the address of the Service that was asked.',
  code: 'Code of the HTTP answer.',
  connectedMilliseconds: 'ConnectedMilliseconds is when the proxy had taken the request.',
  endpoint: 'Endpoint is whom the proxy led it to.',
  failure: 'Failure says why there was no answer.',
  namespace: 'Namespace of the Service.',
  nodeName: 'NodeName is the node that the address is on, where it tells.',
  path: 'Path that is asked for by GET; / where it is not said.',
  port: 'Port of the Service, or of the address.',
  reachedMilliseconds: 'ReachedMilliseconds is when the endpoint had been reached.',
  service: 'Service is its name.',
  spec: 'Spec says what is asked.',
  status: 'Status is filled in by the server.',
  text: 'Text is the beginning of the answer.',
  truncated: 'Truncated says that there was more of it.',
};

const { text, number, flag, object } = own;

const VALUES = { failure: ['NoAddress', 'Refused', 'NoEndpoint', 'NoAnswer', 'Closed', 'NotHttp'] };
const structure = own.structuresWith(VALUES);

const definitions: readonly DefinitionSchema[] = [
  {
    ...structure(REQUEST_TRIAL, {
      'apiVersion?': text,
      'kind?': text,
      'metadata?': object('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'),
      spec: object(SPEC),
      'status?': object(STATUS),
    }),
    gvk: { group: 'networking.binnacle.dev', version: 'v1', kind: 'RequestTrial' },
  },
  structure(SPEC, { namespace: text, service: text, port: number, 'path?': text }),
  structure(STATUS, {
    'asked?': object(PEER),
    'connectedMilliseconds?': text,
    'endpoint?': object(PEER),
    'reachedMilliseconds?': text,
    'answeredMilliseconds?': text,
    'code?': number,
    'text?': text,
    'truncated?': flag,
    'failure?': text,
  }),
  structure(PEER, { address: text, port: number, 'nodeName?': text }),
];

/** The structure of the question and its answer, on top of Kubernetes' own. */
export const trialSchemas = schemaTable('trial', definitions, builtinSchemas, (name, field) =>
  field === undefined ? TEXTS[name] : name.startsWith(PACKAGE) ? TEXTS[field] : undefined,
);
