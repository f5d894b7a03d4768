import { quoted } from './quoted.js';

export interface Welcome {
  readonly webUrl: string | undefined;
  readonly apiUrl: string;
  readonly kubeconfig: string;
  readonly user: string;
  /** Only on the first start: afterwards nobody knows it. */
  readonly password: string | undefined;
  readonly dataDir: string;
  readonly seconds: number;
}

function signIn({ webUrl, user, password }: Welcome): string[] {
  if (!webUrl) return [];
  const secret = password
    ? `${password}   (shown only this once)`
    : '(as shown on the first start; "binnacle password" makes a new one)';
  return [
    `  Dashboard   ${webUrl}`,
    `  GraphQL     ${webUrl}/graphql`,
    `  User        ${user}`,
    `  Password    ${secret}`,
    '',
  ];
}

/** What is printed once everything is up. */
export function formatWelcome(welcome: Welcome): string {
  return [
    '',
    `Binnacle is up (${welcome.seconds.toFixed(1)} s).`,
    '',
    ...signIn(welcome),
    `  API server  ${welcome.apiUrl}`,
    `  Kubeconfig  ${welcome.kubeconfig}`,
    `  Data        ${welcome.dataDir}`,
    '',
    'Try next, in another terminal:',
    '',
    `  export KUBECONFIG=${quoted(welcome.kubeconfig)}`,
    '  kubectl get nodes -o wide',
    '  kubectl get pods -A -o wide',
    '  kubectl apply -f examples/myapp.yaml',
    '  curl http://127.0.0.1:30080/',
    '',
    'Ctrl-C, or "binnacle down", stops it; the next start finds everything again.',
    '',
  ].join('\n');
}
