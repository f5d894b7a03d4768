/** Since when volumes that are attached to nodes have not been wanted there. Lost when the program ends, as upstream's. */
export class UnwantedSince {
  private readonly nodes = new Map<string, Map<string, number>>();

  /** Takes note of those that are attached to a node and wanted by none of its Pods now. */
  note(node: string, unwanted: ReadonlySet<string>, now: number): void {
    const known = this.nodes.get(node);
    if (unwanted.size === 0) return void this.nodes.delete(node);
    this.nodes.set(node, new Map([...unwanted].map((volume) => [volume, known?.get(volume) ?? now])));
  }

  /** Milliseconds; 0 for what is not known. */
  milliseconds(node: string, volume: string, now: number): number {
    return now - (this.nodes.get(node)?.get(volume) ?? now);
  }
}
