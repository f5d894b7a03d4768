import { newTooManyRequests } from '@binnacle/machinery-meta';

/** Each is a connection to a kubelet for as long as its reader likes, and takes no seat. */
const MOST_OPEN = 500;

/** Bounds the connections to kubelets that one identity holds open at a time. */
export class OpenConnections {
  private readonly open = new Map<string, number>();

  /** `what` they are, in the plural, for who may open no more. */
  constructor(
    private readonly what: string,
    private readonly most = MOST_OPEN,
  ) {}

  /** Answers what is to be called, once or more, when the connection is over. Throws TooManyRequests. */
  enter(user: string): () => void {
    const count = this.open.get(user) ?? 0;
    if (count >= this.most)
      throw newTooManyRequests(`${user} has ${this.most} ${this.what} open already, and may open no more`, 1);
    this.open.set(user, count + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.leave(user);
    };
  }

  private leave(user: string): void {
    const left = (this.open.get(user) ?? 0) - 1;
    if (left > 0) this.open.set(user, left);
    else this.open.delete(user);
  }
}
