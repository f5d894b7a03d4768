import type { KindView } from '../view/kind-view.js';
import { replicaSetView } from './replica-set.js';

/** Stands as a ReplicaSet does, and rolls its Pods by itself. */
export const statefulSetView: KindView = {
  ...replicaSetView,
  actions: { ...replicaSetView.actions, restart: true },
};
