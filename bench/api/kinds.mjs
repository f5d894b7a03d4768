// What is written and read: a Pod and a Deployment as kubectl sends them, about 2 KiB each.
import { podManifest } from '../store/http.mjs';

/** Lists and Tables are of this many objects. */
export const LISTED = 500;
/** Where those are, so that what is created meanwhile makes them no longer. */
export const LISTED_NAMESPACE = 'bench-listed';
export const NAMESPACE = 'bench';

const pod = (name, labels) => ({ ...podManifest(), metadata: { name, labels: { app: 'web', ...labels } } });

function deployment(name, labels) {
  const { spec } = podManifest();
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: 'web', ...labels } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec },
    },
  };
}

/** `manifest(name, labels)` is a new one; `collection(namespace)` is where they are. */
export const KINDS = {
  pods: { manifest: pod, collection: (namespace) => `/api/v1/namespaces/${namespace}/pods` },
  deployments: { manifest: deployment, collection: (namespace) => `/apis/apps/v1/namespaces/${namespace}/deployments` },
};
