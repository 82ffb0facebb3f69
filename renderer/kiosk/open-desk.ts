import { storageDraft } from '../client/chat-draft.ts';
import { storageOutbox } from '../client/chat-outbox.ts';
import { DeskChats } from '../client/desk-chats.ts';
import { DeskStore } from '../client/desk-store.ts';
import { createHttpClient, createWebSocketClient, type HttpClient } from '../client/index.ts';
import { NetworkStore } from '../client/network-store.ts';
import type { Unseen } from '../ui/page/door.tsx';
import { watchInFront } from './in-front.ts';

export interface OpenDesk {
  store: DeskStore;
  chats: DeskChats;
  http: HttpClient;
  network: NetworkStore;
  /** Photos that nobody has seen and messages that nobody has read. */
  unseen: Unseen;
  /** Whether the visitor's screen could be opened beside this page. */
  openDisplay: () => boolean;
  stop: () => void;
}

/** Signs in to the server that this page came from. Made outside React, so that drawing twice never connects twice. */
export function openDesk(token: string, window: Window): OpenDesk {
  const client = createWebSocketClient(token);
  const store = new DeskStore(client);
  const network = new NetworkStore(client);
  const stopNetwork = network.start();
  const http = createHttpClient({ token });
  const chats = new DeskChats({
    client,
    upload: http.uploadFile,
    // For this tab alone: what was written, or begun, and not yet sent outlives a reload, and nobody else's visit.
    outboxOf: id => storageOutbox(window.sessionStorage, `mostrador.chat.${id}`),
    draftOf: id => storageDraft(window.sessionStorage, `mostrador.draft.${id}`),
  });
  // First, since the store connects.
  const stopChats = chats.start();
  const stop = store.start();
  const stopLooking = watchInFront(window, store.look);
  const wake = () => {
    if (window.document.visibilityState === 'visible') client.reconnectNow();
  };
  window.addEventListener('online', wake);
  window.document.addEventListener('visibilitychange', wake);
  return {
    store,
    chats,
    network,
    unseen: unseenOf(store, chats),
    openDisplay: displayOpener(token, window),
    http,
    stop: () => {
      window.removeEventListener('online', wake);
      window.document.removeEventListener('visibilitychange', wake);
      stopLooking();
      stopNetwork();
      stopChats();
      stop();
    },
  };
}

function unseenOf(store: DeskStore, chats: DeskChats): Unseen {
  return {
    subscribe(listener) {
      const stops = [store.subscribe(listener), chats.subscribe(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    getSnapshot() {
      const photos = store.getSnapshot().people.reduce((sum, { unread }) => sum + unread, 0);
      return [...chats.getSnapshot().unread.values()].reduce((sum, messages) => sum + messages, photos);
    },
  };
}

/** One at most beside this page; Electron's own window where there is Electron. The token goes in the fragment, which that page takes out of its address at once. */
function displayOpener(token: string, window: Window): () => boolean {
  let opened: Window | null = null;
  return () => {
    if (window.mostrador) {
      void window.mostrador.showDisplay();
      return true;
    }
    if (opened && !opened.closed) opened.focus();
    else opened = window.open(`/display#token=${encodeURIComponent(token)}`, '_blank', 'popup');
    return opened !== null;
  };
}
