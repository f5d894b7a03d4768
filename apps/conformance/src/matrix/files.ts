/** A request of jane's, as `openssl req` writes it, in base64 once more. */
const REQUEST =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIYk1JR0RBZ0VBTUNFeEVEQU9CZ05WQkFvTUIzSmxZV1JsY25N' +
  'eERUQUxCZ05WQkFNTUJHcGhibVV3V1RBVApCZ2NxaGtqT1BRSUJCZ2dxaGtqT1BRTUJCd05DQUFRbHBQVERFM3V6MktXNng5U1cw' +
  'TE5LSWtTdDN4TE56QVh2CkJTWk1LREJ2WEwwNlovMERtY2x0RWhLeXVnUmUydXdsekJpK2xnT081emZ6dnhBTElHelZvQUF3Q2dZ' +
  'SUtvWkkKemowRUF3SURSd0F3UkFJZ0hDaEFYd0pDT0JRNXdLWWVodVhnM3V1N1I2MHFocnhXWFRJNUhwM3NHSUlDSURuUgp0SG5R' +
  'K1dSS1pvWks4VTJmeTQvMjlIWkZTaElPcUNtUE5od2hmY05ICi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';

const configMap = (name: string, colour: string, labels = ''): string => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}${labels && `, labels: { ${labels} }`} }
data:
  colour: ${colour}
`;

const request = (name: string): string => `
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: { name: '{ns}-${name}' }
spec: { request: ${REQUEST}, signerName: kubernetes.io/kube-apiserver-client, usages: [client auth] }
`;

const TICKER = `{ name: ticker, image: busybox, command: [sh, -c, "while true; do echo tick; sleep 0.5; done"] }`;

/** The files that the commands of the matrix name, by their paths. */
export const filesOfMatrix: Readonly<Record<string, string>> = {
  motd: 'Good day\n',
  'ticker.yaml': `
apiVersion: v1
kind: Pod
metadata: { name: ticker, labels: { app: ticker } }
spec: { containers: [${TICKER}] }
`,
  'ticker-rs.yaml': `
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: ticker-rs }
spec:
  replicas: 0
  selector: { matchLabels: { app: ticker-rs } }
  template:
    metadata: { labels: { app: ticker-rs } }
    spec: { containers: [${TICKER}] }
`,
  'wrong.yaml': `
apiVersion: v1
kind: Pod
metadata: { name: wrong }
spec: { colour: red, containers: [${TICKER}] }
`,
  'raw.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"raw","namespace":"{ns}"}}',
  'never.yaml': configMap('never', 'red'),
  'bare.yaml': configMap('bare', 'red'),
  'bare-2.yaml': configMap('bare', 'green'),
  'server.yaml': configMap('server', 'red'),
  'absent.yaml': configMap('absent', 'red'),
  'pruned/first.yaml': configMap('first', 'red', "part: '{ns}'"),
  'pruned/second.yaml': configMap('second', 'red', "part: '{ns}'"),
  'kustomize/kustomization.yaml': 'namePrefix: pre-\nresources: [plain.yaml]\n',
  'kustomize/plain.yaml': configMap('plain', 'red'),
  'nothing.yaml': 'apiVersion: example.com/v1\nkind: Nothing\nmetadata: { name: nothing }\n',
  'patch.yaml': 'data:\n  patched: from a file\n',
  'rbac.yaml': `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reconciled, namespace: '{ns}' }
rules: [{ apiGroups: [''], resources: [pods], verbs: [get] }]
`,
  'csr.yaml': [request('good'), request('bad')].join('---'),
  'kubectl-hello': '#!/bin/sh\necho hello from a plugin\n',
};
