import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import type { Column, SortValue, Tone } from '@binnacle/web-ui';
import type { ReactNode } from 'react';
import type { Translate } from '../messages/index.js';

/** How an object stands, in a word of Kubernetes' own (never translated). */
export interface ObjectStatus {
  readonly tone: Tone;
  readonly label: string;
  /** The longer reason, where there is one. */
  readonly detail?: string;
}

export interface KindColumn extends Column<UnstructuredObject> {
  /** What the column sorts by. */
  readonly value: (object: UnstructuredObject) => SortValue;
}

/** A line of the summary: a fact about one object. */
export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

/** What the dashboard knows of a kind beyond what every object has. Every member is optional. */
export interface KindView {
  readonly status?: (object: UnstructuredObject) => ObjectStatus;
  /** Columns between the name and the age. */
  readonly columns?: (t: Translate) => readonly KindColumn[];
  readonly facts?: (object: UnstructuredObject, t: Translate) => readonly Fact[];
  /** `none` leaves out the columns for the name and the age, which tell nothing of an Event. */
  readonly frame?: 'none';
  /** The kind's first order in a list; by name where absent. */
  readonly sort?: string;
}

/** Narrows an untyped object to a kind the caller has looked up by its resource. */
export function as<T extends KubeObject>(object: UnstructuredObject): T {
  return object as unknown as T;
}
