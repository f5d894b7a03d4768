import { Session } from '../connection.mjs';

/** Does the same again and again, `parallel` at a time over a few sessions, until the attack is over. */
export async function flood(attack, parallel, act, { sessions = 4 } = {}) {
  const open = Array.from({ length: sessions }, () => new Session(attack.who));
  let at = 0;
  const work = async (index) => {
    while (attack.goOn()) {
      at += 1;
      const { status } = await act(open[index % Math.max(1, sessions)], at);
      attack.count(status);
      // A refusal at once must not make this process spin.
      if (status === 0 || status === 429) await attack.pause(10);
    }
  };
  await Promise.all(Array.from({ length: parallel }, (_, index) => work(index)));
  for (const session of open) session.close();
}
