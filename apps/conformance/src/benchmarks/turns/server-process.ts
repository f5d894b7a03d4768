// An API server of ours with a Postgres of its own, in a process that does nothing else: what the process and its children use is
// what the server costs. Ends when whoever forked it does.
import { type TestApiServer, startTestApiServer } from '@binnacle/testing-cluster';
import type { ServerMessage } from './server.js';

/** What nodes without kubelets and Pods without accounts would stumble over, as scheduler_perf has it. */
const WITHOUT = ['ServiceAccount', 'TaintNodesByCondition'];
const WORKERS = ['kube-scheduler', 'kube-controller-manager', 'kube-proxy', 'kube-dns'];

async function messageOf(server: TestApiServer): Promise<ServerMessage> {
  const workers = WORKERS.map(async (name) => [name, await server.configFor(`system:${name}`)] as const);
  return {
    admin: server.admin,
    workers: Object.fromEntries(await Promise.all(workers)),
    tokenKey: server.serviceAccountKey,
  };
}

const server = await startTestApiServer({ disableAdmission: WITHOUT });
process.on('disconnect', () => void server.close().then(() => process.exit(0)));
process.send?.(await messageOf(server));
