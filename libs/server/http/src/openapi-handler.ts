import { createHash } from 'node:crypto';
import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import {
  encodeOpenApiV2,
  OPENAPI_V2_PROTOBUF_ACCEPT,
  OPENAPI_V2_PROTOBUF_TYPE,
  openApiV2,
  openApiV3,
  openApiV3Index,
  openApiV3Path,
  type ServedGroupVersion,
} from '@binnacle/apis-kubernetes/schema';
import { newNotAcceptable } from '@binnacle/machinery-meta';
import { type ApiAnswer, type ApiRequest, jsonAnswer } from './api-request.js';
import { parseAccept } from './media-types.js';

const JSON_TYPES = ['application/json', 'application/*', '*/*'];
const ONE_YEAR_SECONDS = 31_536_000;
const V3 = '/openapi/v3/';

interface Served extends ServedGroupVersion {
  readonly path: string;
  readonly hash: string;
  readonly definitions: readonly ResourceDefinition[];
}

interface DocumentSource {
  readonly name: string;
  readonly hash: string;
  readonly contentType?: string;
  make(): Promise<Buffer>;
}

const toJson = (document: object): Buffer => Buffer.from(JSON.stringify(document));

/** Changes when the definitions do; the documents themselves are only made when somebody asks. */
function hashOf(definitions: readonly ResourceDefinition[], salt: string): string {
  const shape = definitions.map(({ names, verbs, subresources, schema }) => ({ names, verbs, subresources, schema }));
  const text = salt + JSON.stringify(shape);
  return createHash('sha512').update(text).digest('hex').slice(0, 64).toUpperCase();
}

function servedVersions(definitions: readonly ResourceDefinition[], salt: string): Served[] {
  const keys = [...new Set(definitions.map(({ group, version }) => `${group}/${version}`))];
  return keys.map((key) => {
    const members = definitions.filter(({ group, version }) => `${group}/${version}` === key);
    const [group = '', version = ''] = key.split('/');
    const path = openApiV3Path({ group, version });
    return { group, version, path, definitions: members, hash: hashOf(members, salt) };
  });
}

function wantsProtobuf({ headers }: ApiRequest): boolean {
  return parseAccept(headers.accept)[0]?.type === OPENAPI_V2_PROTOBUF_ACCEPT;
}

function checkAccept({ headers }: ApiRequest): void {
  const ranges = parseAccept(headers.accept);
  if (!ranges.some(({ type }) => JSON_TYPES.includes(type))) throw newNotAcceptable(['application/json']);
}

/** Serves `/openapi/v2` and `/openapi/v3`, which clients validate and explain with. */
export class OpenApiHandler {
  private readonly served: readonly Served[];
  private readonly wholeHash: string;
  private readonly documents = new Map<string, Promise<Buffer>>();

  /** `version` is the product's: documents may change with it. */
  constructor(
    private readonly definitions: readonly ResourceDefinition[],
    private readonly version: string,
  ) {
    this.served = servedVersions(definitions, version);
    this.wholeHash = hashOf(definitions, version);
  }

  /** Undefined where the path is none of OpenAPI's. */
  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    const { path } = request.info;
    if (path === '/openapi/v2') return this.v2(request);
    if (path === '/openapi/v3' || path === V3) {
      checkAccept(request);
      return jsonAnswer(openApiV3Index(this.served), 200, { vary: 'Accept' });
    }
    const document = path.startsWith(V3)
      ? this.served.find((known) => known.path === path.slice(V3.length))
      : undefined;
    return document && this.v3(request, document);
  }

  private v2(request: ApiRequest): Promise<ApiAnswer> {
    const make = () => openApiV2(this.definitions, this.version);
    const hash = this.wholeHash;
    if (!wantsProtobuf(request)) {
      checkAccept(request);
      return this.answer(request, { name: 'v2', hash, make: async () => toJson(await make()) }, {});
    }
    const encode = async () => Buffer.from(encodeOpenApiV2(await make()));
    return this.answer(request, { name: 'v2 protobuf', hash, make: encode, contentType: OPENAPI_V2_PROTOBUF_TYPE }, {});
  }

  private v3(request: ApiRequest, { path, hash, group, version, definitions }: Served): Promise<ApiAnswer> {
    const asked = request.query.get('hash');
    if (asked && asked !== hash) {
      const location = `${V3}${path}?hash=${hash}`;
      return Promise.resolve({ status: 301, contentType: 'application/json', headers: { location }, body: [] });
    }
    const cached = { 'cache-control': `public, immutable, max-age=${ONE_YEAR_SECONDS}` };
    checkAccept(request);
    const make = async () => toJson(await openApiV3({ group, version }, definitions, this.version));
    return this.answer(request, { name: path, hash, make }, asked ? cached : {});
  }

  private async answer(
    request: ApiRequest,
    { name, hash, make, contentType = 'application/json' }: DocumentSource,
    extra: Record<string, string>,
  ): Promise<ApiAnswer> {
    const headers = { etag: `"${hash}"`, vary: 'Accept', ...extra };
    if (request.headers['if-none-match'] === headers.etag) return { status: 304, contentType, headers, body: [] };
    let document = this.documents.get(name);
    if (!document) {
      document = make();
      document.catch(() => this.documents.delete(name));
      this.documents.set(name, document);
    }
    return { status: 200, contentType, headers, body: [await document] };
  }
}
