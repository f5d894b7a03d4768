// The replicas as their parent sees them: child processes that are killed and started again.
import { fork } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, 'replica.mjs');
export const now = () => Number(process.hrtime.bigint() / 1000n);

export class Replicas {
  constructor({ count, databaseUrl, cluster, onWatch, onWatchEnd }) {
    this.options = { databaseUrl, cluster, onWatch, onWatchEnd };
    this.slots = Array.from({ length: count }, () => undefined);
    this.request = 0;
    this.closed = false;
  }

  async start() {
    await Promise.all(this.slots.map((_, slot) => this.startOne(slot)));
  }

  startOne(slot) {
    const child = fork(SCRIPT, [this.options.databaseUrl, this.options.cluster], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const replica = { child, waiting: new Map(), watchers: new Set(), ready: false };
    this.slots[slot] = replica;
    child.on('exit', () => this.ended(slot, replica));
    return new Promise((resolve) => {
      child.on('message', (message) => {
        if (message.ready) {
          replica.ready = true;
          resolve();
        } else this.heard(replica, message);
      });
      child.on('exit', resolve);
    });
  }

  heard(replica, message) {
    if (message.reply !== undefined) {
      replica.waiting.get(message.reply)?.(message);
      replica.waiting.delete(message.reply);
    } else if (message.error) {
      if (replica.watchers.delete(message.watcher)) this.options.onWatchEnd(message.watcher, message.error);
    } else this.options.onWatch(message);
  }

  ended(slot, replica) {
    replica.ready = false;
    for (const answer of replica.waiting.values()) answer({ error: 'killed' });
    replica.waiting.clear();
    for (const watcher of replica.watchers) this.options.onWatchEnd(watcher, 'killed');
    replica.watchers.clear();
    if (!this.closed && this.slots[slot] === replica) void this.startOne(slot);
  }

  /** A replica that is up, by turns; undefined when there is none. */
  pick(turn) {
    const ready = this.slots.filter((replica) => replica?.ready);
    return ready[turn % Math.max(1, ready.length)];
  }

  call(replica, message) {
    const request = (this.request += 1);
    return new Promise((resolve) => {
      replica.waiting.set(request, resolve);
      if (replica.child.connected)
        replica.child.send({ ...message, request }, (error) => error && resolve({ error: 'killed' }));
      else resolve({ error: 'killed' });
    });
  }

  watch(replica, watcher, after) {
    replica.watchers.add(watcher);
    replica.child.send({ do: 'watch', watcher, after }, () => undefined);
  }

  kill(slot) {
    this.slots[slot]?.child.kill('SIGKILL');
  }

  close() {
    this.closed = true;
    for (const replica of this.slots) replica?.child.kill('SIGKILL');
  }
}
