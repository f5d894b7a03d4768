import { type OpenApiDocument, type Operation, operationsOf } from './openapi.js';
import { Random } from './random.js';
import { odd, sample, spoil } from './values.js';

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

const NAMES = ['a', 'b', 'c', 'fuzz', 'default', 'kubernetes'];
const ODD_SEGMENTS = [
  '%zz',
  '%00',
  '..%2f..',
  '%E4%B8%AD',
  '__proto__',
  'constructor',
  'A_B',
  '%20',
  '~',
  'x'.repeat(254),
  '',
];
const ODD_METHODS = ['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'PATCH', 'POST', 'DELETE'];
const PREFIXES = [
  '/clusters/main',
  '/clusters/nowhere',
  '/clusters/%zz',
  '/clusters/',
  '/watch',
  '//',
  '/api/v1/watch',
];
const OTHER_PATHS = [
  '/',
  '/version',
  '/version/',
  '/readyz',
  '/livez?verbose',
  '/healthz/nothing',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/apis/apps/v1',
  '/api',
  '/apis',
  '/apis/apps',
  '/apis/nothing/v1',
  '/api/v1',
  '/auth/session',
  '/auth/login',
  '/auth/logout',
  '/.well-known/openid-configuration',
  '/favicon.ico',
  '/graphql',
  '/socket.io/',
];
const ACCEPTS = [
  'application/json',
  'application/yaml',
  '*/*',
  'application/vnd.kubernetes.protobuf',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  'application/json;as=Nothing;v=v9',
  'text/html',
  ';;;',
  'application/json;q=0',
  '',
];
const CONTENT_TYPES = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'text/plain',
  'application/json; charset=latin1',
  ';',
  '',
];
const PATCHES = CONTENT_TYPES.slice(3, 7);
const QUERY = [
  'resourceVersion',
  'resourceVersionMatch',
  'limit',
  'continue',
  'labelSelector',
  'fieldSelector',
  'watch',
  'timeoutSeconds',
  'allowWatchBookmarks',
  'sendInitialEvents',
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'pretty',
  'gracePeriodSeconds',
  'propagationPolicy',
  'orphanDependents',
  'includeObject',
  'timeout',
  'container',
  'tailLines',
  'sinceTime',
];
const QUERY_VALUES = [
  '',
  '0',
  '1',
  '-1',
  '99999999',
  '18446744073709551616',
  'x',
  'true',
  'All',
  'Strict',
  'Exact',
  'NotOlderThan',
  'a=b',
  'a in (b',
  '!',
  'metadata.name=a',
  '中',
  '\u0000',
  'eyJ2IjoibWV0YSJ9',
  'x'.repeat(2000),
  'Foreground',
  '1e3',
  '2026-01-01T00:00:00Z',
  '0s',
  '-5s',
  '999999h',
];

/** Makes requests from a server's own OpenAPI document: most nearly right, each wrong in its own way. */
export class RestFuzzer {
  private readonly random: Random;
  private readonly operations: readonly Operation[];

  constructor(
    private readonly document: OpenApiDocument,
    seed: number,
  ) {
    this.random = new Random(seed);
    this.operations = operationsOf(document);
  }

  next(): FuzzRequest {
    const { random } = this;
    const operation = random.pick(this.operations);
    const method = random.chance(0.03) ? random.pick(ODD_METHODS) : operation.method;
    const path = this.path(operation) + this.query(operation);
    const body = this.body(operation, method);
    return { method, path, headers: this.headers(method, body), ...(body && { body }) };
  }

