/** Values by what they were made of: what is equal is one object, for as long as somebody holds it. */
export class Shared<T extends object> {
  private readonly values = new Map<string, WeakRef<T>>();
  private readonly gone = new FinalizationRegistry<string>((key) => {
    if (!this.values.get(key)?.deref()) this.values.delete(key);
  });

  /** The value of the key, made where nobody holds one. */
  get(key: string, make: () => T): T {
    const known = this.values.get(key)?.deref();
    if (known) return known;
    const value = make();
    this.values.set(key, new WeakRef(value));
    this.gone.register(value, key);
    return value;
  }

  /** Makes the value of the key anew when it is next asked for. */
  forget(key: string): void {
    this.values.delete(key);
  }
}
