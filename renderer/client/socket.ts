/** The part of a WebSocket that the client uses: the browser's and the `ws` package's both fit. */
export interface Socket {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** `ws` only: lets go of a dead peer without waiting for its goodbye. */
  terminate?(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
}

export type WebSocketConstructor = new (url: string) => Socket;

/** `base` is http(s) or ws(s), with or without /ws at its end; without one the page's own origin. */
export function socketUrl(base: string | undefined): string {
  const url = serverUrl(base);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  url.pathname += 'ws';
  return url.href;
}

/** The server's address for HTTP, ending in a slash. */
export function httpUrl(base: string | undefined): string {
  const url = serverUrl(base);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'https:' : 'http:';
  return url.href;
}

function serverUrl(base: string | undefined): URL {
  const given = base ?? (typeof location === 'undefined' ? undefined : location.origin);
  if (given === undefined) throw new TypeError('Outside a browser the client needs the option url.');
  const url = new URL(given);
  url.pathname = url.pathname.replace(/\/(ws\/?)?$/, '/').replace(/([^/])$/, '$1/');
  url.search = '';
  url.hash = '';
  return url;
}
