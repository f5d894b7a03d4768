const INT8_OID = 20;
const TEXT_OID = 25;
const BINARY = 1;
/** Describe and Execute of the unnamed portal, then Sync, which ends the transaction. */
const RUN = Buffer.from([...[0x44, 0, 0, 0, 6, 0x50, 0], ...[0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0], ...[0x53, 0, 0, 0, 4]]);

/** Writes messages of Postgres' protocol into memory it is given, which must be large enough; all parameters are binary. */
export class MessageWriter {
  private at = 0;

  constructor(private readonly memory: Buffer) {}

  written(): Buffer {
    return this.memory.subarray(0, this.at);
  }

  /** Binds a prepared statement; each call writes one parameter's value. */
  bind(statement: string, parameters: readonly (() => void)[]): void {
    this.int8(0x42);
    this.sized(
      () => {
        this.int8(0);
        this.at += this.memory.write(statement, this.at);
        this.int8(0);
        this.int16(1);
        this.int16(BINARY);
        this.int16(parameters.length);
        for (const parameter of parameters) this.sized(parameter);
        this.int16(0);
      },
      { including: true },
    );
  }

  /** Runs what is bound, in a transaction of its own. */
  run(): void {
    this.bytes(RUN);
  }

  int8(value: number): void {
    this.at = this.memory.writeUInt8(value, this.at);
  }

  int64(value: number): void {
    this.at = this.memory.writeInt32BE(Math.floor(value / 2 ** 32), this.at);
    this.at = this.memory.writeUInt32BE(value >>> 0, this.at);
  }

  int64Array(values: readonly number[]): void {
    this.array(INT8_OID, values, (value) => {
      this.int32(8);
      this.int64(value);
    });
  }

  textArray(values: readonly string[]): void {
    this.array(TEXT_OID, values, (value) =>
      this.sized(() => {
        this.at += this.memory.write(value, this.at);
      }),
    );
  }

  /** An array of texts that are UTF-8 already. */
  bytesArray(values: readonly Buffer[]): void {
    this.array(TEXT_OID, values, (value) => {
      this.int32(value.length);
      this.bytes(value);
    });
  }

  private array<T>(oid: number, values: readonly T[], write: (value: T) => void): void {
    this.int32(1);
    this.int32(0);
    this.int32(oid);
    this.int32(values.length);
    this.int32(1);
    for (const value of values) write(value);
  }

  /** Writes the length of what follows before it. */
  private sized(write: () => void, { including = false } = {}): void {
    const start = this.at;
    this.at += 4;
    write();
    this.memory.writeInt32BE(this.at - start - (including ? 0 : 4), start);
  }

  private bytes(value: Buffer): void {
    this.at += value.copy(this.memory, this.at);
  }

  private int16(value: number): void {
    this.at = this.memory.writeInt16BE(value, this.at);
  }

  private int32(value: number): void {
    this.at = this.memory.writeInt32BE(value, this.at);
  }
}
