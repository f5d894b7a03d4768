import type { PodSpec } from '../../core/v1/index.js';
import type { PodMetadata } from '../check.js';
import type { Level } from '../levels.js';
import { PUBLISHED_CASES } from './published-cases.js';

export interface PublishedCase {
  readonly passes: boolean;
  /** Lower-case id of a check, and a number. */
  readonly name: string;
  readonly level: Level;
  readonly first: number;
  readonly last: number;
  /** How the Pod differs from the least one. */
  readonly edits: readonly string[];
}

type Tree = Record<string, unknown>;

const PLACES: Readonly<Record<string, readonly string[]>> = {
  c: ['spec', 'containers', '0', 'securityContext'],
  i: ['spec', 'initContainers', '0', 'securityContext'],
  p: ['spec', 'securityContext'],
  s: ['spec'],
  a: ['metadata', 'annotations'],
};

function placeOf(text: string): string[] {
  const [head = '', ...rest] = text.split('/').map((part) => part.replaceAll('~1', '/'));
  return [...(PLACES[head] ?? []), ...rest];
}

/** What is empty once its last member is gone was not there in the first place. */
function remove(tree: Tree, [step = '', ...rest]: readonly string[]): void {
  if (rest.length === 0) return void delete tree[step];
  const inner = tree[step] as Tree;
  remove(inner, rest);
  if (Object.keys(inner).length === 0) delete tree[step];
}

function set(root: Tree, steps: readonly string[], value: unknown): void {
  let at = root;
  for (const [depth, step] of steps.slice(0, -1).entries())
    at = (at[step] ??= /^\d+$/.test(steps[depth + 1] ?? '') ? [] : {}) as Tree;
  at[steps.at(-1) ?? ''] = value;
}

function edit(root: Tree, text: string): void {
  const [, minus, path = '', value = 'null'] = /^(-?)([^=]+?)(?:=(.*))?$/.exec(text) ?? [];
  if (minus) remove(root, placeOf(path));
  else set(root, placeOf(path), JSON.parse(value));
}

/** The least that passes a level at a version. */
function least(level: Level, version: number): Tree {
  const context = () => ({
    ...(version >= 8 && { allowPrivilegeEscalation: false }),
    ...(version >= 22 && { capabilities: { drop: ['ALL'] } }),
  });
  const isRestricted = level === 'restricted';
  const of = (name: string) => ({ name, ...(isRestricted && version >= 8 && { securityContext: context() }) });
  const seccompProfile = version >= 19 && { seccompProfile: { type: 'RuntimeDefault' } };
  const securityContext = isRestricted ? { securityContext: { runAsNonRoot: true, ...seccompProfile } } : {};
  return { spec: { ...securityContext, initContainers: [of('initcontainer1')], containers: [of('container1')] } };
}

/** A volume that says nothing of itself is an empty directory by default. */
function applyDefaults({ volumes = [] }: PodSpec): void {
  for (const volume of volumes) if (Object.keys(volume).length === 1) volume.emptyDir = {};
}

export function podOf({ level, edits }: PublishedCase, version: number): { spec: PodSpec; metadata: PodMetadata } {
  const root = least(level, version);
  for (const text of edits) edit(root, text);
  const { spec, metadata = {} } = root as { spec: PodSpec; metadata?: PodMetadata };
  applyDefaults(spec);
  return { spec, metadata };
}

function casesOf(line: string): PublishedCase[] {
  const [head = '', tail = ''] = line.split(' |');
  const [outcome, name = '', ...where] = head.split(' ');
  const edits = tail.match(/-?[^\s=]+(?:=(?:"(?:[^"\\]|\\.)*"|\S+))?/g) ?? [];
  return where.map((range) => {
    const [, letter, first, last] = /^(.)(\d+)-(\d+)$/.exec(range) ?? [];
    const level = letter === 'r' ? 'restricted' : 'baseline';
    return { passes: outcome === 'pass', name, level, first: Number(first), last: Number(last), edits };
  });
}

export const publishedCases: readonly PublishedCase[] = PUBLISHED_CASES.trim().split('\n').flatMap(casesOf);
