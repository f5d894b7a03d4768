import { LOCALHOST_CERTIFICATE } from './localhost-certificate.js';
import type { ImageBehaviour } from './types.js';

const QUICK = { pullMilliseconds: [60, 240], startMilliseconds: [10, 40] } as const;
const SHELL = { program: 'shell', cpuMillis: [0, 1], memoryMegabytes: [1, 3], ...QUICK } as const;
const TEST_SERVER = { sizeMegabytes: [5, 55], cpuMillis: [1, 3], memoryMegabytes: [5, 20], ...QUICK } as const;
/** A program at the root of an image. */
const called = (name: string) => ({ [`/${name}`]: `#!/bin/sh\n${name} "$@"\n` });
const VERSION = String.raw`(\d{1,2})(\.\d{1,2}){0,3}`;

/** Known images, in order. The last entry is every other image. */
export const images: readonly ImageBehaviour[] = [
  {
    // Nobody has ever published a `webserver`, which Kubernetes' own suite counts on.
    images: ['missing', 'does-not-exist', 'no-such-image', 'webserver'],
    missing: true,
    program: 'idle',
    sizeMegabytes: [0, 0],
    cpuMillis: [0, 0],
    memoryMegabytes: [0, 0],
    ...QUICK,
  },
  {
    images: ['nginx', 'httpd', 'apache', 'caddy', 'nginx-unprivileged'],
    tags: `^(latest|stable|mainline|alpine|perl|bookworm|trixie|${VERSION})(-[a-z0-9.-]+)?$`,
    program: 'welcome',
    ports: [80],
    entrypoints: ['nginx', 'nginx-debug', 'httpd', 'httpd-foreground', 'apachectl', 'caddy', 'docker-entrypoint.sh'],
    sizeMegabytes: [40, 75],
    cpuMillis: [1, 4],
    memoryMegabytes: [6, 14],
    ...QUICK,
  },
  {
    // What upstream's walk through horizontal autoscaling runs: each page costs it a sum of a million roots.
    images: ['hpa-example', 'php-apache'],
    program: 'echo',
    entrypoints: ['apache2-foreground', 'docker-php-entrypoint'],
    sizeMegabytes: [170, 180],
    cpuMillis: [1, 1],
    memoryMegabytes: [8, 12],
    requestCpuMilliseconds: 10,
    ...QUICK,
  },
  {
    images: ['redis', 'valkey', 'redis-stack-server'],
    tags: `^(latest|alpine|bookworm|${VERSION})(-[a-z0-9.-]+)?$`,
    program: 'redis',
    ports: [6379],
    entrypoints: ['redis-server', 'valkey-server', 'docker-entrypoint.sh'],
    sizeMegabytes: [12, 50],
    cpuMillis: [2, 8],
    memoryMegabytes: [4, 12],
    ...QUICK,
  },
  {
    images: ['agnhost'],
    program: 'agnhost',
    entrypoints: ['agnhost', 'agnhost-2'],
    arguments: ['pause'],
    files: { ...called('agnhost'), ...called('agnhost-2'), '/localhost.crt': LOCALHOST_CERTIFICATE },
    ...TEST_SERVER,
  },
  ...['kitten', 'nautilus'].map(
    (picture): ImageBehaviour => ({
      images: [picture],
      program: 'agnhost',
      entrypoints: ['agnhost'],
      arguments: ['test-webserver'],
      files: { ...called('agnhost'), '/data.json': `{\n  "image": "${picture}.jpg"\n}\n` },
      ...TEST_SERVER,
    }),
  ),
  { images: ['echoserver', 'http-echo', 'whoami', 'hello-app', 'podinfo'], program: 'whoami', ...TEST_SERVER },
  // What the Gateway API's conformance suite sends its requests to.
  { images: ['echo-basic'], program: 'echo-basic', entrypoints: ['echo-basic'], ...TEST_SERVER },
  { images: ['busybox', 'alpine', 'busybox-curl', 'curl'], ...SHELL, sizeMegabytes: [2, 8] },
  { images: ['debian', 'ubuntu', 'bash', 'netshoot', 'toolbox'], ...SHELL, sizeMegabytes: [15, 80] },
  {
    images: ['pause'],
    program: 'idle',
    isBare: true,
    entrypoints: ['pause', '/pause'],
    sizeMegabytes: [0.3, 0.3],
    cpuMillis: [0, 0],
    memoryMegabytes: [0.5, 0.7],
    ...QUICK,
  },
  {
    images: ['crash', 'crasher', 'crashloop'],
    program: 'crash',
    sizeMegabytes: [3, 3],
    warmUpMilliseconds: [200, 800],
    cpuMillis: [5, 20],
    memoryMegabytes: [5, 10],
    ...QUICK,
  },
  {
    images: ['slow', 'slow-start'],
    program: 'echo',
    sizeMegabytes: [300, 600],
    pullMilliseconds: [2000, 5000],
    startMilliseconds: [500, 1500],
    warmUpMilliseconds: [10_000, 20_000],
    cpuMillis: [100, 400],
    memoryMegabytes: [100, 300],
  },
];

export const anyOtherImage: ImageBehaviour = {
  images: [],
  program: 'echo',
  sizeMegabytes: [20, 180],
  cpuMillis: [2, 12],
  memoryMegabytes: [15, 60],
  ...QUICK,
};
