/** What crosses between the desk's page and the main process; preload and IPC agree on it here. */

/** Asks for the operator token, without arguments; answers a string, or rejects. */
export const operatorTokenChannel = 'mostrador:operator-token';

/** Asks whether the app can open with the computer, without arguments; answers a boolean, or rejects. */
export const canAutostartChannel = 'mostrador:can-autostart';

/** Opens the visitor's screen, without arguments; answers nothing, or rejects. */
export const showDisplayChannel = 'mostrador:show-display';

/** `window.mostrador` in the desk's page. */
export interface Bridge {
  /** Rejects for any page but our own. */
  operatorToken(): Promise<string>;
  /** Whether the setting of that name has an effect here. Rejects for any page but our own. */
  canAutostart(): Promise<boolean>;
  /** The page may open no window by itself. Rejects for any page but our own. */
  showDisplay(): Promise<void>;
}
