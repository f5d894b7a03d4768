/** Tells the line of a place in a text. */
export class Lines {
  private starts: number[] | undefined;

  constructor(private readonly text: string) {}

  /** 1-based. */
  at(place: number): number {
    const starts = (this.starts ??= this.find());
    let [low, high] = [0, starts.length];
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= place) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  private find(): number[] {
    const starts = [0];
    for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
}
