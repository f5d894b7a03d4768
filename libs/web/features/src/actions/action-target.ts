import type { ApiTarget, Resource, UnstructuredObject } from '@binnacle/web-data';

export type ActionName = 'scale' | 'restart' | 'rollBack' | 'debug' | 'cordon' | 'delete';

export interface ActionTarget {
  readonly object: UnstructuredObject;
  readonly resource: Resource;
  readonly target: ApiTarget;
  readonly onClose: () => void;
}
