import type { UnstructuredObject } from '@binnacle/web-data';
import type { Tone } from '@binnacle/web-ui';

/** How an object stands, in a word of Kubernetes' own (never translated). */
export interface ObjectStatus {
  readonly tone: Tone;
  readonly label: string;
  /** The longer reason, where there is one. */
  readonly detail?: string;
}

/** How the objects of a kind are counted on the front page: by what Kubernetes means by the word that stands below the figure. */
export interface Standing {
  /** False for what can neither stand well nor ill: it is not among those counted. */
  readonly isCounted: (status: ObjectStatus) => boolean;
  readonly isWell: (object: UnstructuredObject, status: ObjectStatus) => boolean;
  /** Worth telling beside the count, whether or not it stands well. */
  readonly isAside: (object: UnstructuredObject, status: ObjectStatus) => boolean;
  /** Somebody should look at it. */
  readonly isTrouble: (status: ObjectStatus) => boolean;
}

export const DEFAULT_STANDING: Standing = {
  isCounted: () => true,
  isWell: (_, { tone }) => tone === 'ok' || tone === 'idle',
  isAside: () => false,
  isTrouble: ({ tone }) => tone === 'error' || tone === 'warn',
};
