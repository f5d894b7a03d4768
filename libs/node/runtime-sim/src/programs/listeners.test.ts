import { expect, test } from 'vitest';
import { Listeners } from './listeners.js';

test('a container listens at so many ports and no more, until it has ended', async () => {
  const place = () => ({ host: '127.0.0.1', port: 0 });
  const listeners = new Listeners({ place, hold: () => () => undefined }, 2);
  const tcp = () => listeners.tcp('10.0.0.1', 80, (socket) => socket.destroy());
  const udp = () => listeners.udp('10.0.0.1', 80, () => undefined);
  await tcp();
  await udp();
  await expect(tcp()).rejects.toThrow('too many open files');
  await expect(udp()).rejects.toThrow('too many open files');
  listeners.close();
  await tcp();
  listeners.close();
});
