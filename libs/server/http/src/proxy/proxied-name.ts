import { newBadRequest } from '@binnacle/machinery-meta';

/** `name`, `name:port` or `scheme:name:port`, as the name of an object that is proxied to. */
export interface ProxiedName {
  readonly isTls: boolean;
  readonly name: string;
  /** A number or a name; empty where none is said. */
  readonly port: string;
}

const SCHEMES = ['', 'http', 'https'];

/** Throws BadRequest for what is none. Behaves as kubernetes apimachinery SplitSchemeNamePort. */
export function proxiedName(kind: 'pod' | 'service' | 'node', id: string): ProxiedName {
  const parts = id.split(':');
  const [scheme = '', name = '', port = ''] = parts.length > 2 ? parts : ['', ...parts];
  if (parts.length > 3 || !name || !SCHEMES.includes(scheme)) {
    throw newBadRequest(`invalid ${kind} request ${JSON.stringify(id)}`);
  }
  return { isTls: scheme === 'https', name, port };
}
