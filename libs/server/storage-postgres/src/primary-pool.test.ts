import { silentLogger } from '@binnacle/machinery-context';
import { expect, it } from 'vitest';
import { parseDatabaseUrl } from './database-url.js';
import { clientOf, Primary, PrimaryPool } from './primary-pool.js';

it('signs in with the password of the URL, though pools hide it from copies of their options', async () => {
  const primary = new Primary(parseDatabaseUrl('postgres://ann:secret@127.0.0.1:5432/db'), silentLogger);
  const pool = new PrimaryPool(primary, { max: 1, applicationName: 'test' });
  const client = new (clientOf(primary))(pool.options);
  expect(client.password).toBe('secret');
  await pool.end();
});
