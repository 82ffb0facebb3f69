/** The one thing that crosses between the desk's page and the main process; preload and IPC agree on it here. */

/** Asks for the operator token, without arguments; answers a string, or rejects. */
export const operatorTokenChannel = 'mostrador:operator-token';

/** `window.mostrador` in the desk's page. */
export interface Bridge {
  /** Rejects for any page but our own. */
  operatorToken(): Promise<string>;
}
