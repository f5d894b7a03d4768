export interface Settings {
  readonly clusters: number;
  readonly objects: number;
  readonly busy: number;
  /** Of the clusters at rest, so many have a node and a running Pod. */
  readonly withPods: number;
  readonly wakes: number;
  readonly idleSeconds: number;
}

const DEFAULTS: Settings = { clusters: 1_000, objects: 50, busy: 20, withPods: 100, wakes: 100, idleSeconds: 60 };

/** @throws Error where a cluster would be two things at a time: busy, with Pods, or woken twice. */
export function settingsOf(options: Readonly<Record<string, string>>): Settings {
  const of = (name: string, otherwise: number) => Number(options[name] ?? otherwise);
  const settings: Settings = {
    clusters: of('clusters', DEFAULTS.clusters),
    objects: of('objects', DEFAULTS.objects),
    busy: of('busy', DEFAULTS.busy),
    withPods: of('with-pods', DEFAULTS.withPods),
    wakes: of('wakes', DEFAULTS.wakes),
    idleSeconds: of('idle-seconds', DEFAULTS.idleSeconds),
  };
  const { clusters, busy, withPods, wakes } = settings;
  const parts = busy + withPods + 2 * wakes;
  if (parts <= clusters) return settings;
  throw new Error(
    `--busy, --with-pods and twice --wakes are ${parts} clusters, more than the ${clusters} of --clusters`,
  );
}
