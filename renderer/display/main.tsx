/** The visitor's side of the desk alone, for a second window or screen. */

import { DisplayStore } from '../client/display-store.ts';
import { createWebSocketClient } from '../client/index.ts';
import { startPage } from '../ui/page/start-page.tsx';
import { DisplayPage } from './display-page.tsx';

void startPage({
  open(token, window) {
    const client = createWebSocketClient(token);
    const store = new DisplayStore(client);
    const stopStore = store.start();
    const wake = () => client.reconnectNow();
    window.addEventListener('online', wake);
    return {
      store,
      stop() {
        window.removeEventListener('online', wake);
        stopStore();
      },
    };
  },
  content: ({ store }, facts) => <DisplayPage facts={facts} store={store} />,
});
