import type { ContainerStatus, Pod } from '@binnacle/apis-kubernetes/core/v1';

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

interface NamedContainer {
  readonly name: string;
  readonly kind: 'container' | 'init' | 'ephemeral';
}

/** Everything that may run in a Pod, what it is made for first. */
export function containersOf({ spec }: Pod): NamedContainer[] {
  const named = (kind: NamedContainer['kind'], list: readonly { readonly name: string }[] = []) =>
    list.map(({ name }) => ({ name, kind }));
  return [
    ...named('container', spec?.containers),
    ...named('init', spec?.initContainers),
    ...named('ephemeral', spec?.ephemeralContainers),
  ];
}

/** The one kubectl takes where none is named. */
export function defaultContainer({ metadata, spec }: Pod): string {
  const said = metadata.annotations?.[DEFAULT_CONTAINER];
  const names = (spec?.containers ?? []).map(({ name }) => name);
  return said && names.includes(said) ? said : (names[0] ?? '');
}

export function statusOfContainer({ status }: Pod, name: string): ContainerStatus | undefined {
  const all = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  return all.find((each) => each.name === name);
}

/** Why a container does not run yet; undefined where it does, or did. */
export function waitingFor(pod: Pod | undefined, name: string): string | undefined {
  const state = pod && statusOfContainer(pod, name)?.state;
  return state?.running || state?.terminated ? undefined : (state?.waiting?.reason ?? 'Pending');
}
