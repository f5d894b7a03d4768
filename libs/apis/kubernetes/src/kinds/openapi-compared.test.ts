import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { openApiV2 } from '@binnacle/apis-schema';
import { expect, test } from 'vitest';
import { resources, reviewKinds } from './index.js';

/** What kubernetes 1.36 publishes of its paths, and what its structures are (`tools/kubernetes-1.36/README.md`). */
const FACTS = join(import.meta.dirname, '..', '..', '..', '..', '..', 'tools', 'kubernetes-1.36');
const read = (name: string): unknown => JSON.parse(brotliDecompressSync(readFileSync(join(FACTS, name))).toString());

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly type?: string;
  readonly required?: boolean;
  readonly schema?: object;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly consumes?: readonly string[];
  readonly produces?: readonly string[];
  readonly responses: Readonly<Record<string, { readonly schema?: object }>>;
}
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;
type PathItem = Partial<Readonly<Record<(typeof METHODS)[number], Operation>>> & {
  readonly parameters?: readonly Parameter[];
};
interface Document {
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly parameters?: Readonly<Record<string, Parameter>>;
}
type Operations = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Texts of which each is one thing that is said of an operation, in no order. */
function saidOf(document: Document, item: PathItem, operation: Operation): Map<string, string> {
  const { parameters = [], consumes = [], produces = [], responses, ...rest } = operation;
  const resolved = [...(item.parameters ?? []), ...parameters].map((one) =>
    one.$ref ? (document.parameters?.[one.$ref.split('/').pop() ?? ''] ?? one) : one,
  );
  const sorted = (value: unknown) =>
    JSON.stringify(value, (_, inner: unknown) =>
      inner && typeof inner === 'object' && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort())
        : inner,
    );
  return new Map<string, string>([
    ...Object.entries(rest).map(([name, value]) => [name, sorted(value)] as const),
    ...resolved.map(
      (one) => [`parameter ${one.in} ${one.name}`, sorted([one.type, one.required, one.schema])] as const,
    ),
    ...consumes.map((type) => [`consumes ${type}`, 'yes'] as const),
    ...produces.map((type) => [`produces ${type}`, 'yes'] as const),
    ...Object.entries(responses).map(([code, { schema }]) => [`response ${code}`, sorted(schema) ?? ''] as const),
  ]);
}

function operationsIn(document: Document): Operations {
  const operations = new Map<string, Map<string, string>>();
  for (const [path, item] of Object.entries(document.paths))
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) operations.set(`${method} ${path}`, saidOf(document, item, operation));
    }
  return operations;
}

/** One line for each thing that only one of the two says, or that they say otherwise. */
function differences(ours: Operations, theirs: Operations): string[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((operation) => {
    const [here, there] = [ours.get(operation), theirs.get(operation)];
    if (!here) return [`${operation}: only there`];
    if (!there) return [`${operation}: only here`];
    return [...new Set([...here.keys(), ...there.keys()])]
      .filter((name) => here.get(name) !== there.get(name))
      .map((name) => `${operation}: ${name}: ${here.get(name) ?? 'absent'} here, ${there.get(name) ?? 'absent'} there`);
  });
}

/** Differences that stay. */
const REASONS: Readonly<Record<string, RegExp>> = {
  'versions that are not served by default': /^\w+ \/apis\/[^/]+\/v\d+(alpha|beta)\d+\/.*only there$/,
  'discovery, the version, the issuer and the logs of the host are answered, and described by no operation':
    /^get \/(api|apis|version|logs|openid|\.well-known)\/([\w.-]+\/)*(\{logpath\})?: only there$/,
  'CustomResourceDefinitions are a kind of another package': /^\w+ \/apis\/apiextensions\.k8s\.io\/v1\/.*only there$/,
  'what Nodes and Pods use is told by a server of its own there': /\/apis\/metrics\.k8s\.io\/.*only here$/,
  'decisions of schedulers are a kind of our own': /\/apis\/scheduling\.binnacle\.dev\/.*only here$/,
  'what is connected is kinds of our own': /\/apis\/networking\.binnacle\.dev\/.*only here$/,
  'what was used is kinds of our own': /\/apis\/usage\.binnacle\.dev\/.*only here$/,
  'who changed what is a kind of our own': /\/apis\/history\.binnacle\.dev\/.*only here$/,
  'who can do what is asked by a kind of our own': /\/apis\/authorization\.binnacle\.dev\/.*only here$/,
  'no answer is made in protobuf or CBOR, nor as a stream of its own type, and no apply is read in CBOR':
    /: (produces application\/(vnd\.kubernetes\.protobuf|cbor)|produces application\/json;stream|consumes application\/apply-patch\+cbor).*there$/,
  'parameters of features that are alpha in 1.36':
    /: parameter query (shardSelector|ignoreStoreReadErrorWithClusterBreakingPotential|stream): absent here/,
  'the certificate of a kubelet is always checked': /: parameter query insecureSkipTLSVerifyBackend: absent here/,
  'logs are told as text alone': /pods\/\{name\}\/log: produces application\/\S+: absent here/,
};

test('the operations of OpenAPI v2 are those of kubernetes 1.36, but for what is listed', async () => {
  const ours = JSON.parse(JSON.stringify(await openApiV2([...resources, ...reviewKinds], 'v1.36.0'))) as Document;
  const found = differences(operationsIn(ours), operationsIn(read('paths.json.br') as Document));
  const unexplained = found.filter((line) => !Object.values(REASONS).some((reason) => reason.test(line)));
  expect(unexplained).toEqual([]);
});

/** In the order of their names, where upstream has that of its own structures. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.map(inOrder);
    return items.every((item) => typeof item === 'string') ? items.sort() : items;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => [key, inOrder(member)]),
  );
};

test('the structures of OpenAPI v2 are those of kubernetes 1.36, but for what is listed', async () => {
  const { definitions: theirs } = read('facts.json.br') as { definitions: Record<string, object> };
  const ours = JSON.parse(JSON.stringify(await openApiV2([...resources, ...reviewKinds], 'v1.36.0'))) as {
    definitions: Record<string, object>;
  };
  const differing = Object.entries(ours.definitions)
    .filter(([name, schema]) => JSON.stringify(inOrder(schema)) !== JSON.stringify(inOrder(theirs[name])))
    .map(([name]) => name)
    .filter((name) => !name.startsWith('dev.binnacle.'));
  expect(differing).toEqual([
    // There are more groups there that these are sent to.
    'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
    'io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent',
    // Bytes are said to be an atomic list there.
    'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec',
    // They are of metrics-server.
    'io.k8s.metrics.pkg.apis.metrics.v1beta1.ContainerMetrics',
    'io.k8s.metrics.pkg.apis.metrics.v1beta1.NodeMetrics',
    'io.k8s.metrics.pkg.apis.metrics.v1beta1.PodMetrics',
  ]);
});
