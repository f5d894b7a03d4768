import { type Resource, resourceId, type UnstructuredObject } from '@binnacle/web-data';
import { kindView } from '../kinds/kind-views.js';
import type { KindActions } from '../view/kind-actions.js';

function actionsOf(resource: Resource): KindActions {
  return kindView(resourceId(resource)).actions ?? {};
}

/** What can be done to an object, by its kind and its state. */
export interface Abilities {
  readonly scale: boolean;
  readonly restart: boolean;
  readonly rollBack: boolean;
  readonly logs: boolean;
  readonly terminal: boolean;
  /** Another container can be added to look at it. */
  readonly debug: boolean;
  readonly edit: boolean;
  readonly delete: boolean;
  /** Whether it is cordoned; undefined for what cannot be. */
  readonly cordoned: boolean | undefined;
  readonly drain: boolean;
  /** Whether it rests; undefined for what cannot. */
  readonly suspended: boolean | undefined;
  readonly makesJob: KindActions['makesJob'];
  readonly resize: boolean;
  readonly grant: boolean;
  readonly viewAs: boolean;
  /** Whether somebody may sign in; undefined for what is nobody. */
  readonly person: 'active' | 'disabled' | undefined;
  /** A new link to it can be made. */
  readonly link: boolean;
}

/** The server takes streams, and this one runs. */
function takesCommands(resource: Resource, object: UnstructuredObject, subresource: string): boolean {
  const runs = actionsOf(resource).terminal?.(object) === true;
  return runs && resource.verbs.includes('update') && resource.subresources.includes(subresource);
}

/** Its objects, or the Pods they select, have logs, and the server hands them out. */
export function hasLogs(resource: Resource): boolean {
  const { logs, podLogs } = actionsOf(resource);
  // What the server only shows is the past: its Pods say nothing any more.
  return (
    (podLogs === true && resource.verbs.includes('update')) || (logs === true && resource.subresources.includes('log'))
  );
}

export function abilitiesOf(resource: Resource, object: UnstructuredObject): Abilities {
  const { restart = false, rollBack = false } = actionsOf(resource);
  const edit = resource.verbs.includes('update');
  return {
    scale: edit && resource.subresources.includes('scale'),
    restart: edit && restart,
    rollBack: edit && rollBack,
    logs: hasLogs(resource),
    terminal: takesCommands(resource, object, 'exec'),
    debug: takesCommands(resource, object, 'ephemeralcontainers'),
    edit,
    delete: resource.verbs.includes('delete'),
    ...kindAbilities(edit ? actionsOf(resource) : {}, object),
  };
}

/** What can be done about who may do what. */
function accessAbilities({ grants, person, team, invitation }: KindActions, object: UnstructuredObject) {
  const isSomebody = person !== undefined || team === true;
  return {
    grant: grants === true || isSomebody,
    viewAs: isSomebody,
    person: person?.(object),
    link: invitation?.(object) === true,
  };
}

/** What few kinds can. */
function kindAbilities(actions: KindActions, object: UnstructuredObject) {
  const { cordoned, drain, suspended, makesJob, resize } = actions;
  return {
    ...accessAbilities(actions, object),
    cordoned: cordoned?.(object),
    drain: drain === true,
    suspended: suspended?.(object),
    makesJob,
    resize: resize === true,
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
