import { runStorageSuite } from '../suite/index.js';
import { MemoryStorage } from './memory-storage.js';

runStorageSuite('MemoryStorage', async () => {
  const storage = new MemoryStorage();
  return { storage, reader: storage, close: () => storage.close() };
});
