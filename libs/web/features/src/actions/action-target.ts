import type { ApiTarget, Resource, UnstructuredObject } from '@binnacle/web-data';

export type ActionName =
  | 'scale'
  | 'restart'
  | 'rollBack'
  | 'makeJob'
  | 'suspend'
  | 'resize'
  | 'debug'
  | 'cordon'
  | 'drain'
  | 'grant'
  | 'viewAs'
  | 'resetPassword'
  | 'disable'
  | 'link'
  | 'delete';

export interface ActionTarget {
  readonly object: UnstructuredObject;
  readonly resource: Resource;
  readonly target: ApiTarget;
  /** What was chosen already where it was asked for: a revision. */
  readonly choice?: string | undefined;
  readonly onClose: () => void;
}
