import { isNotFound, StatusError } from '@binnacle/machinery-meta';
import {
  type ApiTarget,
  apply,
  createNamed,
  getObject,
  type Resource,
  type ResourceIndex,
  type UnstructuredObject,
} from '@binnacle/web-data';
import { inOrderOf, toYaml, withoutCounters } from '../yaml/document.js';
import { complaintsOf, type ServerComplaint } from '../yaml/server-errors.js';
import type { Entry } from './entries.js';
import { type FieldOwner, ownersOf } from './owners.js';

export type AttemptState = 'created' | 'configured' | 'unchanged' | 'conflict' | 'later' | 'refused';

/** What came, or would come, of one object. */
export interface Attempt {
  readonly entry: Entry;
  readonly state: AttemptState;
  /** As it is, and as it would be; empty where there is none. */
  readonly before: string;
  readonly after: string;
  readonly complaints: readonly ServerComplaint[];
  readonly owners: readonly FieldOwner[];
  /** What it waits for, which is in the same text. */
  readonly waitsFor: string;
  /** The object as the server has it now. */
  readonly object: UnstructuredObject | undefined;
}

export interface Applying {
  readonly cluster: string;
  readonly resources: ResourceIndex;
  /** Of what names none. */
  readonly namespace: string;
  readonly dryRun: boolean;
  readonly force: boolean;
  /** What the whole text makes. */
  readonly coming: Coming;
}

/** What others of the text may stand on. */
interface Coming {
  readonly namespaces: ReadonlySet<string>;
  /** As `group/Kind`. */
  readonly kinds: ReadonlySet<string>;
}

interface Definition {
  readonly group?: string;
  readonly names?: { readonly kind?: string };
}

export function comingOf(entries: readonly Entry[]): Coming {
  const named = (kind: string) => entries.filter(({ object }) => object.kind === kind).map(({ object }) => object);
  return {
    namespaces: new Set(named('Namespace').map(({ metadata }) => metadata.name ?? '')),
    kinds: new Set(
      named('CustomResourceDefinition').map(({ spec }) => {
        const { group = '', names } = (spec ?? {}) as Definition;
        return `${group}/${names?.kind ?? ''}`;
      }),
    ),
  };
}

const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

const NOTHING = { before: '', after: '', complaints: [], owners: [], waitsFor: '', object: undefined };

function refused(entry: Entry, complaints: readonly ServerComplaint[]): Attempt {
  return { ...NOTHING, entry, state: 'refused', complaints };
}

/** The line of a complaint in the whole text, and its field in the object alone. */
function inText({ document, path }: Entry, complaint: ServerComplaint): ServerComplaint {
  const { line } = complaint;
  return {
    ...complaint,
    line: line === undefined ? undefined : line + document.before,
    field: complaint.field || path,
  };
}

/** Within a List the server's paths begin at the item, the text's at the List. */
function placed(entry: Entry, error: unknown): ServerComplaint[] {
  const { path } = entry;
  const found = complaintsOf(withPrefix(error, path), entry.document.text).map((each) => inText(entry, each));
  const isPlaced = found.some(({ line }) => line !== undefined);
  const [first, ...rest] = found;
  // What names no field is said of the whole document.
  return isPlaced || !first ? found : [{ ...first, line: entry.document.before + 1 }, ...rest];
}

function withPrefix(error: unknown, path: string): unknown {
  if (!path || !(error instanceof StatusError)) return error;
  const status = error.toStatus();
  const causes = status.details?.causes?.map((cause) => ({ ...cause, field: `${path}.${cause.field ?? ''}` }));
  return causes ? StatusError.fromStatus({ ...status, details: { ...status.details, causes } }) : error;
}

function targetOf({ cluster, namespace }: Applying, resource: Resource, object: UnstructuredObject): ApiTarget {
  const { name } = object.metadata;
  const within = object.metadata.namespace || namespace;
  const { group, version } = resource;
  const [own = version] = object.apiVersion.split('/').slice(-1);
  return {
    cluster,
    group,
    version: own,
    resource: resource.resource,
    ...(resource.namespaced && { namespace: within }),
    ...(name && { name }),
  };
}

async function present(target: ApiTarget): Promise<UnstructuredObject | undefined> {
  if (!target.name) return undefined;
  try {
    return await getObject(target);
  } catch (error) {
    // There may be no such thing yet, nor the namespace for it.
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function compared(entry: Entry, before: UnstructuredObject | undefined, after: UnstructuredObject): Attempt {
  const text = toYaml(withoutCounters(before ? inOrderOf(before, after) : after));
  const was = before ? toYaml(withoutCounters(before)) : '';
  const state = !before ? 'created' : was === text ? 'unchanged' : 'configured';
  return { ...NOTHING, entry, state, before: was, after: text, object: after };
}

/** It fails only because what it stands on is not there yet. */
function waitsFor(error: unknown, target: ApiTarget, { dryRun, coming }: Applying): string | undefined {
  if (!dryRun || !isNotFound(error) || !target.namespace) return undefined;
  return coming.namespaces.has(target.namespace) ? `Namespace ${target.namespace}` : undefined;
}

async function send(entry: Entry, target: ApiTarget, applying: Applying): Promise<Attempt> {
  const before = await present(target);
  const { dryRun, force } = applying;
  try {
    const write = target.name ? apply : createNamed;
    return compared(entry, before, await write(target, entry.object, { dryRun, force }));
  } catch (error) {
    const waiting = waitsFor(error, target, applying);
    if (waiting) return { ...NOTHING, entry, state: 'later', waitsFor: waiting };
    const owners = error instanceof StatusError ? ownersOf(error) : [];
    if (owners.length > 0) return { ...NOTHING, entry, state: 'conflict', owners };
    return refused(entry, placed(entry, error));
  }
}

/** Applies one object, or has the server try it. Never rejects: what goes wrong is an outcome. */
export async function attempt(entry: Entry, applying: Applying): Promise<Attempt> {
  const { object } = entry;
  const resource = applying.resources.byKind(object.apiVersion, object.kind);
  if (!resource) {
    const isComing = applying.dryRun && applying.coming.kinds.has(`${groupOf(object.apiVersion)}/${object.kind}`);
    if (isComing) return { ...NOTHING, entry, state: 'later', waitsFor: `CustomResourceDefinition ${object.kind}` };
    const message = `no matches for kind "${object.kind}" in version "${object.apiVersion}"`;
    return refused(entry, [{ field: 'kind', message, line: entry.document.before + 1 }]);
  }
  try {
    return await send(entry, targetOf(applying, resource, object), applying);
  } catch (error) {
    return refused(entry, placed(entry, error));
  }
}
