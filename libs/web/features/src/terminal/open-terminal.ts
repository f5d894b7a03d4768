import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { objectRef, type UnstructuredObject } from '@binnacle/web-data';
import { defaultContainer } from './pod-containers.js';
import { SHELL, terminals } from './terminals.js';

/** A shell in a container of a Pod; in the one kubectl would take where none is named. */
export function openTerminal(pod: UnstructuredObject, container?: string): void {
  const named = container ?? defaultContainer(pod as unknown as Pod);
  terminals.open({ pod: objectRef(pod), container: named, command: SHELL });
}

/** What a container says that has a terminal of its own. */
export function attachTerminal(pod: UnstructuredObject, container: string): void {
  terminals.open({ pod: objectRef(pod), container, command: undefined });
}
