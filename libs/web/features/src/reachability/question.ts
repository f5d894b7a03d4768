import type { ReachabilityEnd, ReachabilityReviewSpec } from '@binnacle/apis-kubernetes/reachability/v1';

export const FROM_KINDS = ['pod', 'labels', 'ip'] as const;
export const TO_KINDS = ['pod', 'service', 'ip'] as const;
export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

/** What is asked where neither the reader nor the target says which port. */
export const USUAL_PORT = 80;

export type EndKind = (typeof FROM_KINDS)[number] | (typeof TO_KINDS)[number];

/** What is said of one end: its text is a name, `key=value,…` or an address. */
export interface AskedEnd {
  readonly kind: EndKind;
  readonly namespace: string;
  readonly text: string;
}

/** What the address of the page asks. */
export interface Question {
  readonly from: AskedEnd;
  readonly to: AskedEnd;
  /** Empty where it is not said. */
  readonly port: string;
  readonly protocol: string;
}

const oneOf = <T extends string>(known: readonly T[], said: string): T =>
  known.find((each) => each === said) ?? (known[0] as T);

/** `read` tells a parameter of the address, empty where there is none; `ns` is the namespace that is chosen for lists. */
export function readQuestion(read: (name: string) => string): Question {
  const namespace = (name: string) => read(name) || read('ns') || 'default';
  return {
    from: { kind: oneOf(FROM_KINDS, read('fromKind')), namespace: namespace('fromIn'), text: read('from').trim() },
    to: { kind: oneOf(TO_KINDS, read('toKind')), namespace: namespace('toIn'), text: read('to').trim() },
    port: read('port').trim(),
    protocol: oneOf(PROTOCOLS, read('protocol')),
  };
}

/** Of `app=web, tier` the labels `app: web` and `tier`, empty. */
export function readLabels(text: string): Record<string, string> {
  const pairs = text
    .split(',')
    .map((pair) => pair.trim())
    .filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
}

/** Pods of no labels at all can be thought of; nobody else has no name. */
const isSaid = ({ kind, text }: AskedEnd): boolean => kind === 'labels' || text !== '';

function endOf({ kind, namespace, text }: AskedEnd): ReachabilityEnd {
  if (kind === 'ip') return { ip: text };
  return { namespace, ...(kind === 'labels' ? { labels: readLabels(text) } : { [kind]: text }) };
}

/** Undefined while something is missing. `port` is taken where none is said. */
export function specOf(question: Question, port: number | undefined): ReachabilityReviewSpec | undefined {
  const { from, to, protocol } = question;
  const wanted = question.port ? Number(question.port) : port;
  if (!isSaid(from) || !isSaid(to) || !wanted) return undefined;
  return { from: endOf(from), to: endOf(to), port: wanted, protocol };
}
