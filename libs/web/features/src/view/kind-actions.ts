import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';

/** Which objects of a kind are meant. Absent members do not narrow. */
export interface Narrow {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** What deleting an object does. */
export interface Loss {
  /** The Pods that go, or must move, with the object; undefined where there are none. */
  readonly pods?: (object: UnstructuredObject) => Narrow | undefined;
  /** In plain words; `pods` is how many of them there are, undefined where that is not known. */
  readonly text: (t: Translate, object: UnstructuredObject, pods: number | undefined) => string;
}

/** What can be done to objects of a kind beyond what the server says of every kind, and what comes of it. */
export interface KindActions {
  /** New Pods in place of the old, one after the other. */
  readonly restart?: true;
  /** To an earlier revision. */
  readonly rollBack?: true;
  readonly logs?: true;
  /** Its Pods have logs, which are read together. */
  readonly podLogs?: true;
  /** Whether commands may be run in it; absent for what has no containers. */
  readonly terminal?: (object: UnstructuredObject) => boolean;
  /** Whether it is cordoned; absent for what cannot be. */
  readonly cordoned?: (object: UnstructuredObject) => boolean;
  /** Its Pods can be moved elsewhere, as far as their budgets allow. */
  readonly drain?: true;
  /** Whether it rests; undefined for one that has ended. Absent for what cannot rest. */
  readonly suspended?: (object: UnstructuredObject) => boolean | undefined;
  /** A Job as it makes them, made at once; or the same Job once more. */
  readonly makesJob?: 'fromTemplate' | 'again';
  /** It is a role, which can be granted to somebody. */
  readonly grants?: true;
  /** It is a person who may sign in, or not. */
  readonly person?: (object: UnstructuredObject) => 'active' | 'disabled';
  /** It is a team. */
  readonly team?: true;
  /** It is an invitation, and whether a link to it can still be made. */
  readonly invitation?: (object: UnstructuredObject) => boolean;
  /** It can be asked to become larger. */
  readonly resize?: true;
  /** Its loss takes other things along or cannot be made good: the name must be typed. */
  readonly dangerous?: true;
  /** Nobody wrote it by hand: after a deletion it is not offered to put it back. */
  readonly fleeting?: true;
  readonly loss?: Loss;
}
