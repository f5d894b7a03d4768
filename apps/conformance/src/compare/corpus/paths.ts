import type { ResourceDefinition } from '@binnacle/apis-registry';
import type { Case } from '../case.js';
import { caseMaker, NAMESPACE } from './kind.js';

const PATHS: readonly string[] = [
  '/',
  '/api',
  '/api/',
  '/api/v1',
  '/api/v1/',
  '/api/v2',
  '/apis',
  '/apis/',
  '/apis/apps',
  '/apis/apps/',
  '/apis/nothing',
  '/apis/nothing/v1',
  '/apis/apps/v9',
  '/version',
  '/version/',
  '/healthz',
  '/livez',
  '/readyz',
  '/livez/ping',
  '/livez/nothing',
  '/openapi/v3',
  '/openapi/v9',
  '/nothing',
  '/.well-known/openid-configuration',
  '/openid/v1/jwks',
  '/api/v1/namespaces/compared/pods/made/log/more',
  '/api/v1/namespaces//pods',
  '/api/v1/namespaces/compared/nodes',
  '/api/v1/pods/made',
  '/api/v1/watch/namespaces/compared/configmaps?timeoutSeconds=1&resourceVersion=0',
  '/api/v1/watch/configmaps/nothing?timeoutSeconds=1',
];
const DISCOVERY = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const METHODS: readonly string[] = ['HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Discovery, health and what is nobody's; methods that paths do not take. */
export function pathCases(definitions: readonly ResourceDefinition[]): Case[] {
  const make = caseMaker('paths', '');
  const versions = definitions.map(({ group, version }) => (group ? `/apis/${group}/${version}` : `/api/${version}`));
  const collection = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
  return [
    ...PATHS.map((path) => make(`GET ${path}`, { method: 'GET', path })),
    ...PATHS.slice(0, 4).flatMap((path) =>
      ['application/yaml', 'text/html', DISCOVERY].map((accept) =>
        make(`GET ${path} as ${accept}`, { method: 'GET', path, headers: { accept } }),
      ),
    ),
    make('aggregated groups', { method: 'GET', path: '/apis', headers: { accept: DISCOVERY } }),
    ...[...new Set(versions)].map((path) => make(`GET ${path}`, { method: 'GET', path })),
    ...METHODS.flatMap((method) => [
      make(`${method} of a collection`, { method, path: collection }),
      make(`${method} of an object`, { method, path: `${collection}/nothing` }),
      make(`${method} of a version`, { method, path: '/api/v1' }),
      make(`${method} everywhere`, { method, path: '/api/v1/configmaps' }),
      make(`${method} of no subresource`, { method, path: `${collection}/nothing/nothing` }),
      make(`${method} of a subresource`, { method, path: '/api/v1/namespaces/compared/status' }),
    ]),
  ];
}
