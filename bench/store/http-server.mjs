// The API server of the HTTP benchmark, in a process of its own: tells its parent how to connect, what it costs and where that goes.
import { startTestApiServer } from '@binnacle/testing-cluster';
import { startProfile } from './where-time-goes.mjs';

const server = await startTestApiServer();
let stopProfile;

const ANSWERS = {
  cost: () => ({ cpu: process.cpuUsage() }),
  profile: async () => {
    stopProfile = await startProfile();
    return {};
  },
  shares: async () => ({ shares: await stopProfile() }),
};

process.send({ admin: server.admin });
process.on('message', async ({ question }) => process.send(await ANSWERS[question]()));
process.on('disconnect', async () => {
  await server.close();
  process.exit(0);
});
