import type { Case } from '../case.js';
import { caseMaker, type ComparedKind, nameOf } from './kind.js';

const ACCEPTS: readonly string[] = [
  'application/yaml',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
  'application/yaml;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  'application/json;as=Nothing;v=v1;g=meta.k8s.io',
  'application/json;as=Table;v=v9;g=meta.k8s.io',
  'text/html',
  'text/html;q=0.9,application/json;q=0.1',
  'application/json;q=0',
  '*/*',
];

const QUERIES: readonly string[] = [
  'labelSelector=app%3Dcompared',
  'labelSelector=app!%3Dcompared',
  'labelSelector=app+in+(compared,other)',
  'labelSelector=app+notin+(compared)',
  'labelSelector=!app',
  'labelSelector=app%3D%3D%3Dx',
  'labelSelector=a+in+(b',
  'labelSelector=-bad-%3Dx',
  'fieldSelector=metadata.name%3Dmade',
  'fieldSelector=metadata.name!%3Dmade',
  'fieldSelector=metadata.namespace%3Dcompared',
  'fieldSelector=spec.nothing%3Dx',
  'fieldSelector=metadata.name',
  'fieldSelector=metadata.name%3Da,metadata.name%3Db',
  'limit=1',
  'limit=-1',
  'limit=x',
  'limit=500&resourceVersion=0',
  'resourceVersion=0',
  'resourceVersion={{metadata.resourceVersion}}',
  'resourceVersion={{metadata.resourceVersion}}&resourceVersionMatch=Exact',
  'resourceVersion={{metadata.resourceVersion}}&resourceVersionMatch=NotOlderThan',
  'resourceVersion=0&resourceVersionMatch=Exact',
  'resourceVersion=0&resourceVersionMatch=NotOlderThan',
  'resourceVersionMatch=Exact',
  'resourceVersion=1&resourceVersionMatch=Nothing',
  'resourceVersion=abc',
  'resourceVersion=-1',
  'resourceVersion=999999999',
  'continue=nonsense',
  'continue=nonsense&resourceVersion=5',
  'sendInitialEvents=true',
  'timeoutSeconds=x',
  'allowWatchBookmarks=maybe',
];

const WATCHES: readonly string[] = [
  'watch=true&resourceVersion=0',
  'watch=1&resourceVersionMatch=Exact&resourceVersion=5',
  'watch=true&sendInitialEvents=true',
  'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
  'watch=true&sendInitialEvents=true&resourceVersionMatch=Exact',
  'watch=true&resourceVersion=abc',
  'watch=true&fieldSelector=spec.nothing%3Dx',
  'watch=false',
  'watch=0',
  'watch=maybe',
  'watch=',
];

/** Reads of one object and of its collection. A watch takes a second. */
export function readCases({ definition, collection, resource, draft }: ComparedKind, watches: boolean): Case[] {
  const make = caseMaker('read', resource);
  const path = `${collection}/${nameOf(draft('made'))}`;
  const get = (name: string, of: string, accept?: string, method = 'GET') =>
    make(name, { method, path: of, ...(accept && { headers: { accept } }) });
  const { plural } = definition.names;
  const everywhere = collection.replace(/\/namespaces\/[^/]+/, '');
  return [
    get('one', path),
    get('one that is not there', `${collection}/nothing`),
    get('one at any version', `${path}?resourceVersion=0`),
    get('one at a version to come', `${path}?resourceVersion=999999999`),
    get('one at a version that is none', `${path}?resourceVersion=abc`),
    get('all', collection),
    get('all everywhere', everywhere),
    get('of no such resource', collection.replace(plural, `${plural}x`)),
    get('HEAD of one', path, undefined, 'HEAD'),
    get('HEAD of all', collection, undefined, 'HEAD'),
    get('OPTIONS of all', collection, undefined, 'OPTIONS'),
    ...ACCEPTS.flatMap((accept) => [
      get(`one as ${accept}`, path, accept),
      get(`all as ${accept}`, collection, accept),
    ]),
    get('a table without objects', `${collection}?includeObject=None`, ACCEPTS[1]),
    get('a table with objects', `${collection}?includeObject=Object`, ACCEPTS[1]),
    get('a table with something', `${collection}?includeObject=Something`, ACCEPTS[1]),
    ...QUERIES.map((query) => get(`all, ${query}`, `${collection}?${query}`)),
    get('a first page', `${collection}?limit=1`),
    get('the page behind it', `${collection}?limit=1&continue={{metadata.continue}}`),
    ...(watches ? WATCHES : []).map((query) => get(`all, ${query}`, `${collection}?${query}&timeoutSeconds=1`)),
  ];
}
