/** The visitor's side of the desk alone, for a second window or screen. */

import { DisplayStore } from '../client/display-store.ts';
import { createWebSocketClient } from '../client/index.ts';
import { NetworkStore } from '../client/network-store.ts';
import { startPage } from '../ui/page/start-page.tsx';
import { DisplayPage } from './display-page.tsx';

void startPage({
  reader: 'visitor',
  open(token, window) {
    const client = createWebSocketClient(token);
    const store = new DisplayStore(client);
    const network = new NetworkStore(client);
    const stopNetwork = network.start();
    const stopStore = store.start();
    const wake = () => client.reconnectNow();
    window.addEventListener('online', wake);
    return {
      store,
      network,
      stop() {
        window.removeEventListener('online', wake);
        stopNetwork();
        stopStore();
      },
    };
  },
  content: ({ store, network }, facts) => <DisplayPage facts={facts} store={store} network={network} />,
});
