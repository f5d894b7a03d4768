import { createHash } from 'node:crypto';
import type { Discoverable } from '../reviews.js';
import { type ApiAnswer, type ApiRequest, jsonAnswer } from '../api-request.js';
import { parseAccept } from '../media-types.js';
import { AGGREGATED_TYPE, groupDiscoveryList } from './aggregated.js';
import { type ServedGroup, servedGroups } from './group-order.js';
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

/** Tells clients which kinds are served, in the older form and all at once. */
export class DiscoveryHandler {
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

  /** Undefined where the path is not one of discovery's. */
  handle(request: ApiRequest): ApiAnswer | undefined {
    const path = request.info.path.replace(/\/+$/, '');
    if (path === '/api' || path === '/apis') return this.root(path, request);
    const [root, group = '', version] = path.slice(1).split('/');
    if (root === 'api' && version === undefined) return this.resources('', group);
    if (root !== 'apis') return undefined;
    if (version !== undefined) return this.resources(group, version);
    const found = this.groups.find((served) => served.group === group);
    return found && jsonAnswer(singleGroup(found));
  }

  private root(path: '/api' | '/apis', request: ApiRequest): ApiAnswer {
    if (!wantsAggregated(request)) {
      const legacy = path === '/api' ? apiVersions(this.serverAddress) : apiGroupList(this.groups);
      return jsonAnswer(legacy, 200, { vary: 'Accept' });
    }
    const { body, etag } = this.aggregated[path];
    const headers = { etag, vary: 'Accept', 'cache-control': 'public' };
    if (request.headers['if-none-match'] === etag) {
      return { status: 304, contentType: AGGREGATED_TYPE, headers, body: [] };
    }
    return { status: 200, contentType: AGGREGATED_TYPE, headers, body: [body] };
  }

  private resources(group: string, version: string): ApiAnswer | undefined {
    const served = this.groups.find((candidate) => candidate.group === group);
    const found = served?.versions.find((candidate) => candidate.version === version);
    return found && jsonAnswer(apiResourceList(group, found));
  }
}
