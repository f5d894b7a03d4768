import { bodyDifferences } from '../compare/differences.js';
import { eventLines, type Normal, Normaliser, sorted } from './normalise.js';
import type { Ending } from './play.js';
import { at, type Json, type Scenario } from './scenario.js';

/** One thing in which a scenario ended otherwise. */
export interface WorkDifference {
  readonly kind: 'stuck' | 'state' | 'event';
  /** Of a state: the object, as `Pod web-*`. */
  readonly about: string;
  /** Of a state: a path with `[]` for every index. */
  readonly at: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

const ABSENT = '<absent>';

interface Side {
  readonly objects: readonly Normal[];
  readonly events: readonly string[];
  readonly stuck: string;
}

/** How many Pods are on each of the nodes that have any, the most first; not which. */
function spreadOf(objects: readonly Json[]): Normal {
  const counts = new Map<unknown, number>();
  for (const one of objects) {
    const node = one.kind === 'Pod' && at(one, 'spec.nodeName');
    if (node) counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return { key: 'Pods by node', object: { counts: [...counts.values()].sort((a, b) => b - a) } };
}

function sideOf({ objects, events, stuck = '' }: Ending, { places = false }: Scenario): Side {
  const normaliser = new Normaliser(objects);
  const normal = objects.map((one) => normaliser.object(one));
  return {
    objects: sorted(places ? [...normal, spreadOf(objects)] : normal),
    events: eventLines(events, normaliser),
    stuck: normaliser.text(stuck),
  };
}

function byKey(objects: readonly Normal[]): Map<string, Normal[]> {
  const groups = new Map<string, Normal[]>();
  for (const one of objects) groups.set(one.key, [...(groups.get(one.key) ?? []), one]);
  return groups;
}

function stateDifferences(ours: readonly Normal[], theirs: readonly Normal[]): WorkDifference[] {
  const [our, their] = [byKey(ours), byKey(theirs)];
  return [...new Set([...our.keys(), ...their.keys()])].flatMap((key) =>
    groupDifferences(key, our.get(key) ?? [], their.get(key) ?? []),
  );
}

/** Objects of one key: how many there are, and where each differs from its counterpart. */
function groupDifferences(about: string, ours: readonly Normal[], theirs: readonly Normal[]): WorkDifference[] {
  const found: WorkDifference[] = [];
  if (ours.length !== theirs.length) {
    found.push({ kind: 'state', about, at: '', ours: ours.length || ABSENT, theirs: theirs.length || ABSENT });
  }
  ours.slice(0, theirs.length).forEach(({ object }, index) => {
    const differences = bodyDifferences(object, theirs[index]?.object);
    found.push(
      ...differences.map((one) => ({ kind: 'state' as const, about, at: one.at, ours: one.ours, theirs: one.theirs })),
    );
  });
  return onceEach(found);
}

/** Several Pods that differ in the same are told once. */
function onceEach(found: readonly WorkDifference[]): WorkDifference[] {
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

function eventDifferences(ours: readonly string[], theirs: readonly string[]): WorkDifference[] {
  const event = (line: string, our: string, their: string) => ({
    kind: 'event' as const,
    about: line.split(':')[0] ?? '',
    at: '',
    ours: our,
    theirs: their,
  });
  return [
    ...ours.filter((line) => !theirs.includes(line)).map((line) => event(line, line, ABSENT)),
    ...theirs.filter((line) => !ours.includes(line)).map((line) => event(line, ABSENT, line)),
  ];
}

/** Everything in which a scenario ended otherwise with ours than with upstream's. */
export function differencesOf(scenario: Scenario, ours: Ending, theirs: Ending): WorkDifference[] {
  const [our, their] = [sideOf(ours, scenario), sideOf(theirs, scenario)];
  const stuck = {
    kind: 'stuck' as const,
    about: '',
    at: '',
    ours: our.stuck || 'came about',
    theirs: their.stuck || 'came about',
  };
  return [
    ...(our.stuck === their.stuck ? [] : [stuck]),
    ...stateDifferences(our.objects, their.objects),
    ...eventDifferences(our.events, their.events),
  ];
}
