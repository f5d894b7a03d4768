/** What so many bits a second get through, whoever sends them: all that pass share it. */
export class Meter {
  /** When the last bit of what went before has passed. */
  private free = 0;

  /** `rate` in bits a second. */
  constructor(private readonly rate: number) {}

  /** When bytes have passed that come now. */
  pass(now: number, bytes: number): number {
    this.free = Math.max(this.free, now) + (bytes * 8_000) / this.rate;
    return this.free;
  }
}
