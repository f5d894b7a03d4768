import { type Resource, resourceId, type UnstructuredObject } from '@binnacle/web-data';
import { kindView } from '../kinds/kind-views.js';
import type { KindActions } from '../view/kind-actions.js';

function actionsOf(resource: Resource): KindActions {
  return kindView(resourceId(resource)).actions ?? {};
}

/** What can be done to an object, by its kind and its state. */
interface Abilities {
  readonly scale: boolean;
  readonly restart: boolean;
  readonly rollBack: boolean;
  readonly logs: boolean;
  readonly edit: boolean;
  readonly delete: boolean;
  /** Whether it is cordoned; undefined for what cannot be. */
  readonly cordoned: boolean | undefined;
}

/** Its objects have logs, and the server hands them out. */
export function hasLogs(resource: Resource): boolean {
  return actionsOf(resource).logs === true && resource.subresources.includes('log');
}

export function abilitiesOf(resource: Resource, object: UnstructuredObject): Abilities {
  const { restart = false, rollBack = false, cordoned } = actionsOf(resource);
  const edit = resource.verbs.includes('update');
  return {
    scale: edit && resource.subresources.includes('scale'),
    restart: edit && restart,
    rollBack: edit && rollBack,
    logs: hasLogs(resource),
    edit,
    delete: resource.verbs.includes('delete'),
    cordoned: edit ? cordoned?.(object) : undefined,
  };
}

/** Its loss takes other things along or cannot be made good: the name must be typed. */
export function isDangerous(resource: Resource, object: UnstructuredObject): boolean {
  return actionsOf(resource).dangerous === true || object.metadata.namespace === 'kube-system';
}

/** Worth putting back after a deletion: what was written in it was written by somebody. */
export function canPutBack(resource: Resource): boolean {
  return actionsOf(resource).fleeting !== true;
}
