// Clients that write without pause and remember what they were told.
import { pause } from './machine.mjs';

/** No two loads of a run write the same object. */
let turns = 0;

export class Load {
  constructor(machine, writers = 4) {
    Object.assign(this, { machine, writers, acknowledged: new Map(), told: new Map(), running: false });
  }

  start() {
    this.running = true;
    this.last = performance.now();
    this.longest = 0;
    this.loops = Array.from({ length: this.writers }, () => this.loop());
  }

  async stop() {
    this.running = false;
    await Promise.all(this.loops ?? []);
  }

  async loop() {
    while (this.running) {
      const name = `w-${(turns += 1)}`;
      const value = `${name} ${'x'.repeat(4_000)}`;
      const { status, text } = await this.machine.write(name, value);
      if (status === 201) this.stored(name, value);
      else this.refused(status, text);
      await pause(status === 201 ? 10 : 100);
    }
  }

  stored(name, value) {
    this.acknowledged.set(name, value);
    this.longest = Math.max(this.longest, performance.now() - this.last);
    this.last = performance.now();
  }

  refused(status, text) {
    const message = status === 0 ? 'no answer' : `${status} ${messageOf(text)}`;
    this.told.set(message, (this.told.get(message) ?? 0) + 1);
  }
}

function messageOf(text) {
  try {
    return JSON.parse(text).message;
  } catch {
    return text.slice(0, 80);
  }
}
