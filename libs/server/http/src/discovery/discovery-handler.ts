import { createHash } from 'node:crypto';
import { perSet, type ResourceSet } from '@binnacle/apis-registry';
import { type Soon, soon } from '@binnacle/machinery-context';
import type { Registry } from '@binnacle/server-registry';
import { isPast } from '@binnacle/server-storage';
import type { Discoverable } from './group-order.js';
import { type ApiAnswer, type ApiRequest, jsonAnswer } from '../request/api-request.js';
import { contentTypeOf, inFormat, valueEncodingOf } from '../answer/object-answer.js';
import { type Encoding, negotiateEncoding, parseAccept } from '../request/media-types.js';
import { AGGREGATED_TYPE, groupDiscoveryList } from './aggregated.js';
import { type ServedGroup, servedGroups } from './group-order.js';
import { OTHER_PATHS } from './other-paths.js';
import { asPast } from './past-kinds.js';
import { apiGroupList, apiResourceList, apiVersions, singleGroup } from './legacy.js';

interface Document {
  readonly body: string;
  readonly etag: string;
}

function toDocument(value: object): Document {
  const body = JSON.stringify(value);
  return { body, etag: `"${createHash('sha256').update(body).digest('hex').toUpperCase()}"` };
}

function wantsAggregated({ headers }: ApiRequest): boolean {
  const first = parseAccept(headers.accept).find(({ type, parameters }) => {
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') return false;
    return !parameters.as || (parameters.as === 'APIGroupDiscoveryList' && parameters.v === 'v2');
  });
  return first?.parameters.as === 'APIGroupDiscoveryList';
}

/** Only the roots can tell of all groups at once, and then in JSON. Throws NotAcceptable. */
function formOf(request: ApiRequest, path: string): Encoding | undefined {
  if (path !== '/api' && path !== '/apis') return valueEncodingOf(request);
  return wantsAggregated(request)
    ? undefined
    : negotiateEncoding(request.headers.accept, { tables: false, yaml: true });
}

function answerOf(value: object, encoding: Encoding): ApiAnswer {
  const body = inFormat(encoding, [JSON.stringify(value)]);
  return { status: 200, contentType: contentTypeOf(encoding), headers: { vary: 'Accept' }, body };
}

/** What is told of one set. */
class Discovered {
  private readonly groups: readonly ServedGroup[];
  private readonly aggregated: Readonly<Record<'/api' | '/apis', Document>>;

  constructor(
    definitions: readonly Discoverable[],
    private readonly serverAddress: string,
  ) {
    this.groups = servedGroups(definitions);
    this.aggregated = {
      '/api': toDocument(groupDiscoveryList(this.groups.filter(({ group }) => group === ''))),
      '/apis': toDocument(groupDiscoveryList(this.groups.filter(({ group }) => group !== ''))),
    };
  }

  root(path: '/api' | '/apis', request: ApiRequest, encoding: Encoding | undefined): ApiAnswer {
    if (encoding)
      return answerOf(path === '/api' ? apiVersions(this.serverAddress) : apiGroupList(this.groups), encoding);
    const { body, etag } = this.aggregated[path];
    const headers = { etag, vary: 'Accept', 'cache-control': 'public' };
    if (request.headers['if-none-match'] === etag) {
      return { status: 304, contentType: AGGREGATED_TYPE, headers, body: [] };
    }
    return { status: 200, contentType: AGGREGATED_TYPE, headers, body: [body] };
  }

  /** Where there is something to be found. */
  index(): ApiAnswer {
    const named = this.groups.flatMap(({ group, versions }) => {
      const root = group ? `/apis/${group}` : '/api';
      return [root, ...versions.map(({ version }) => `${root}/${version}`)];
    });
    return jsonAnswer({ paths: ['/apis', ...named, ...OTHER_PATHS].sort() });
  }

  group(name: string): object | undefined {
    const found = this.groups.find((served) => served.group === name);
    return found && singleGroup(found);
  }

  resources(group: string, version: string): object | undefined {
    const served = this.groups.find((candidate) => candidate.group === group);
    const found = served?.versions.find((candidate) => candidate.version === version);
    return found && apiResourceList(group, found);
  }
}

function foundAt(path: string, discovered: Discovered): object | undefined {
  const [root, group = '', version] = path.slice(1).split('/');
  if (root === 'api') return version === undefined ? discovered.resources('', group) : undefined;
  return version === undefined ? discovered.group(group) : discovered.resources(group, version);
}

/** Tells clients which kinds are served, in the older form and all at once. */
export class DiscoveryHandler {
  private readonly of: (set: ResourceSet) => Discovered;
  private readonly ofPast: (set: ResourceSet) => Discovered;

  /** `others` are kinds of every cluster that are in no set. */
  constructor(
    private readonly registry: Pick<Registry, 'setOf'>,
    others: readonly Discoverable[],
    serverAddress: string,
  ) {
    this.of = perSet(({ all }) => new Discovered([...all, ...others], serverAddress));
    this.ofPast = perSet(({ all }) => new Discovered([...all.map(asPast), ...others], serverAddress));
  }

  /** Undefined where the path is not one of discovery's. */
  handle(request: ApiRequest): Soon<ApiAnswer | undefined> {
    const path = request.info.path.replace(/\/+$/, '');
    if (path !== '' && path !== '/api' && path !== '/apis' && !/^\/apis?\//.test(path)) return undefined;
    const encoding = path === '' ? undefined : formOf(request, path);
    const of = isPast(request.ctx.cluster) ? this.ofPast : this.of;
    return soon(this.registry.setOf(request.ctx), (set) => this.answer(request, path, of(set), encoding));
  }

  private answer(
    request: ApiRequest,
    path: string,
    discovered: Discovered,
    encoding: Encoding | undefined,
  ): ApiAnswer | undefined {
    if (path === '/api' || path === '/apis') return discovered.root(path, request, encoding);
    const found = encoding && foundAt(path, discovered);
    return encoding ? found && answerOf(found, encoding) : discovered.index();
  }
}
