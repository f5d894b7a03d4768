import type { Resource } from '../resources.js';

/** A right somebody has or lacks: a verb on a kind, in a namespace or everywhere, on one object or on all. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  /** The plural. */
  readonly resource: string;
  readonly subresource?: string;
  /** Empty or absent: the whole cluster. */
  readonly namespace?: string;
  /** Empty or absent: all of them. */
  readonly name?: string;
}

/** What narrows a right on a kind. */
export type RightScope = Pick<Right, 'subresource' | 'namespace' | 'name'>;

/** A right on a kind; the namespace counts only where the kind has one. */
export function rightOn(
  verb: string,
  { group, resource, namespaced }: Pick<Resource, 'group' | 'resource' | 'namespaced'>,
  { subresource, namespace, name }: RightScope = {},
): Right {
  return {
    verb,
    group,
    resource,
    ...(subresource && { subresource }),
    ...(namespaced && namespace && { namespace }),
    ...(name && { name }),
  };
}

/** `pods/exec`, `deployments.apps/scale`: as kubectl names what a right is about. */
export function rightSubject({ group, resource, subresource }: Right): string {
  return `${resource}${group && `.${group}`}${subresource ? `/${subresource}` : ''}`;
}

/** One text a right, so that the same is asked once. */
export function rightKey({ verb, group, resource, subresource = '', namespace = '', name = '' }: Right): string {
  return [verb, group, resource, subresource, namespace, name].join('\n');
}
