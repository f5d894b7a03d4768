import { once } from 'node:events';
import { createServer } from 'node:net';

export default async (machine) => {
  const cwd = machine.checkout('/srv/binnacle');
  const uid = machine.uid('ann');
  const taken = async (port, host) => {
    const server = createServer().listen({ port, host, ipv6Only: false });
    await once(server, 'listening');
    return server;
  };
  const servers = [await taken(6443, '127.0.0.1')];
  return [
    { title: "the API server's port taken", expect: /port 6443 .* is taken.*--port/, uid, cwd },
    {
      title: "the dashboard's port taken by a server on all addresses",
      expect: /port 7080 .* is taken.*--web-port/,
      uid,
      cwd,
      before: async () => {
        servers.pop().close();
        servers.push(await taken(7080, '::'));
      },
    },
    {
      title: "a simulated node's port taken at its own address",
      expect: /port 10250 on 127\.0\.0\.11.* is taken.*--port-offset/,
      uid,
      cwd,
      before: async () => {
        servers.pop().close();
        servers.push(await taken(10250, '127.0.0.11'));
      },
    },
  ];
};
