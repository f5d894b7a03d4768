// The API server of this checkout with a Postgres of its own and every admission rule, in a process of its own.
import { startTestApiServer } from '@binnacle/testing-cluster';

const server = await startTestApiServer({ disableAdmission: [] });
process.send({ admin: server.admin });
process.on('disconnect', async () => {
  await server.close();
  process.exit(0);
});
