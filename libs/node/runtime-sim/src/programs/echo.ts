import { endsAfterLastCalls, json, SharedHttpServer, tcpPorts } from './http.js';
import type { Program } from './program.js';

const server = new SharedHttpServer((process, request, response) => {
  const { method, url, headers } = request;
  process.log('stdout', `${method} ${url}\n`);
  const { pod, namespace, node, image, container, ip } = process.identity;
  json(response, { pod, namespace, node, image, container, ip, request: { method, path: url, headers } });
});

/** What an image nobody knows does: it answers on its declared ports, saying who it is and what it was asked. */
export const echo: Program = async (process) => {
  for (const port of tcpPorts(process)) {
    await process.listenTcp(port, (socket) => server.accept(process, socket));
    process.log('stdout', `listening on port ${port}\n`);
  }
  for (const { containerPort, protocol } of process.config.ports) {
    if (protocol === 'UDP') await process.listenUdp(containerPort, (message, _, reply) => reply(message));
  }
  return endsAfterLastCalls(process);
};
