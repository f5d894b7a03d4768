/**
 * Memory for many small pieces, cut from slabs: to allocate each by itself, as node does from four kilobytes on, costs more than to
 * fill it, and the garbage collector more again. A slab is held as long as any piece of it, so only what lives about as long
 * should share one.
 */
export class Slabs {
  private slab = Buffer.alloc(0);
  private used = 0;

  /** `size` of a slab, in bytes; what is larger than a third of that stands alone. */
  constructor(private readonly size: number) {}

  /** So many bytes, which hold whatever was there. */
  take(length: number): Buffer {
    if (length * 3 > this.size) return Buffer.allocUnsafeSlow(length);
    if (this.used + length > this.slab.length) {
      this.slab = Buffer.allocUnsafeSlow(this.size);
      this.used = 0;
    }
    const start = this.used;
    this.used = start + length;
    return this.slab.subarray(start, start + length);
  }
}
