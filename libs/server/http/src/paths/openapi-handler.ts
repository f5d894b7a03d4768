import { createHash } from 'node:crypto';
import { perSet, type ResourceSet, type ServedKind, Shared } from '@binnacle/apis-registry';
import {
  encodeOpenApiV2,
  OPENAPI_V2_PROTOBUF_ACCEPT,
  OPENAPI_V2_PROTOBUF_TYPE,
  openApiV2,
  openApiV3,
  openApiV3Index,
  openApiV3Path,
  type ServedGroupVersion,
} from '@binnacle/apis-schema';
import { type Soon, soon } from '@binnacle/machinery-context';
import { newNotAcceptable } from '@binnacle/machinery-meta';
import type { Registry } from '@binnacle/server-registry';
import { type ApiAnswer, type ApiRequest, jsonAnswer } from '../request/api-request.js';
import { parseAccept } from '../request/media-types.js';

const JSON_TYPES = ['application/json', 'application/*', '*/*'];
const ONE_YEAR_SECONDS = 31_536_000;
const V3 = '/openapi/v3/';

interface Served extends ServedGroupVersion {
  readonly path: string;
  readonly hash: string;
  readonly definitions: readonly ServedKind[];
}

interface DocumentSource {
  readonly name: string;
  readonly hash: string;
  readonly contentType?: string;
  make(): Promise<Buffer>;
}

const toJson = (document: object): Buffer => Buffer.from(JSON.stringify(document));

/** Named anew when the documents say more of the same kinds: clients keep a document for as long as its hash stays. */
const FORM = 'values, reviews, unions and what a delete answers';

/** Changes when the definitions do; the documents themselves are only made when somebody asks. */
function hashOf(definitions: readonly ServedKind[], salt: string): string {
  const shape = definitions.map(({ names, verbs, subresources, schema, schemas }) => {
    return { names, verbs, subresources, schema, table: schemas.version };
  });
  const text = salt + FORM + JSON.stringify(shape);
  return createHash('sha512').update(text).digest('hex').slice(0, 64).toUpperCase();
}

function servedVersions(definitions: readonly ServedKind[], salt: string): Served[] {
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

/** Documents of equal content are one, whatever set they were made for; they go with the last set that has them. */
type Documents = Shared<Promise<Buffer>>;

/** What documents there are of one set. */
class Documented {
  readonly served: readonly Served[];
  readonly hash: string;
  private readonly documents = new Map<string, Promise<Buffer>>();

  constructor(
    readonly definitions: readonly ServedKind[],
    version: string,
    private readonly shared: Documents,
  ) {
    this.served = servedVersions(definitions, version);
    this.hash = hashOf(definitions, version);
  }

  get({ name, hash, make }: DocumentSource): Promise<Buffer> {
    const known = this.documents.get(name);
    if (known) return known;
    const document = this.sharedOf(`${name} ${hash}`, make);
    document.catch(() => this.documents.delete(name));
    this.documents.set(name, document);
    return document;
  }

  private sharedOf(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
    return this.shared.get(key, () => {
      const document = make();
      document.catch(() => this.shared.forget(key));
      return document;
    });
  }
}

/** Serves `/openapi/v2` and `/openapi/v3`, which clients validate and explain with. */
export class OpenApiHandler {
  private readonly shared: Documents = new Shared();
  private readonly of: (set: ResourceSet) => Documented;

  /** `others` are kinds of every cluster that are in no set; `version` is the product's: documents may change with it. */
  constructor(
    private readonly registry: Pick<Registry, 'setOf'>,
    others: readonly ServedKind[],
    private readonly version: string,
  ) {
    this.of = perSet(({ all }) => new Documented([...all, ...others], version, this.shared));
  }

  /** Undefined where the path is none of OpenAPI's. */
  handle(request: ApiRequest): Soon<ApiAnswer | undefined> {
    if (!request.info.path.startsWith('/openapi/')) return undefined;
    return soon(this.registry.setOf(request.ctx), (set) => this.documentOf(request, this.of(set)));
  }

  private documentOf(request: ApiRequest, documented: Documented): Soon<ApiAnswer | undefined> {
    const { path } = request.info;
    if (path === '/openapi/v2') return this.v2(request, documented);
    if (path === '/openapi/v3' || path === V3) {
      checkAccept(request);
      return jsonAnswer(openApiV3Index(documented.served), 200, { vary: 'Accept' });
    }
    const document = path.startsWith(V3)
      ? documented.served.find((known) => known.path === path.slice(V3.length))
      : undefined;
    return document && this.v3(request, documented, document);
  }

  private v2(request: ApiRequest, documented: Documented): Promise<ApiAnswer> {
    const { definitions, hash } = documented;
    const make = () => openApiV2(definitions, this.version);
    if (!wantsProtobuf(request)) {
      checkAccept(request);
      return this.answer(request, documented, { name: 'v2', hash, make: async () => toJson(await make()) });
    }
    const encode = async () => Buffer.from(encodeOpenApiV2(await make()));
    const contentType = OPENAPI_V2_PROTOBUF_TYPE;
    return this.answer(request, documented, { name: 'v2 protobuf', hash, make: encode, contentType });
  }

  private v3(
    request: ApiRequest,
    documented: Documented,
    { path, hash, group, version, definitions }: Served,
  ): Promise<ApiAnswer> {
    const asked = request.query.get('hash');
    if (asked && asked !== hash) {
      const location = `${V3}${path}?hash=${hash}`;
      return Promise.resolve({ status: 301, contentType: 'application/json', headers: { location }, body: [] });
    }
    const cached = { 'cache-control': `public, immutable, max-age=${ONE_YEAR_SECONDS}` };
    checkAccept(request);
    const make = async () => toJson(await openApiV3({ group, version }, definitions, this.version));
    return this.answer(request, documented, { name: path, hash, make }, asked ? cached : {});
  }

  private async answer(
    request: ApiRequest,
    documented: Documented,
    source: DocumentSource,
    extra: Record<string, string> = {},
  ): Promise<ApiAnswer> {
    const { hash, contentType = 'application/json' } = source;
    const headers = { etag: `"${hash}"`, vary: 'Accept', ...extra };
    if (request.headers['if-none-match'] === headers.etag) return { status: 304, contentType, headers, body: [] };
    return { status: 200, contentType, headers, body: [await documented.get(source)] };
  }
}
