import { type Client, createClient } from 'graphql-ws';
import WebSocket, { type ClientOptions } from 'ws';

/** A server of a test. */
interface Serving {
  readonly url: string;
  configFor(user: string, groups: readonly string[]): Promise<Pick<ClientOptions, 'cert' | 'key' | 'ca'>>;
}

/** GraphQL over a WebSocket at a path, as the administrator. */
export async function graphqlSocket(server: Serving, path: string): Promise<Client> {
  const { cert, key, ca } = await server.configFor('kubernetes-admin', ['system:masters']);
  class Socket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { cert, key, ca });
    }
  }
  return createClient({ url: `${server.url.replace('https', 'wss')}${path}`, webSocketImpl: Socket });
}
