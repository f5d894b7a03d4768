import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import type { Column, SortValue } from '@binnacle/web-ui';
import type { ComponentType, ReactNode } from 'react';
import type { Translate } from '../messages/index.js';
import type { KindActions, Narrow } from './kind-actions.js';
import type { ObjectStatus, Standing } from './standing.js';

export type { Narrow, ObjectStatus };

/** How many addresses a Service leads to, and how many of them take requests. */
export interface EndpointCount {
  readonly ready: number;
  readonly total: number;
}

/** What must be known besides an object itself, to say truly how it stands. */
export interface Surroundings {
  /** Milliseconds since the epoch, to the minute; 0 where it is not known. */
  readonly now: number;
  /** Nodes that nobody hears from any more: what was last said of their Pods may not be so. */
  readonly lostNodes: ReadonlySet<string>;
  /** By `namespace/name` of the Service; undefined while they are not known. */
  readonly endpoints: ReadonlyMap<string, EndpointCount> | undefined;
}

export const NO_SURROUNDINGS: Surroundings = { now: 0, lostNodes: new Set(), endpoints: undefined };

export interface KindColumn extends Column<UnstructuredObject> {
  /** What the column sorts by. */
  readonly value: (object: UnstructuredObject) => SortValue;
  /** What the cell says, where a number stands for it in sorting: a filter finds both. */
  readonly told?: (object: UnstructuredObject) => string;
}

/** A line of the summary: a fact about one object. */
export interface Fact {
  /** The column that says the same in a list, where there is one: the summary then says it in these words. */
  readonly column?: string;
  readonly label: string;
  readonly value: ReactNode;
}

/** Objects that have to do with one object: a table below its facts. */
export interface RelatedObjects extends Narrow {
  readonly title: string;
  /** The kind's id, such as `pods` or `replicasets.apps`. */
  readonly resource: string;
  /** Keeps only those that the object with this uid owns, where no selector can say it. */
  readonly ownedBy?: string;
  /** Keeps only these, for the same reason. */
  readonly keeps?: (object: UnstructuredObject) => boolean;
  /** Columns that would say the same in every row. */
  readonly without?: readonly string[];
  /** What stands there where there are none. */
  readonly empty: string;
}

export interface PanelProps {
  readonly object: UnstructuredObject;
  readonly around: Surroundings;
}

/** What the dashboard knows of a kind beyond what every object has. Every member is optional. */
export interface KindView {
  readonly status?: (object: UnstructuredObject, around: Surroundings) => ObjectStatus | undefined;
  /** What its status cannot be told without. */
  readonly needs?: 'nodes' | 'endpoints';
  /** How its objects are counted on the front page. */
  readonly standing?: Standing;
  /** Columns between the name and the age. Each is a fact of the summary as well. */
  readonly columns?: (t: Translate, around: Surroundings) => readonly KindColumn[];
  /** What the summary says beyond the columns, or in more words than they do. */
  readonly facts?: (object: UnstructuredObject, t: Translate) => readonly Fact[];
  /** What stands above all else, over the whole width. */
  readonly wide?: ComponentType<PanelProps>;
  /** What stands first on its page. Kinds with neither panels nor related objects show all that they say. */
  readonly panels?: readonly ComponentType<PanelProps>[];
  /** The objects it has to do with, below the panels. */
  readonly related?: (object: UnstructuredObject, t: Translate) => readonly RelatedObjects[];
  readonly actions?: KindActions;
  /** What it holds is sent only when it is asked for. */
  readonly hidesValues?: true;
  /** `none` leaves out the columns for the name and the age, which tell nothing of an Event. */
  readonly frame?: 'none';
  /** What a filter's words are looked for in; in the name and the namespace where absent. */
  readonly words?: (object: UnstructuredObject) => readonly string[];
  /** The kind's first order in a list; by name where absent. */
  readonly sort?: string;
}

/** Narrows an untyped object to a kind the caller has looked up by its resource. */
export function as<T extends KubeObject>(object: UnstructuredObject): T {
  return object as unknown as T;
}
