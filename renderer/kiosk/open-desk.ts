import { DeskStore } from '../client/desk-store.ts';
import { createHttpClient, createWebSocketClient, type HttpClient } from '../client/index.ts';

export interface OpenDesk {
  store: DeskStore;
  http: HttpClient;
  stop: () => void;
}

/** Signs in to the server that this page came from. Made outside React, so that drawing twice never connects twice. */
export function openDesk(token: string, window: Window): OpenDesk {
  const client = createWebSocketClient(token);
  const store = new DeskStore(client);
  const stop = store.start();
  const wake = () => {
    if (window.document.visibilityState === 'visible') client.reconnectNow();
  };
  window.addEventListener('online', wake);
  window.document.addEventListener('visibilitychange', wake);
  return {
    store,
    http: createHttpClient({ token }),
    stop: () => {
      window.removeEventListener('online', wake);
      window.document.removeEventListener('visibilitychange', wake);
      stop();
    },
  };
}
