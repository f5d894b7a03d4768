import type { ResourceStore } from '@binnacle/server-registry';
import { LIMITS } from './limits.js';

/** A list that is looked through as a whole, for so many points a row. */
export interface Scan {
  readonly store: ResourceStore;
  readonly namespace: string;
  readonly pointsPerRow: number;
  /** So many of the rows are told at most, for so many points each. */
  readonly told: number;
  readonly pointsPerTold: number;
}

/** What part of an operation asks for, fragments written out. */
export interface Measure {
  /** Fields of this very part, without those inside them. */
  readonly ownFields: number;
  readonly fields: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly operands: number;
  readonly sortKeys: number;
  /** How often introspection goes on from one type to all it has to do with. */
  readonly typeLists: number;
  /** For one object that has this part. */
  readonly points: number;
  /** More of them, for each object of the page this part belongs to. */
  readonly pointsPerNode: number;
  readonly scans: readonly Scan[];
  /** Resources that relations look through, once for the whole operation. */
  readonly related: readonly ResourceStore[];
}

export const NOTHING: Measure = {
  ownFields: 0,
  fields: 0,
  depth: 0,
  aliases: 0,
  directives: 0,
  operands: 0,
  sortKeys: 0,
  typeLists: 0,
  points: 0,
  pointsPerNode: 0,
  scans: [],
  related: [],
};

const NOUNS = {
  fields: 'fields',
  aliases: 'aliases',
  directives: 'directives',
  operands: 'values in arguments',
  sortKeys: 'sort keys',
} as const;

/** An operation that asks for more than one may. */
export class TooCostly extends Error {}

/** @throws TooCostly where it is more than an operation may ask for, so that no sum grows far beyond. */
export function within(measure: Measure): Measure {
  if (measure.depth > LIMITS.depth)
    throw new TooCostly(`the operation is more than ${LIMITS.depth} levels deep; ask for less of what is nested`);
  if (measure.typeLists > 1)
    throw new TooCostly('the operation asks for the types of the types of the schema; ask for each by its name');
  for (const [what, noun] of Object.entries(NOUNS) as [keyof typeof NOUNS, string][]) {
    if (measure[what] > LIMITS[what])
      throw new TooCostly(`the operation has more than ${LIMITS[what]} ${noun}; split it into several`);
  }
  return measure;
}

function union<T>(left: readonly T[], right: readonly T[]): readonly T[] {
  const more = right.filter((item) => !left.includes(item));
  return more.length === 0 ? left : [...left, ...more];
}

export function sum(left: Measure, right: Measure): Measure {
  return within({
    ownFields: left.ownFields + right.ownFields,
    fields: left.fields + right.fields,
    depth: Math.max(left.depth, right.depth),
    aliases: left.aliases + right.aliases,
    directives: left.directives + right.directives,
    operands: left.operands + right.operands,
    sortKeys: left.sortKeys + right.sortKeys,
    typeLists: Math.max(left.typeLists, right.typeLists),
    points: left.points + right.points,
    pointsPerNode: left.pointsPerNode + right.pointsPerNode,
    scans: right.scans.length === 0 ? left.scans : [...left.scans, ...right.scans],
    related: union(left.related, right.related),
  });
}
