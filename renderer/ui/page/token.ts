/** The operator's token: from Electron's preload, else from the address's fragment, kept for this tab. (TRUST, "Rules at the edge".) */
const key = 'mostrador.token';

/** Takes a fragment's token out of the address bar at once, before anything can be slow or fail. */
export async function findToken(window: Window): Promise<string | null> {
  const fragment = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (fragment) {
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    keepToken(window, fragment);
    return fragment;
  }
  // Where Electron's main process cannot say, the sign-in still can.
  if (window.mostrador) return window.mostrador.operatorToken().catch(() => null);
  return window.sessionStorage.getItem(key);
}

export function keepToken(window: Window, token: string): void {
  window.sessionStorage.setItem(key, token);
}

export function forgetToken(window: Window): void {
  window.sessionStorage.removeItem(key);
}
