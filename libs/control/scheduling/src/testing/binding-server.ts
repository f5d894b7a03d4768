import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type ProtocolServer, startProtocolServer } from '@binnacle/client-rest/testing';

const BINDING = /\/namespaces\/([^/]+)\/pods\/([^/]+)\/binding$/;

async function nodeOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return (JSON.parse(text) as { target: { name: string } }).target.name;
}

/** A small API server that binds Pods, unless `refuse` answers a status code for one. */
export async function startBindingServer(refuse: (pod: string) => number | undefined): Promise<ProtocolServer> {
  const server = await startProtocolServer();
  const bind = async (key: string, request: IncomingMessage, response: ServerResponse) => {
    const node = await nodeOf(request);
    const code = refuse(key);
    if (!code) {
      const pod = server.api.get('pods', key) as unknown as Pod;
      server.api.update('pods', key, { ...pod, spec: { containers: [], ...pod.spec, nodeName: node } } as Pod);
    }
    const reason = code === 404 ? 'NotFound' : 'InternalError';
    response.writeHead(code ?? 201, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'Status', code: code ?? 201, reason, message: 'refused' }));
  };
  server.intercept = (request, response) => {
    const match = BINDING.exec(request.url ?? '');
    if (!match) return false;
    void bind(`${match[1]}/${match[2]}`, request, response);
    return true;
  };
  return server;
}
