// One attack, in a process of its own and with less right to the processor than those it attacks.
import { setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { catalogue } from './catalogue/index.mjs';

setPriority(10);
process.once('message', async ({ name, identities, seconds }) => {
  const { identity, run } = catalogue.find((attack) => attack.name === name);
  const end = performance.now() + seconds * 1000;
  const counts = {};
  const count = (what) => void (counts[what] = (counts[what] ?? 0) + 1);
  const attack = { who: identities[identity], count, pause, goOn: () => performance.now() < end };
  // Answers that are still owed when the time is up are nobody's.
  await Promise.race([run(attack), pause(seconds * 1000 + 1500)]);
  process.send(counts, () => process.exit(0));
});
