import { type Resource, resourceId, type UnstructuredObject } from '@binnacle/web-data';

function target(resource: Resource, object: UnstructuredObject): string {
  const { namespace, name = '' } = object.metadata;
  return `${resourceId(resource)}/${name}${namespace ? ` -n ${namespace}` : ''}`;
}

const podOf = ({ metadata: { name = '', namespace } }: UnstructuredObject): string =>
  `${name}${namespace ? ` -n ${namespace}` : ''}`;

/** What one would type for the same effect. */
export const kubectl = {
  scale: (resource: Resource, object: UnstructuredObject, replicas: number): string =>
    `kubectl scale ${target(resource, object)} --replicas=${replicas}`,
  restart: (resource: Resource, object: UnstructuredObject): string =>
    `kubectl rollout restart ${target(resource, object)}`,
  rollBack: (resource: Resource, object: UnstructuredObject, revision: string): string =>
    `kubectl rollout undo ${target(resource, object)} --to-revision=${revision}`,
  suspend: (resource: Resource, object: UnstructuredObject, suspend: boolean): string =>
    `kubectl patch ${target(resource, object)} --type=merge -p '{"spec":{"suspend":${suspend}}}'`,
  runNow: (object: UnstructuredObject, name: string): string => {
    const { name: cron = '', namespace } = object.metadata;
    return `kubectl create job ${name}${namespace ? ` -n ${namespace}` : ''} --from=cronjob/${cron}`;
  },
  resize: (resource: Resource, object: UnstructuredObject, storage: string): string =>
    `kubectl patch ${target(resource, object)} --type=merge -p '{"spec":{"resources":{"requests":{"storage":"${storage}"}}}}'`,
  drain: (object: UnstructuredObject, flags: readonly string[]): string =>
    ['kubectl drain', object.metadata.name ?? '', '--ignore-daemonsets', ...flags].join(' '),
  exec: (object: UnstructuredObject, container: string): string =>
    `kubectl exec -it ${podOf(object)} -c ${container} -- sh`,
  debug: (object: UnstructuredObject, image: string, container: string): string =>
    `kubectl debug -it ${podOf(object)} --image=${image}${container && ` --target=${container}`}`,
  cordon: (object: UnstructuredObject): string => `kubectl cordon ${object.metadata.name ?? ''}`,
  delete: (resource: Resource, object: UnstructuredObject): string => `kubectl delete ${target(resource, object)}`,
} as const;
