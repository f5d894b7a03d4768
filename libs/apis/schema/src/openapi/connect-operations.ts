import type { SubresourceDefinition } from '../served-kind.js';
import type { SchemaKind } from '../types.js';
import type { Method, Operation } from './operation.js';
import { connectParameters, type Parameter, proxiedPathParameter } from './parameters.js';

/** Where something that runs is connected to. */
export interface ConnectTarget {
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** `NamespacedPodExec`, what operations are called by. */
  readonly name: string;
  /** `CoreV1` */
  readonly groupVersion: string;
  readonly kind: string;
  readonly subresource: SubresourceDefinition;
  readonly gvk: SchemaKind;
}

const PROXY = 'proxy';
const PROXY_METHODS: readonly Method[] = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put'];
const STREAM_METHODS: readonly Method[] = ['get', 'post'];

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function operation(target: ConnectTarget, method: Method): Operation {
  const { path, parameters, name, groupVersion, kind, subresource, gvk } = target;
  return {
    path,
    method,
    id: `connect${groupVersion}${capital(method)}${name}`,
    description: `connect ${method.toUpperCase()} requests to ${subresource.name} of ${kind}`,
    action: 'connect',
    gvk,
    parameters: [...parameters, ...(connectParameters[subresource.name] ?? [])],
    bodyTypes: [],
    isPatch: false,
    answer: undefined,
    codes: [200, 401],
    connects: true,
  };
}

/** What connects to something that runs: by which methods, and behind a proxy with any path. */
export function connectOperations(target: ConnectTarget): Operation[] {
  const isProxy = target.subresource.name === PROXY;
  const own = (isProxy ? PROXY_METHODS : STREAM_METHODS).map((method) => operation(target, method));
  if (!isProxy) return own;
  const deeper = {
    ...target,
    path: `${target.path}/{path}`,
    name: `${target.name}WithPath`,
    parameters: [...target.parameters, proxiedPathParameter],
  };
  return [...own, ...PROXY_METHODS.map((method) => operation(deeper, method))];
}
