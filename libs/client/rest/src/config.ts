/** Where the API server is and who to be there. Certificates and keys are PEM text. */
export interface ClientConfig {
  /** For example `https://127.0.0.1:6443`. */
  readonly server: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  readonly serverName?: string;
  readonly insecureSkipTlsVerify?: boolean;
  /** The logical cluster; the server's default one when left out. */
  readonly cluster?: string;
  /** The program's name, shown to the server as its user agent. */
  readonly userAgent?: string;
}
