/** Larger messages are rare, and keep no memory. */
const KEPT_BYTES = 1 << 20;
const KEPT = 4;

/** Memory for messages, used again once the socket has taken what was in it. */
export class CommitMemory {
  private readonly free: Buffer[] = [];

  take(size: number): Buffer {
    if (size > KEPT_BYTES) return Buffer.allocUnsafeSlow(size);
    const fitting = this.free.findIndex((buffer) => buffer.length >= size);
    if (fitting >= 0) return this.free.splice(fitting, 1)[0] as Buffer;
    return Buffer.allocUnsafeSlow(Math.max(1 << 16, 2 ** Math.ceil(Math.log2(size))));
  }

  giveBack(memory: Buffer): void {
    if (memory.length > KEPT_BYTES) return;
    this.free.push(memory);
    if (this.free.length > KEPT) this.free.shift();
  }
}
