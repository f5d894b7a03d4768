import { at, type Json } from './scenario.js';

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
/** Of Pods, Services and simulated nodes. */
const ADDRESS = /\b(?:10|127)\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g;
const NODE = /\bworker-\d+\b/g;
const ZONE = /\bzone-[a-z]\b/g;
/** The letters that Kubernetes makes names of. */
const LETTERS = '[bcdfghjklmnpqrstvwxz2456789]';
const SUFFIX = new RegExp(`-${LETTERS}{5}(?![\\w])`, 'g');
const HASH = new RegExp(`(?<=-)${LETTERS}{8,10}(?![\\w])|^${LETTERS}{8,10}$`, 'g');
/** What upstream's scheduler adds for every Pod that claims no devices. */
const NO_CLAIMS = 'no new claims to deallocate, ';
/**
 * Where a Pod's volumes let it go nowhere, upstream's plugin of devices is asked for victims without having been asked about the Pod,
 * and fails of that (`not found`); ours goes on to the plugin that says that nobody's going would help.
 */
const AFTER_CLAIMS =
  /(PersistentVolumeClaims|persistentvolumeclaim "[^"]*"(?: not found)?)\. (?:not found|preemption: 0\/\d+ nodes are available: \d+ Preemption is not helpful for scheduling\.)/gi;
/** In Go a map has them. */
const AUTOSCALERS = /(?<=controlled by multiple HPAs: \[)[^\]]*/g;
/** A CronJob's Jobs are named by the minute. */
const MINUTE = /(?<=-)2\d{7}(?!\d)/g;
const CONTAINER = /\b[a-z]+:\/\/[0-9a-f<>uid-]{8,}/g;

/** What no two clusters can have alike, or says nothing of the workers. */
const DROPPED = ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'selfLink'];
const HIDDEN: Readonly<Record<string, string>> = {
  containerID: '<container>',
  imageID: '<image>',
  nodePort: '<port>',
  restartCount: '<restarts>',
  token: '<token>',
  'ca.crt': '<authority>',
  currentMetrics: '<metrics>',
};
/** Lists in which the order means nothing. */
const UNORDERED = [
  'conditions',
  'endpoints',
  'addresses',
  'notReadyAddresses',
  'ownerReferences',
  'finalizers',
  'secrets',
  'ports',
  'subsets',
];

/** An object without what differs between any two clusters; `key` is equal for those that may be compared. */
export interface Normal {
  readonly key: string;
  readonly object: Json;
}

const HASHES = ['pod-template-hash', 'controller-revision-hash', 'controller.kubernetes.io/hash'];

/** The hash an object is of, without what stands before it, and its revision; undefined where it is none of a template. */
function revisionOf(one: Json): readonly [string, string] | undefined {
  const [labels = {}, annotations = {}] = [at(one, 'metadata.labels'), at(one, 'metadata.annotations')] as Json[];
  const hash = HASHES.map((label) => labels[label]).find((value) => typeof value === 'string') as string | undefined;
  const revision = one.revision ?? annotations['deployment.kubernetes.io/revision'];
  if (hash === undefined || revision === undefined) return undefined;
  return [hash.split('-').at(-1) ?? hash, `<revision ${String(revision)}>`];
}

/** Hashes of templates by the revision they stand for: their functions are each program's own affair. */
const revisions = (objects: readonly Json[]): Map<string, string> =>
  new Map(objects.map(revisionOf).filter((found) => found !== undefined));

/** Normalises what one scenario left behind, and what was told of it. */
export class Normaliser {
  private readonly hashes: Map<string, string>;

  constructor(objects: readonly Json[]) {
    this.hashes = revisions(objects);
  }

  text(text: string): string {
    return text
      .replace(NO_CLAIMS, '')
      .replace(AFTER_CLAIMS, '$1.')
      .replace(AUTOSCALERS, (names) => names.split(' ').sort().join(' '))
      .replace(UID, '<uid>')
      .replace(TIME, '<time>')
      .replace(ADDRESS, '<address>')
      .replace(CONTAINER, '<container>')
      .replace(MINUTE, '<minute>')
      .replace(SUFFIX, '-*')
      .replace(HASH, (hash) => this.hashes.get(hash) ?? '<hash>')
      .replace(NODE, '<node>')
      .replace(ZONE, '<zone>');
  }

  object(one: Json): Normal {
    const object = this.value(one) as Json;
    return { key: `${String(object.kind)} ${String(at(object, 'metadata.name'))}`, object };
  }

  private value(value: unknown, key = ''): unknown {
    if (key in HIDDEN && value !== undefined) return HIDDEN[key];
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return this.list(value, key);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value as Json)
      .filter(([name]) => !DROPPED.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(members.map(([name, member]) => [this.text(name), this.value(member, name)]));
  }

  private list(values: readonly unknown[], key: string): unknown[] {
    const normal = values.map((item) => this.value(item));
    return UNORDERED.includes(key) ? normal.sort(byText) : normal;
  }
}

function byText(a: unknown, b: unknown): number {
  const [first, second] = [JSON.stringify(a), JSON.stringify(b)];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

/** Those of one key in an order that does not depend on their names. */
export const sorted = (all: readonly Normal[]): Normal[] =>
  [...all].sort((a, b) => byText([a.key, a.object], [b.key, b.object]));

/** Who may say what of the work that is compared. */
const KUBELETS = /kubelet/;

/** Every Event once, as a line; how often it came depends on the time. Kubelets are the same on both sides. */
export function eventLines(events: readonly Json[], normaliser: Normaliser): string[] {
  const lines = events
    .filter((one) => !KUBELETS.test(componentOf(one)))
    .map((one) => {
      const { type, reason, message = one.note } = one;
      const about = (one.involvedObject ?? one.regarding) as Json;
      const of = `${String(about.kind)} ${normaliser.text(String(about.name))}`;
      return `${of}: ${String(type)} ${String(reason)}: ${normaliser.text(String(message ?? ''))} (${componentOf(one)})`;
    });
  return [...new Set(lines)].sort();
}

const componentOf = (one: Json): string => String(at(one, 'source.component') || one.reportingComponent || '');
