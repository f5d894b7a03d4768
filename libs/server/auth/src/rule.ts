/** What a subject may do. A rule names either resources or paths; `*` stands for all. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly groups?: readonly string[];
  /** Plural names, `<plural>/<subresource>` for subresources. */
  readonly resources?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly names?: readonly string[];
  /** Paths that are no resource's; a trailing `*` matches what begins alike. */
  readonly paths?: readonly string[];
}
