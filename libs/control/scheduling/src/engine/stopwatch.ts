import type { Instruments, PluginRun } from '../framework/instruments.js';

/** Times what plugins do, for the attempts that are sampled. */
export class Stopwatch {
  constructor(private readonly instruments: Instruments) {}

  time<T>(plugin: string, point: string, run: () => T, statusOf: (answer: T) => PluginRun['status']): T {
    const began = this.instruments.now();
    const answer = run();
    this.instruments.ran({ plugin, point, status: statusOf(answer), seconds: this.instruments.now() - began });
    return answer;
  }

  /** The same for what takes its time; what it throws is an error of the plugin's. */
  async timeAll<T>(plugin: string, point: string, run: () => Promise<T>): Promise<T> {
    const began = this.instruments.now();
    let status: PluginRun['status'] = 'Error';
    try {
      const answer = await run();
      status = 'Success';
      return answer;
    } finally {
      this.instruments.ran({ plugin, point, status, seconds: this.instruments.now() - began });
    }
  }
}
