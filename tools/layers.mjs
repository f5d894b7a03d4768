// The law of layers: what each may import besides itself. A package's layer is its folder, its name's prefix and its Nx tag.
export const LAYERS = {
  machinery: [],
  apis: ['machinery'],
  process: ['machinery'],
  client: ['apis', 'machinery'],
  server: ['process', 'apis', 'machinery'],
  control: ['client', 'apis', 'machinery'],
  node: ['client', 'process', 'apis', 'machinery'],
  network: ['client', 'process', 'apis', 'machinery'],
  web: ['client-rest', 'apis', 'machinery'],
  testing: ['server', 'control', 'node', 'network', 'client', 'process', 'apis', 'machinery'],
};

/** Which plane each program belongs to: it may import that layer, what that layer may import, and process. */
export const PLANES = {
  'api-server': 'server',
  scheduler: 'control',
  'controller-manager': 'control',
  kubelet: 'node',
  'kube-proxy': 'network',
  dns: 'network',
  'ingress-controller': 'network',
  'cloud-controller-manager': 'control',
  cli: 'node',
  web: 'web',
  conformance: 'testing',
};

/** What a program may import besides: the machines that a cloud is made of are files of the kubelet that carries them. */
export const BESIDES = { 'cloud-controller-manager': ['node-simulated'] };

/** Frameworks and drivers, and the only folders that may import them. */
export const FRAMEWORKS = [
  { packages: '(typeorm|pg|@nestjs/typeorm)', only: ['libs/server/storage-postgres/**', 'migrations/**'] },
  {
    packages: '@nestjs/',
    only: ['libs/server/http/**', 'libs/server/live/**', 'libs/server/graphql/**', 'apps/api-server/**'],
  },
  { packages: '(react|react-dom|next)(/|$)', only: ['libs/web/**', 'apps/web/**'] },
  // It asks the server for each page, and leaves the page where there is none: links are objects/link.tsx.
  { packages: 'next/link', only: ['nothing'] },
];

/** A pattern for the imports of our own packages that are forbidden where only `allowed` prefixes may be used. */
export function forbidden(allowed) {
  return `^@binnacle/(?!(${allowed.join('|')})(-|/|$))`;
}
