import type { Fault, Lane, Passage, Stage, Stop } from '@binnacle/apis-request-path';
import type { Tone } from '@binnacle/web-ui';
import type { Translate } from '../messages/index.js';

export const PASSAGE_TONES: Readonly<Record<Passage, Tone>> = {
  open: 'ok',
  part: 'warn',
  doubt: 'warn',
  broken: 'error',
  unknown: 'idle',
};

export const LEVEL_TONES: Readonly<Record<Fault['level'], Tone>> = {
  break: 'error',
  part: 'warn',
  doubt: 'warn',
  note: 'idle',
};

type Format = (time: Date) => string;

/** A message tells what is not there by a word of its own. */
function factsOf({ facts }: Fault, format: Format): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (name === 'time') return [name, format(new Date(value))];
      return [name, value === '' ? 'none' : value];
    }),
  );
}

/** A fault in plain words. */
export const faultText = (t: Translate, fault: Fault, format: Format): string =>
  t(`path.faults.${fault.code}`, factsOf(fault, format));

/** What stands in a box. */
export function stopText(t: Translate, { kind, text }: Stop): string {
  if (kind === 'nodePort') return t('path.anyNode', { port: text.replace('*:', '') });
  if (text) return text;
  return kind === 'certificate' ? t('path.unnamed') : t('path.pending');
}

/** Where something is wrong, and what. */
export interface ToldFault {
  readonly fault: Fault;
  /** `Pods web-1`, or the step as a whole. */
  readonly where: string;
}

/** The same fault of several boxes is told once. */
function alike(stops: readonly Stop[]): ReadonlyArray<readonly [Fault, readonly Stop[]]> {
  const groups = new Map<string, [Fault, Stop[]]>();
  for (const stop of stops) {
    for (const fault of stop.faults) {
      const key = JSON.stringify([fault.code, fault.facts]);
      const group = groups.get(key) ?? [fault, []];
      group[1].push(stop);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

function stageFaults(t: Translate, { kind, stops, faults }: Stage): ToldFault[] {
  const step = t(`path.steps.${kind}`);
  const whereOf = ([first, ...more]: readonly Stop[]): string =>
    first && more.length === 0
      ? t('path.at', { step, stop: stopText(t, first) })
      : t('path.atSeveral', { step, count: more.length + 1 });
  const ofStops = alike(stops).map(([fault, at]) => ({ fault, where: whereOf(at) }));
  return [...faults.map((fault) => ({ fault, where: step })), ...ofStops];
}

/** All that is wrong on a way, in the order in which a request meets it. */
export const laneTold = (t: Translate, { stages }: Lane): readonly ToldFault[] =>
  stages.flatMap((stage) => stageFaults(t, stage));
