const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0';
const NAMESPACE = 'ways';

type Extra = Readonly<Record<string, unknown>>;

const meta = (name: string) => ({ name, namespace: NAMESPACE });

function server(name: string, container: Extra = {}) {
  const labels = { app: name };
  const ports = [{ name: 'http', containerPort: 8080 }];
  const containers = [{ name: 'server', image: AGNHOST, args: ['netexec'], ports, ...container }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta(name),
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers } },
    },
  };
}

const PORT = { name: 'http', port: 80, targetPort: 'http' };

function service(name: string, spec: Extra = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta(name),
    spec: { selector: { app: 'shop' }, ports: [PORT], ...spec },
  };
}

function ingress(name: string, secretName?: string) {
  const host = `${name}.example.com`;
  const backend = { service: { name: 'shop', port: { name: 'http' } } };
  const tls = secretName && [{ hosts: [host], secretName }];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta(name),
    spec: {
      ingressClassName: 'binnacle',
      rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
      ...(tls && { tls }),
    },
  };
}

const nobody = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: meta('nobody'),
  spec: { podSelector: { matchLabels: { app: 'vault' } }, policyTypes: ['Ingress'] },
};

/** Ways of requests: `shop` works, and each of the others breaks where its name says. */
export const brokenWays = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    server('shop'),
    server('unready', { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } }),
    server('vault'),
    nobody,
    service('shop', { type: 'NodePort' }),
    service('no-endpoints', { selector: { app: 'shopp' } }),
    service('port-mismatch', { ports: [{ ...PORT, targetPort: 'web' }] }),
    service('unready', { selector: { app: 'unready' } }),
    service('vault', { selector: { app: 'vault' } }),
    service('no-address', { type: 'LoadBalancer', loadBalancerClass: 'example.com/none' }),
    ingress('plain'),
    ingress('tls', 'nowhere'),
  ],
};
