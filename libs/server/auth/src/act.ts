/** Something of a logical cluster that is acted on. */
export interface ResourceAct {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Of a list or watch, as it was asked with. */
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

/** What may be done in a logical cluster, by whomever. */
export interface Act {
  readonly cluster: string;
  readonly verb: string;
  /** Set for requests about resources. */
  readonly resource?: ResourceAct;
  /** Set for all other requests. */
  readonly path?: string;
}
