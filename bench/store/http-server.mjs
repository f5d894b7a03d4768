// The API server of the HTTP benchmark, in a process of its own: tells its parent how to connect and what it costs.
import { startTestApiServer } from '@binnacle/testing-cluster';

const server = await startTestApiServer();
process.send({ admin: server.admin });
process.on('message', () => process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss }));
process.on('disconnect', async () => {
  await server.close();
  process.exit(0);
});
