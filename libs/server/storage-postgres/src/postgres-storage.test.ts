import { systemClock } from '@binnacle/process-lifecycle';
import { runStorageSuite } from '@binnacle/server-storage/suite';
import { createPostgresStorage } from './create-postgres-storage.js';
import { freshDatabase } from './testing/index.js';

runStorageSuite('PostgresStorage', async (ctx) => {
  const database = await freshDatabase();
  const storage = await createPostgresStorage({ ...ctx, clock: systemClock }, { databaseUrl: database.url });
  const close = async () => {
    await storage.close();
    await database.drop();
  };
  return { storage, reader: storage, close };
});