  private path({ path }: Operation): string {
    const { random } = this;
    if (random.chance(0.03)) return random.pick(OTHER_PATHS).replace(/\?.*/, '');
    const segment = () => (random.chance(0.05) ? random.pick(ODD_SEGMENTS) : random.pick(NAMES));
    const namespace = random.chance(0.9) ? 'default' : segment();
    const filled = path.replace('{namespace}', namespace).replace(/\{[^}]+\}/g, segment);
    const more = random.chance(0.02) ? `/${random.pick(ODD_SEGMENTS)}` : '';
    return (random.chance(0.04) ? random.pick(PREFIXES) : '') + filled + more;
  }

  private query(operation: Operation): string {
    const { random } = this;
    const known = operation.query.length > 0 ? operation.query : QUERY;
    const pairs = Array.from({ length: random.below(4) }, () => {
      const name = random.pick(random.chance(0.8) ? known : QUERY);
      const value = random.pick(QUERY_VALUES);
      return `${encodeURIComponent(name)}=${random.chance(0.02) ? '%zz' : encodeURIComponent(value)}`;
    });
    // A watch is a request like others here: it must come to an end. The first of equal parameters counts.
    return `?${['timeoutSeconds=1', ...pairs].join('&')}`;
  }

  private headers(method: string, body: Buffer | undefined): Record<string, string> {
    const { random } = this;
    const headers: Record<string, string> = {};
    if (random.chance(0.4)) headers.accept = random.pick(ACCEPTS);
    const usual = method === 'PATCH' ? random.pick(PATCHES) : 'application/json';
    if (body) headers['content-type'] = random.chance(0.1) ? random.pick(CONTENT_TYPES) : usual;
    if (random.chance(0.02)) headers['impersonate-user'] = random.pick(['alice', '', 'system:node:a']);
    if (random.chance(0.01)) headers['impersonate-group'] = 'system:masters';
    if (random.chance(0.01)) headers['content-encoding'] = 'gzip';
    return headers;
  }

  private body({ body: schema, gvk }: Operation, method: string): Buffer | undefined {
    const { random } = this;
    if (method === 'GET' || method === 'HEAD' || (!schema && random.chance(0.8))) return undefined;
    if (method === 'PATCH') return this.encode(this.patch(gvk));
    const value = schema ? sample(this.document, random, schema) : odd(random);
    return this.encode(this.asKind(value, gvk));
  }

  private asKind(value: unknown, gvk: Operation['gvk']): unknown {
    const { random } = this;
    if (typeof value !== 'object' || value === null) return value;
    const known = gvk ?? { group: '', version: 'v1', kind: 'ConfigMap' };
    const apiVersion = known.group ? `${known.group}/${known.version}` : known.version;
    const metadata = { ...(value as { metadata?: object }).metadata, name: random.pick(NAMES), namespace: 'default' };
    let whole: unknown = { ...value, apiVersion, kind: known.kind, metadata };
    for (let times = random.below(4); times > 0; times -= 1) whole = spoil(random, whole);
    return whole;
  }

  private patch(gvk: Operation['gvk']): unknown {
    const { random } = this;
    const path = random.pick([
      '',
      '/',
      '/metadata',
      '/metadata/labels',
      '/spec/replicas',
      '/metadata/name',
      '/~2',
      '/a/-',
      '/status',
    ]);
    const op = random.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'frob']);
    const operations = Array.from({ length: 1 + random.below(3) }, () => ({
      op,
      path,
      from: path,
      value: odd(random),
    }));
    return random.pick([
      operations,
      this.asKind({}, gvk),
      { metadata: { labels: odd(random), finalizers: odd(random) } },
      { spec: odd(random), $patch: random.pick(['replace', 'delete', 'merge', 'x']) },
      {
        spec: {
          template: {
            spec: { containers: [{ name: 'a', $patch: 'delete' }], '$setElementOrder/containers': odd(random) },
          },
        },
      },
      odd(random),
    ]);
  }

  private encode(value: unknown): Buffer {
    const { random } = this;
    const bytes = Buffer.from(JSON.stringify(value) ?? '');
    if (random.chance(0.03)) return bytes.subarray(0, random.below(bytes.length + 1));
    if (random.chance(0.03) && bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
    if (random.chance(0.01)) return Buffer.concat([Buffer.from('k8s\0'), bytes]);
    return bytes;
  }
}
