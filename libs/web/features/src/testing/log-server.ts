/** Answers for the log of one container, as the API server does: what is there, and what follows for as long as it runs. */
export class LogServer {
  readonly asked: URLSearchParams[] = [];
  private lines: string[] = [];
  private followers = new Set<ReadableStreamDefaultController<Uint8Array>>();
  private second = 0;
  private refusal: Response | Error | undefined;

  readonly fetch = async (path: string): Promise<Response> => {
    const { pathname, searchParams } = new URL(path, 'http://localhost');
    if (!pathname.endsWith('/log')) return Response.json({});
    this.asked.push(searchParams);
    const { refusal } = this;
    if (refusal instanceof Error) throw refusal;
    if (refusal) return refusal;
    const found = this.found(searchParams);
    return searchParams.has('follow') ? this.followed(found) : new Response(found.join(''));
  };

  /** The container writes. */
  write(...texts: readonly string[]): void {
    const fresh = texts.map((text) => `${this.stamp()} ${text}\n`);
    this.lines.push(...fresh);
    for (const follower of this.followers) follower.enqueue(new TextEncoder().encode(fresh.join('')));
  }

  /** The container ends, and begins anew where it writes again. */
  end(): void {
    for (const follower of this.followers) follower.close();
    this.followers.clear();
  }

  beginAnew(): void {
    this.end();
    this.lines = [];
  }

  /** The way to the server is lost in the middle of an answer. */
  cut(): void {
    for (const follower of this.followers) follower.error(new TypeError('network error'));
    this.followers.clear();
  }

  /** From now on requests end so; undefined ends that. */
  refuse(refusal: Response | Error | undefined): void {
    this.refusal = refusal;
  }

  private stamp(): string {
    this.second += 1;
    return new Date(Date.UTC(2026, 0, 1) + this.second * 1_000).toISOString();
  }

  private found(params: URLSearchParams): string[] {
    const since = params.get('sinceTime') ?? '';
    // Of that second, which has been sent already, once more: a follower has to tell.
    const wanted = this.lines.filter((line) => line.slice(0, 24) >= since);
    const tail = params.get('tailLines');
    return tail === null ? wanted : wanted.slice(-Number(tail));
  }

  private followed(found: readonly string[]): Response {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        if (found.length > 0) controller.enqueue(new TextEncoder().encode(found.join('')));
        this.followers.add(controller);
      },
    });
    return new Response(body);
  }
}
